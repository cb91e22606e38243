"""Looking at two arms as often as one likes: false alarms stay rare, harm is seen, and persons are the witnesses."""

import numpy as np
import pytest

from flywheel.learning.confidence_sequence import ENOUGH_PERSONS, ENOUGH_SAID, compare, margin
from tests.benchmarks.canary import World, alarm

YES, NO = 1.0, 0.0


def test_looking_a_hundred_times_raises_few_false_alarms() -> None:
    rng = np.random.default_rng(1)

    alarms = [alarm(World(votes_per_look=3), rng) for _ in range(60)]

    assert sum(one is not None for one in alarms) <= 3


def test_harm_is_seen_while_it_is_young() -> None:
    rng = np.random.default_rng(2)

    votes = [alarm(World(harm=0.5), rng) for _ in range(20)]

    seen = [one for one in votes if one is not None]
    assert len(seen) >= 19
    assert np.median(seen) <= 120


def test_too_few_persons_say_nothing() -> None:
    arm = {f"p{n}": [YES] * ENOUGH_SAID for n in range(ENOUGH_PERSONS - 1)}

    assert compare(arm, {f"q{n}": [NO] * ENOUGH_SAID for n in range(9)}).low is None


def test_too_few_values_say_nothing() -> None:
    arm = {f"p{n}": [YES] for n in range(ENOUGH_SAID - 1)}

    assert compare(arm, {f"q{n}": [NO, NO] for n in range(ENOUGH_SAID)}).low is None


def test_nobody_has_no_mean() -> None:
    assert compare({}, {"p": [YES]}).estimate is None


def test_persons_who_repeat_themselves_are_no_more_witnesses() -> None:
    def wide(times: int) -> float:
        treated = {f"p{n}": [float(n % 2)] * times for n in range(20)}
        control = {f"q{n}": [float(n % 2)] * times for n in range(20)}
        found = compare(treated, control)
        assert found.high is not None
        return found.high - (found.estimate or 0.0)

    assert wide(20) > 0.9 * wide(2)


def test_arms_that_are_of_one_mind_are_not_certain() -> None:
    found = compare({f"p{n}": [YES] * 3 for n in range(8)}, {f"q{n}": [YES] * 3 for n in range(8)})

    assert found.low is not None
    assert found.low < -0.1


@pytest.mark.parametrize("n", [50, 500, 5_000])
def test_a_sequence_is_wider_than_an_interval(n: int) -> None:
    variance = 4 * 0.16 / n

    assert 1.96 * variance**0.5 < margin(variance, n) < 2.5 * 1.96 * variance**0.5
