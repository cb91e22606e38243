"""Looking at two arms every day: seldom wrong, quick enough, and persons are the witnesses."""

import numpy as np
import pytest

from flywheel.measurement.experiments.sequence import ENOUGH_PERSONS, Totals, bound, compare, information
from tests.benchmarks.experiments import DAYS, PER_ARM, World, share_of_claims

YES, NO = 1.0, 0.0
PLANNED = information(0.1)


@pytest.mark.parametrize("effect", [0.1, 0.2])
def test_two_equal_arms_looked_at_daily_raise_few_false_alarms(effect: float) -> None:
    assert share_of_claims(World(), effect, runs=150, seed=3) <= 0.06


@pytest.mark.parametrize("base", [0.1, 0.2])
def test_ten_points_are_found_at_four_hundred_exposures_per_arm(base: float) -> None:
    a_day = 2 * PER_ARM // DAYS + 1
    world = World(0, a_day, DAYS, base, 0.0, gain=0.1)

    assert share_of_claims(world, 0.1, runs=400, seed=4) >= 0.8


def test_at_the_planned_end_it_is_hardly_wider_than_one_look() -> None:
    assert 1.96 < bound() < 2.25


def test_half_the_effect_needs_four_times_the_information() -> None:
    assert information(0.05) == pytest.approx(4 * information(0.1))


def test_early_on_it_is_much_wider_than_one_look() -> None:
    arm = Totals.of({f"p{n}": [float(n % 2)] for n in range(40)})
    found = compare(arm, arm, PLANNED)

    assert found.high is not None
    assert found.gathered < 0.1
    assert found.high > 3 * 1.96 * (2 * 0.25 / 40) ** 0.5


def test_too_few_persons_say_nothing() -> None:
    few = Totals.of({f"p{n}": [YES] * 20 for n in range(ENOUGH_PERSONS - 1)})
    many = Totals.of({f"q{n}": [NO] * 20 for n in range(9)})

    assert compare(few, many, PLANNED).low is None


def test_nobody_has_no_mean() -> None:
    assert compare(Totals.of({}), Totals.of({"p": [YES]}), PLANNED).estimate is None


def test_persons_who_repeat_themselves_bring_no_information() -> None:
    def gathered(times: int) -> float:
        arm = Totals.of({f"p{n}": [float(n % 2)] * times for n in range(20)})
        return compare(arm, arm, PLANNED).gathered

    assert gathered(20) < 1.1 * gathered(2)


def test_one_person_who_says_most_makes_an_arm_less_certain() -> None:
    rng = np.random.default_rng(1)
    even = Totals(rng.binomial(10, 0.5, 40).astype(float), np.full(40, 10.0))
    loud = Totals(np.append(even.sums[:-1], 190.0), np.append(even.counts[:-1], 200.0))

    assert compare(loud, even, PLANNED).gathered < compare(even, even, PLANNED).gathered / 3
