"""Search with a memory, an adapter and priors: what they bring, and what they must not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flywheel.core import Core
from flywheel.model import PUBLIC, Audience
from flywheel.retrieval import champions, search
from flywheel.retrieval.adapter import QueryAdapter
from flywheel.retrieval.arrays import packed
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.hybrid import Ranked
from flywheel.retrieval.memory import QuestionMemory
from flywheel.retrieval.priors import Priors
from flywheel.retrieval.reranking import Reranker
from tests.parts import know, make_core

QUESTION = "laptop broken again"
SECRET = frozenset({"channel:C9"})


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """Yield a core that knows a page with the question's words, one without them, and a secret one."""
    made = make_core(tmp_path)
    know(made, "words.md", "a laptop is broken when it is broken")
    know(made, "desk.md", "the service desk is open from nine")
    know(made, "secret.md", "prototype hardware list", access=SECRET)
    yield made
    made.database.close()


def remembering(core: Core, passage_id: str, gain: float = 4.0) -> QuestionMemory:
    """Return a memory in which `QUESTION` wanted one passage."""
    vector = core.encoder.encode([QUESTION])
    votes = packed(np.ones((1, 1)))
    return QuestionMemory.of(
        {
            "encoder": core.encoder.name,
            "dimensions": core.encoder.dimensions,
            "bandwidth": 1.5,
            "gain": gain,
            "passages": [passage_id],
            "count": 1,
            "known": 1,
            "questions": packed(vector),
            "votes": votes,
            "judged_votes": votes,
        }
    )


def found(
    core: Core, serving: Champions, question: str = QUESTION, *, labels: frozenset[str] = frozenset()
) -> list[Ranked]:
    """Return what is found for a question by an audience with these labels."""
    audience = Audience(frozenset({PUBLIC}) | labels)
    vector = core.encoder.encode([question])[0]
    plan = search.planned(core, question, vector, audience)
    return search.found_by(core, search.inquired(question, vector, audience, 10, plan), serving)


def defaults(core: Core) -> Champions:
    """Return what serves before anything was learned."""
    with core.database.read() as db:
        return champions.read(db)


def test_a_remembered_passage_comes_first_though_it_shares_no_word(core: Core) -> None:
    plain, remembered = defaults(core), replace(defaults(core), memory=remembering(core, "desk.md:0"))

    assert found(core, plain)[0].passage.id == "words.md:0"
    assert found(core, remembered)[0].passage.id == "desk.md:0"


def test_memory_brings_nothing_that_the_audience_may_not_read(core: Core) -> None:
    serving = replace(defaults(core), memory=remembering(core, "secret.md:0"))

    assert "secret.md:0" not in [one.passage.id for one in found(core, serving)]
    assert found(core, serving, labels=SECRET)[0].passage.id == "secret.md:0"


def test_memory_leaves_a_question_that_is_like_none_before_as_it_was(core: Core) -> None:
    serving = replace(defaults(core), memory=remembering(core, "words.md:0", gain=0.3))
    question = "service desk open"

    assert [one.score for one in found(core, serving, question)] == [
        one.score for one in found(core, defaults(core), question)
    ]


def test_memory_of_another_encoder_does_not_serve(core: Core) -> None:
    serving = replace(defaults(core), memory=replace(remembering(core, "desk.md:0"), encoder="another"))

    assert found(core, serving)[0].passage.id == "words.md:0"


def test_memory_counts_beside_a_reranker_that_never_heard_of_it(core: Core) -> None:
    reranker = Reranker.of({"features": ["bm25_norm"], "mean": [0.0], "scale": [1.0], "weights": [1.0]})
    serving = replace(defaults(core), reranker=reranker, memory=remembering(core, "desk.md:0"))

    assert found(core, serving)[0].passage.id == "desk.md:0"


def test_what_was_voted_is_stored_with_every_hit(core: Core) -> None:
    serving = replace(defaults(core), memory=remembering(core, "desk.md:0", gain=0.5))

    voted = {one.passage.id: one.features["voted"] for one in found(core, serving)}

    assert voted == {"desk.md:0": pytest.approx(0.5, abs=1e-3), "words.md:0": 0.0}


def test_scores_stay_between_0_and_1(core: Core) -> None:
    serving = replace(defaults(core), memory=remembering(core, "desk.md:0"))

    assert all(0 <= one.score <= 1 for one in found(core, serving))


def test_a_prior_lifts_a_passage_that_people_were_glad_of(core: Core) -> None:
    lifting = Priors.of({"weight": 1.0, "passages": {"desk.md:0": 5.0}, "sources": {}})

    assert found(core, replace(defaults(core), priors=lifting))[0].passage.id == "desk.md:0"


def test_an_adapter_turns_the_dense_search_alone(core: Core) -> None:
    target = core.encoder.encode(["the service desk is open from nine"])[0]
    asked = core.encoder.encode([QUESTION])[0]
    turn = {"rank": 1, "left": packed(3 * target[:, None]), "right": packed(asked[None, :])}
    size = core.encoder.dimensions
    adapter = QueryAdapter.of({"encoder": core.encoder.name, "dimensions": size, "share": 1.0, "turns": {"": turn}})

    turned = {one.passage.id: one.features for one in found(core, replace(defaults(core), adapter=adapter))}
    plain = {one.passage.id: one.features for one in found(core, defaults(core))}

    assert turned["desk.md:0"]["dense"] > 0.9 > plain["desk.md:0"]["dense"]
    assert turned["words.md:0"]["bm25"] == plain["words.md:0"]["bm25"]
