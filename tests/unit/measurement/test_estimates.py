"""Intervals that know that one person's votes are no independent witnesses."""

import numpy as np
import pytest

from flywheel.measurement.estimates import percentile, share, wilson


def test_votes_of_as_many_people_have_wilson_s_interval() -> None:
    found = share({f"U{n}": [float(n < 8)] for n in range(10)})

    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)  # Agresti and Coull (1998)


def test_votes_of_few_people_who_differ_are_worth_less() -> None:
    few = share({f"U{n}": [float(n < 4)] * 20 for n in range(5)})
    many = share({f"U{n}": [float(n < 80)] for n in range(100)})

    assert few is not None
    assert many is not None
    assert (few.value, few.n, few.persons) == (many.value, 100, 5)
    assert few.low is not None
    assert few.low < (many.low or 0) - 0.1


def test_nothing_said_has_no_share() -> None:
    assert share({"U1": []}) is None


def test_a_percentile_is_numpy_s() -> None:
    values = list(np.random.default_rng(0).exponential(size=101))
    found = percentile(values, 0.95, 10)

    assert found is not None
    assert found.value == pytest.approx(float(np.percentile(values, 95)))


def test_the_interval_of_a_percentile_covers_it_19_times_of_20() -> None:
    rng, true = np.random.default_rng(1), -np.log(0.05)
    found = [percentile(list(rng.exponential(size=200)), 0.95, 10) for _ in range(400)]

    covered = [one.low <= true <= one.high for one in found if one and one.low is not None and one.high is not None]

    assert 0.93 <= sum(covered) / len(covered) <= 0.99


def test_few_values_leave_the_upper_end_open() -> None:
    found = percentile([float(n) for n in range(20)], 0.95, 5)

    assert found is not None
    assert found.high is None


def test_wilson_s_interval_stays_within_0_and_1() -> None:
    assert wilson(1.0, 3) == pytest.approx((0.4385, 1.0), abs=1e-4)


def test_the_interval_holds_the_truth_where_people_differ_and_few_ask_most() -> None:
    """Wilson's plain interval held it in 84 of 100 such weeks, with the design effect alone in 90."""
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        tastes, busy = rng.beta(3, 1, 40), rng.pareto(1.5, 40) + 0.2
        who = rng.choice(40, 40, p=busy / busy.sum())
        said = {
            str(one): (rng.random(int((who == one).sum())) < tastes[one]).astype(float).tolist() for one in set(who)
        }
        found = share(said)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.75 <= found.high
    assert held >= 0.94 * 300
