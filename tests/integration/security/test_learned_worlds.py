"""Nobody reads what they may not through what was learned: memory, adapter, priors and the few-shot library serve.

The companies are those of `test_random_worlds.py`. What serves here has learned from everything, as if all of it had
been public once; then people move and documents change their readers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flywheel.answering import manner
from flywheel.answering.prompt import Example
from flywheel.core import Core
from flywheel.learning.shadow import shadow
from flywheel.registry import Outcome, Release
from flywheel.retrieval.arrays import packed
from flywheel.retrieval.search import shortlist
from flywheel.store import releases
from flywheel.store.arms import Champion
from tests.integration.security.test_random_worlds import (
    DOCUMENTS,
    Parrot,
    answered,
    asked_at_random,
    searched,
    stored,
    turn_over,
)
from tests.integration.security.worlds import SEEDS, Reader, World, add_documents, name_of, text_of, world_at_random
from tests.parts import make_core


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def world(request: pytest.FixtureRequest) -> World:
    return world_at_random(request.param)


@pytest.fixture
def core(world: World, tmp_path: Path) -> Iterator[Core]:
    """Yield a core that has learned from every document, whoever may read it."""
    made = make_core(tmp_path, directory=world.people)
    add_documents(world, made, DOCUMENTS)
    yield made
    made.database.close()


def test_searches_with_all_that_was_learned_show_only_what_may_be_read(world: World, core: Core) -> None:
    serve(core, learned(world, core, sorted(world.access)))
    before, missed, _ = searched(world, core, sorted(world.access)[:8])
    turn_over(world, core)
    after, _, _ = searched(world, core, sorted(world.access)[:8])

    assert (before, missed, after) == ([], [], [])


def test_answers_with_all_that_was_learned_show_only_what_may_be_read(world: World, core: Core) -> None:
    serve(core, learned(world, core, sorted(world.access)))
    turn_over(world, core)
    leaks = []
    for reader, handle in asked_at_random(world, 20):
        answer = answered(core, world, reader, handle)
        leaks += world.leaked(reader, [answer, stored(core, answer)])

    assert leaks == []


def test_a_model_is_shown_only_examples_of_what_the_asker_may_read(world: World, core: Core) -> None:
    serve(core, learned(world, core, sorted(world.access)))
    turn_over(world, core)
    parrot = Parrot()
    leaks = []
    for reader, handle in asked_at_random(world, 25):
        parrot.heard.clear()
        answer = answered(replace(core, language_model=parrot), world, reader, handle)
        leaks += world.leaked(reader, [answer, parrot.heard])

    assert leaks == []


def test_what_is_remembered_of_others_changes_no_score(world: World, core: Core) -> None:
    readers, asked = world.readers(), sorted(world.access)[0]
    plain = [scores(core, world, one, asked) for one in readers]
    different = []
    for reader, before in zip(readers, plain, strict=True):
        hidden = [handle for handle in sorted(world.access) if not world.may_read(reader, handle)]
        if hidden:
            serve(core, {"memory": memory(world, core, hidden)})
            different += [reader] if scores(core, world, reader, asked) != before else []

    assert different == []


def test_a_challenger_that_answers_in_the_shadow_leaves_nothing_but_counts(world: World, core: Core) -> None:
    for reader, handle in asked_at_random(world, 10):
        answered(core, world, reader, handle)
    artefact = memory(world, core, sorted(world.access))

    told = shadow(core, Champion(releases.identity("memory", artefact), "memory", artefact)).told()

    assert told["n"]
    assert "secret" not in repr(told)


def serve(core: Core, artefacts: dict[str, dict[str, object]]) -> None:
    """Let artefacts serve, by learner."""
    with core.database.begin() as db:
        for learner, artefact in artefacts.items():
            name = releases.identity(learner, artefact)
            made = Release(name, learner, artefact, {}, "s", core.now(), Outcome.HELD, serving=False)
            releases.put(db, made)
            releases.promote(db, name)


def learned(world: World, core: Core, handles: Sequence[str]) -> dict[str, dict[str, object]]:
    """Return what has learned that each of these documents answers its question, by learner."""
    questions = [question(handle) for handle in handles]
    vectors = core.encoder.encode(questions)
    targets = core.encoder.encode([text_of(world, one) for one in handles])
    turn = {"rank": len(handles), "left": packed(targets.T), "right": packed(0.2 * vectors)}
    examples = [
        Example(asked, f"{text_of(world, one)} [1]", (passage(world, one),))
        for asked, one in zip(questions, handles, strict=True)
    ]
    size, encoder = core.encoder.dimensions, core.encoder.name
    return {
        "memory": memory(world, core, handles),
        "adapter": {"encoder": encoder, "dimensions": size, "share": 1.0, "turns": {"": turn}},
        "priors": {"weight": 1.0, "passages": {passage(world, one): 1.0 for one in handles}, "sources": {"tests": 1.0}},
        manner.EXAMPLES: manner.packed(encoder, examples, vectors),
    }


def memory(world: World, core: Core, handles: Sequence[str]) -> dict[str, object]:
    """Return a memory in which the question about each of these documents wanted it, and all the others a little."""
    votes = np.eye(len(handles)) + 0.2
    return {
        "encoder": core.encoder.name,
        "dimensions": core.encoder.dimensions,
        "bandwidth": 1.5,
        "gain": 4.0,
        "passages": [passage(world, one) for one in handles],
        "count": len(handles),
        "known": len(handles),
        "questions": packed(core.encoder.encode([question(one) for one in handles])),
        "votes": packed(votes),
        "judged_votes": packed(votes),
    }


def question(handle: str) -> str:
    return f"What is the {handle} rule?"


def passage(world: World, handle: str) -> str:
    return f"{name_of(world, handle)}:0"


def scores(core: Core, world: World, reader: Reader, handle: str) -> list[tuple[str, float]]:
    found = shortlist(core, question(handle), world.audience(reader))
    return [(hit.passage_id, hit.score) for hit in found.hits]
