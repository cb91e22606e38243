"""Of several challengers for one place only one comes to serve."""

import numpy as np

from flywheel.learning.challenge import Challenge
from flywheel.learning.gate import Decision, Verdict, judge
from flywheel.learning.trial import Trial
from flywheel.measurement.lessons import _one_per_place


def challenge(learner: str, slot: str, gain: float) -> tuple[Challenge, Verdict]:
    """Return a challenger that gains so much on 300 questions of 30 persons, and its verdict."""
    champion = np.full(300, 0.4)
    noise = np.random.default_rng(1).normal(0, 0.1, 300)
    trial = Trial(learner, champion, champion + gain + noise, np.arange(300) % 30, np.ones(300, dtype=np.bool_))
    return Challenge(learner, slot, f"{learner}-id", {}, trial, {}), judge([trial], seed=1)[0]


def decided(*tried: tuple[Challenge, Verdict]) -> list[Verdict]:
    """Return the verdicts after places were given."""
    return _one_per_place([one for one, _ in tried], [verdict for _, verdict in tried])


def test_the_one_that_gains_most_serves_and_the_other_is_told_why_not() -> None:
    linear, trees = decided(challenge("reranker", "reranker", 0.05), challenge("lambdamart", "reranker", 0.1))

    assert (linear.decision, trees.decision) == (Decision.HELD, Decision.RELEASED)
    assert linear.reason.startswith("lambdamart gains more in the same place.")


def test_challengers_for_different_places_do_not_stand_in_each_others_way() -> None:
    verdicts = decided(challenge("reranker", "reranker", 0.05), challenge("memory", "memory", 0.1))

    assert [one.decision for one in verdicts] == [Decision.RELEASED, Decision.RELEASED]


def test_one_that_was_held_keeps_its_own_reason() -> None:
    held, _ = decided(challenge("reranker", "reranker", -0.1), challenge("lambdamart", "reranker", 0.1))

    assert "it is not better" in held.reason
