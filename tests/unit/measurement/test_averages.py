"""Many averages over the same questions: values, intervals in which persons stand together, segments."""

from datetime import UTC, datetime

import numpy as np
import pytest

from flywheel.measurement.averages import Ground, Ratio, mean, recorded

GROUND = Ground(datetime(2026, 11, 18, tzinfo=UTC), "frozen", "h", "router 3fa promoted by U1")


def test_a_mean_keeps_its_values_and_what_changed() -> None:
    [one] = recorded([mean("ndcg_at_10", [1.0, 0.0, 0.5])], np.array([0, 1, 1]), GROUND)

    assert (one.value, one.n, one.scores, one.persons) == (0.5, 3, (1.0, 0.0, 0.5), (0, 1, 1))
    assert (one.dataset, one.dataset_hash, one.change) == ("frozen", "h", "router 3fa promoted by U1")


def test_a_ratio_divides_by_its_weights() -> None:
    ratio = Ratio("found_given_route", np.array([1.0, 0.0, 0.0]), np.array([1.0, 1.0, 0.0]))

    [one] = recorded([ratio], np.array([0, 1, 2]), GROUND)

    assert (one.value, one.n, one.scores) == (0.5, 2, ())


def test_the_interval_holds_the_truth_where_few_people_ask() -> None:
    """A bootstrap over eight persons held it 87 times in a hundred."""
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        persons = np.unique(rng.choice(8, 100, p=np.arange(1, 9) / 36), return_inverse=True)[1]
        usual = rng.beta(3, 2, 8)[persons]
        [one] = recorded([mean("recall_at_10", (rng.random(100) < usual).tolist())], persons, GROUND)
        assert one.low is not None
        assert one.high is not None
        held += one.low <= 0.6 <= one.high
    assert held >= 0.92 * 200


def test_all_found_is_not_certain() -> None:
    [one] = recorded([mean("recall_at_10", [1.0] * 40)], np.arange(40) % 10, GROUND)

    assert one.low == pytest.approx(1 / (1 + 2.262**2 / 10), abs=1e-3)
    assert one.high == pytest.approx(1.0)


def test_what_is_no_share_may_lie_anywhere() -> None:
    [one] = recorded([mean("tokens_per_answer", [900.0, 1100.0] * 10)], np.arange(20), GROUND)

    assert (one.low, one.high) == pytest.approx((1000 - 2.093 * 102.6 / 20**0.5, 1000 + 2.093 * 102.6 / 20**0.5), abs=1)


def test_one_person_gives_no_interval() -> None:
    [one] = recorded([mean("ndcg_at_10", [1.0, 0.0])], np.array([0, 0]), GROUND)

    assert (one.low, one.high) == (None, None)


def test_a_segment_of_fewer_than_ten_is_left_out() -> None:
    whole = mean("ndcg_at_10", [1.0] * 19)
    nine = np.arange(19) < 9
    told = recorded([whole.of("route:code", nine), whole.of("route:documents", ~nine)], np.arange(19), GROUND)

    assert [(one.segment, one.n) for one in told] == [("route:documents", 10)]


def test_questions_that_weigh_nothing_make_no_record() -> None:
    assert recorded([Ratio("citation_recall", np.zeros(3), np.zeros(3))], np.arange(3), GROUND) == []
