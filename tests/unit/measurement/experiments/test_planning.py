"""What an experiment needs, told before it starts."""

import pytest

from flywheel.measurement.experiments.planning import Lately, plan
from flywheel.measurement.experiments.sequence import ALPHA
from flywheel.store.experiments import Arm

TWO = (Arm("A", "x", 0.5), Arm("B", "y", 0.5))


def test_ten_points_need_some_four_hundred_answers_at_the_worst() -> None:
    assert 400 < plan(TWO, 0.1, Lately()).exposures["A"] < 480


def test_a_rarer_yes_needs_fewer() -> None:
    assert plan(TWO, 0.1, Lately(share=0.1, n=100)).exposures["A"] < 260


def test_people_who_hang_together_need_more() -> None:
    found = plan(TWO, 0.1, Lately(design_effect=2.0))

    assert found.exposures["A"] == pytest.approx(2 * found.independent["A"], abs=1)


def test_days_follow_from_how_much_is_asked() -> None:
    found = plan(TWO, 0.1, Lately(share=0.1, a_day=20.0, n=100))

    assert found.days == pytest.approx(sum(found.exposures.values()) / 20, abs=1)


def test_unequal_shares_are_planned_for() -> None:
    found = plan((Arm("A", "x", 0.8), Arm("B", "y", 0.2)), 0.1, Lately())

    assert found.exposures["A"] == pytest.approx(4 * found.exposures["B"], rel=0.01)
    assert sum(found.exposures.values()) > sum(plan(TWO, 0.1, Lately()).exposures.values())


def test_three_arms_share_the_probability_to_be_wrong() -> None:
    third = tuple(Arm(name, name, 1 / 3) for name in "ABC")

    assert plan(third, 0.1, Lately()).alpha == ALPHA / 2
