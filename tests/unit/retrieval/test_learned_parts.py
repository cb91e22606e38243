"""The memory, the adapter, the priors and the thresholds of verified answers, as they serve, on arrays made by hand."""

import numpy as np
import pytest

from flywheel.errors import ArtefactError
from flywheel.retrieval.adapter import QueryAdapter
from flywheel.retrieval.arrays import packed, unpacked
from flywheel.retrieval.memory import QuestionMemory
from flywheel.retrieval.priors import Priors
from flywheel.retrieval.repeats import Repeats
from flywheel.routing.router import ANSWERS

EAST = np.array([1.0, 0.0], dtype=np.float32)
NORTH = np.array([0.0, 1.0], dtype=np.float32)

REMEMBERED: dict[str, object] = {
    "encoder": "e",
    "dimensions": 2,
    "bandwidth": 1.5,
    "gain": 0.5,
    "passages": ["vpn", "wifi"],
    "count": 2,
    "known": 1,
    "questions": packed(np.array([EAST, NORTH])),
    "votes": packed(np.array([[1.0, 0.0], [0.0, 1.0]])),
    "judged_votes": packed(np.array([[1.0, 0.0]])),
}
TURN = {"rank": 1, "left": packed(np.array([[0.0], [1.0]])), "right": packed(np.array([[1.0, 0.0]]))}
TURNED: dict[str, object] = {"encoder": "e", "dimensions": 2, "share": 1.0, "turns": {"": TURN}}


def test_the_nearest_question_votes_loudest() -> None:
    voted = QuestionMemory.of(REMEMBERED).voted(EAST)

    assert voted["vpn"] == pytest.approx(0.5)
    assert voted.get("wifi", 0.0) == pytest.approx(0.5 * np.exp(-3), abs=1e-3)


@pytest.mark.parametrize(("gain", "share"), [(2.0, 0.25), (0.25, 1.0), (0.0, 0.0)])
def test_the_share_of_the_votes_is_what_they_are_worth_without_the_gain(gain: float, share: float) -> None:
    assert QuestionMemory.of({**REMEMBERED, "gain": gain}).share(0.5) == share


def test_a_question_like_none_before_brings_nothing() -> None:
    assert QuestionMemory.of(REMEMBERED).voted(-(EAST + NORTH) / np.float32(np.sqrt(2))) == {}


def test_the_judged_memory_knows_the_older_questions_only() -> None:
    judged = QuestionMemory.of(REMEMBERED).judged

    assert judged.voted(NORTH).keys() == {"vpn"}


@pytest.mark.parametrize(
    "change",
    [{"passages": "vpn"}, {"count": 3}, {"known": -1}, {"gain": "loud"}, {"questions": "?"}, {"votes": None}],
)
def test_a_memory_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        QuestionMemory.of({**REMEMBERED, **change})


def test_an_adapter_turns_a_question_and_keeps_its_length() -> None:
    turned = QueryAdapter.of(TURNED).turned(EAST)

    assert turned == pytest.approx(np.array([1, 1]) / np.sqrt(2), abs=1e-3)


def test_a_kind_with_a_turn_of_its_own_is_turned_by_that() -> None:
    still = {"rank": 1, "left": packed(np.zeros((2, 1))), "right": packed(np.zeros((1, 2)))}
    adapter = QueryAdapter.of({**TURNED, "turns": {"": TURN, "code": still}})

    assert adapter.turned(EAST, "code") == pytest.approx(EAST)


@pytest.mark.parametrize("change", [{"turns": {}}, {"turns": {"": 1}}, {"share": 2.0}, {"dimensions": 3}])
def test_an_adapter_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        QueryAdapter.of({**TURNED, **change})


def test_a_prior_adds_what_the_passage_and_its_source_are_worth() -> None:
    priors = Priors.of({"weight": 0.1, "passages": {"p": 2.0}, "sources": {"wiki": -1.0}})

    assert priors.prior("p", "wiki") == pytest.approx(0.1)
    assert priors.prior("new", "new") == 0


def test_an_answer_that_was_refused_needs_a_nearer_question() -> None:
    repeats = Repeats.of({"shifts": {"bad": -1.0}})

    assert repeats.probability("bad", 0.7) < ANSWERS.probability(0.7)
    assert repeats.probability("new", 0.7) == pytest.approx(ANSWERS.probability(0.7))


def test_an_array_comes_back_in_its_shape() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)

    assert np.array_equal(unpacked(packed(array), (2, 3)), array)


def test_an_array_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ArtefactError):
        unpacked(packed(np.array([[np.inf]])), (1, 1))
