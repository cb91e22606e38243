"""What people pointed at when the like was asked before is answered, though it shares no word with the question."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.learning import release
from flywheel.learning.gate import Decision
from flywheel.model import Answer, Audience, Surface
from flywheel.registry import Outcome, Release
from flywheel.retrieval.arrays import packed
from flywheel.store.releases import identity
from tests.parts import MOMENT, know, make_core

QUESTION = "the gizmo again, what now"


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """Yield a core whose pages never speak of a gizmo."""
    made = make_core(tmp_path)
    know(made, "desk.md", "Send defective devices to the service desk in room 12.")
    know(made, "lunch.md", "Lunch is served from noon until two.")
    yield made
    made.database.close()


def remember(core: Core, passage_id: str, vote: float) -> None:
    """Let a memory serve in which the question has given a passage a vote."""
    votes = packed(np.full((1, 1), vote))
    artefact = {
        "encoder": core.encoder.name,
        "dimensions": core.encoder.dimensions,
        "bandwidth": 1.5,
        "gain": 3.0,
        "passages": [passage_id],
        "count": 1,
        "known": 1,
        "questions": packed(core.encoder.encode([QUESTION])),
        "votes": votes,
        "judged_votes": votes,
    }
    made = Release(identity("memory", artefact), "memory", artefact, {}, "s", MOMENT, Outcome.HELD, serving=False)
    with core.database.begin() as db:
        release.settle(db, made, None, MOMENT, Decision.RELEASED)


def asked(core: Core, question: str = QUESTION) -> Answer:
    """Ask, and return the answer."""
    return ask(core, Asking(question, "U1", Surface.API, Audience.everyone(), f"q {question}"))


def test_what_nobody_has_pointed_at_is_not_found(core: Core) -> None:
    assert asked(core).abstained


def test_what_most_have_pointed_at_is_answered_from_that_passage_alone(core: Core) -> None:
    remember(core, "desk.md:0", 0.9)

    answer = asked(core)

    assert "service desk in room 12" in answer.text
    assert [one.passage_id for one in answer.citations] == ["desk.md:0"]
    assert answer.confidence == pytest.approx(0.9, abs=0.01)


def test_what_few_have_pointed_at_is_no_answer(core: Core) -> None:
    remember(core, "desk.md:0", 0.3)

    assert asked(core).abstained


def test_a_question_like_none_before_is_no_answer(core: Core) -> None:
    remember(core, "desk.md:0", 0.9)

    assert asked(core, "penguins in winter").abstained


def test_the_trace_says_that_people_pointed_at_it(core: Core) -> None:
    remember(core, "desk.md:0", 0.9)

    assert any("people pointed at" in line for line in asked(core).trace)
