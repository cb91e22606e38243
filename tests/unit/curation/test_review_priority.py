"""The queue asks first what would change the gate's decision, as the gate itself bears out."""

from dataclasses import replace

import numpy as np
import pytest

from flywheel.curation.review_priority import GATE, gate_influences, priority
from flywheel.curation.split import Split
from flywheel.learning.challenge import Challenge
from flywheel.learning.gate import Decision, Verdict, judge
from flywheel.learning.trial import Trial
from flywheel.measurement import evidence
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.parts import MOMENT

PLANTED = "q17"


def trial(differences: np.ndarray) -> Trial:
    """Return a trial of questions q0, q1, … of twenty persons."""
    n = len(differences)
    champion = np.full(n, 0.4)
    names = tuple(f"q{number}" for number in range(n))
    return Trial(
        "fusion", champion, champion + differences, np.arange(n) % 20, np.ones(n, np.bool_), question_ids=names
    )


def told(made: Trial, verdict: Verdict) -> dict[str, object]:
    """Return a turn's evidence of one learner."""
    parts = Split((), (), None, 0, 0)
    challenge = Challenge("fusion", "fusion", "m1", {}, made, {})
    return {"learners": {"fusion": evidence.of_verdict(verdict, challenge, parts, None)}}


def differences() -> np.ndarray:
    """Return sixty small gains and losses, and one large gain on which a release hangs."""
    made = np.random.default_rng(0).normal(0.025, 0.05, 60)
    made[int(PLANTED[1:])] = 0.4
    return made


def decided(made: np.ndarray) -> Decision:
    (verdict,) = judge([trial(made)], seed=1)
    return verdict.decision


def turned(question: str) -> np.ndarray:
    """Return the differences with one question's label turned round."""
    made = differences()
    made[int(question[1:])] *= -1
    return made


@pytest.fixture(scope="module")
def influences() -> dict[str, float]:
    made = trial(differences())
    (verdict,) = judge([made], seed=1)
    return gate_influences(told(made, verdict))


def item(kind: ReviewKind = ReviewKind.SAMPLE, **detail: object) -> ReviewItem:
    return ReviewItem("i", kind, "a1", MOMENT, detail=detail)


def test_the_item_that_changes_the_decision_is_asked_first(influences: dict[str, float]) -> None:
    assert max(influences, key=lambda question: influences[question]) == PLANTED
    assert influences[PLANTED] >= 1


def test_the_gate_itself_would_decide_otherwise_without_it() -> None:
    assert decided(differences()) is not Decision.HELD
    assert decided(turned(PLANTED)) is Decision.HELD


def test_what_changes_nothing_by_itself_has_less_than_the_whole_way(influences: dict[str, float]) -> None:
    others = sorted((one for one in influences if one != PLANTED), key=lambda one: -influences[one])

    assert all(influences[one] < 1 for one in others)
    assert decided(turned(others[0])) is not Decision.HELD


def test_what_only_confirms_the_decision_has_no_influence(influences: dict[str, float]) -> None:
    losses = [f"q{number}" for number, one in enumerate(differences()) if one < 0]

    assert {influences[one] for one in losses} == {0.0}


def test_a_challenger_that_could_not_be_tested_moves_nothing() -> None:
    made = trial(differences()[:20])
    (verdict,) = judge([made], seed=1)

    assert gate_influences(told(made, verdict)) == {}


def test_without_a_turn_there_is_no_influence() -> None:
    assert gate_influences({}) == {}


def test_a_decision_comes_before_all_uncertainty() -> None:
    linked = priority(item(confidence=0.99), influence=0.2, volume=1)

    assert linked > priority(item(confidence=0.5), influence=0.0, volume=1_000)
    assert linked > 0.2 * GATE


def test_what_is_asked_often_comes_before_what_is_asked_once() -> None:
    assert priority(item(confidence=0.5), 0.0, 9) > priority(item(confidence=0.5), 0.0, 1)


def test_what_is_known_least_comes_first() -> None:
    beliefs = [priority(item(ReviewKind.DOUBTED, belief=one), 0.0, 1) for one in (0.05, 0.45)]

    assert beliefs == sorted(beliefs)


def test_what_was_ranked_is_never_taken_for_unranked() -> None:
    assert priority(item(ReviewKind.QUARANTINE, trust=0.0), 0.0, 0) > 0


def test_an_alarm_waits_behind_no_certain_sample() -> None:
    alarm = replace(item(ReviewKind.ALARM), detail={"count": 40})

    assert priority(alarm, 0.0, 0) > priority(item(confidence=0.95), 0.0, 5)
