"""Whether the wheel is seen to win, to stall, or to starve."""

from typing import Any

import pytest

from flywheel.measurement.understanding.stall import State, of


def tried(decision: str = "held", *, n: int = 200, gain: float = 0.004, tested: bool = True) -> dict[str, Any]:
    """Return what a turn says of a learner that was tried; a gain of .04 could have been seen."""
    return {
        "decision": decision,
        "challenger": {"id": "ranker_1"},
        "n_heldout": n,
        "difference": gain,
        "smallest": 0.04,
        "tested": tested,
        "metric": "nDCG@10",
    }


UNTRIED: dict[str, Any] = {"decision": "held", "challenger": None, "n_heldout": 12}


def test_a_release_in_the_last_four_turns_is_winning() -> None:
    history = [{"ranker": tried("released")}, *[{"ranker": tried()}] * 3]

    assert of(history).state is State.WINNING


def test_a_release_five_turns_ago_does_not_count() -> None:
    history = [{"ranker": tried("released")}, *[{"ranker": tried()}] * 4]

    assert of(history).state is State.STALLED


def test_turns_with_nothing_to_test_starve() -> None:
    history = [{"ranker": tried(n=20, tested=False)}] * 4

    assert of(history).state is State.STARVING


def test_learners_that_were_never_tried_starve() -> None:
    found = of([{"ranker": UNTRIED}] * 4)

    assert (found.state, found.learners) == (State.STARVING, ())


@pytest.mark.parametrize("count", [0, 1, 3])
def test_fewer_than_four_turns_say_nothing(count: int) -> None:
    assert of([{"ranker": tried()}] * count).state is State.YOUNG


def test_what_is_missing_grows_with_the_square_of_what_is_sought() -> None:
    (learner,) = of([{"ranker": tried(n=200, gain=0.02)}]).learners

    assert learner.missing == 200 * 4 - 200


def test_a_gain_below_a_hundredth_is_sought_as_a_hundredth() -> None:
    (learner,) = of([{"ranker": tried(n=200, gain=0.001)}]).learners

    assert learner.missing == 200 * 16 - 200


def test_the_nearest_gain_is_that_of_the_learner_that_lacks_least() -> None:
    nearest = of([{"ranker": tried(gain=0.02), "fusion": tried(gain=0.03), "priors": tried(gain=-0.1)}]).nearest

    assert getattr(nearest, "name", None) == "fusion"


def test_a_learner_that_loses_is_not_near_to_a_gain() -> None:
    assert of([{"ranker": tried(gain=-0.01)}]).nearest is None
