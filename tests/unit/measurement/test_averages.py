"""Many averages over the same questions: values, intervals in which persons stand together, segments."""

from datetime import UTC, datetime

import numpy as np
import pytest

from flywheel.learning.statistics import interval
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


def test_the_interval_is_that_of_the_bootstrap_over_persons() -> None:
    rng = np.random.default_rng(5)
    persons = np.repeat(np.arange(20), 5)
    values = np.clip(rng.normal(0.5, 0.1, 100) + np.repeat(rng.normal(0, 0.2, 20), 5), 0, 1)
    [one] = recorded([mean("ndcg_at_10", values.tolist())], persons, GROUND)

    assert (one.low, one.high) == pytest.approx(interval(values, persons, np.random.default_rng(1)), abs=0.01)


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
