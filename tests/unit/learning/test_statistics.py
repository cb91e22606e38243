"""Paired statistics, clustered by person."""

from itertools import product

import numpy as np
import pytest

from flywheel.learning.statistics import (
    attainable_p,
    doubted,
    holm,
    interval,
    one_sided_p,
    smallest_visible,
    standard_error,
    without_one_person,
)


def test_the_permutation_p_is_the_share_of_sign_patterns_that_reach_the_mean() -> None:
    differences = np.array([0.3, 0.1, -0.2, 0.4, 0.05, 0.2])
    exact = np.mean([np.dot(signs, differences) >= differences.sum() - 1e-9 for signs in product((-1, 1), repeat=6)])

    p = one_sided_p(differences, np.arange(6), np.random.default_rng(1))

    assert p == pytest.approx(exact, abs=0.012)


def test_a_hundred_wins_of_one_person_weigh_no_more_than_one_coin() -> None:
    p = one_sided_p(np.full(100, 0.5), np.zeros(100, dtype=np.int64), np.random.default_rng(1))

    assert p == pytest.approx(0.5, abs=0.02)


def test_no_difference_at_all_is_never_significant() -> None:
    assert one_sided_p(np.zeros(50), np.arange(50), np.random.default_rng(1)) == 1.0


def test_the_interval_covers_the_truth_about_95_times_in_100() -> None:
    rng = np.random.default_rng(3)
    ends = [interval(rng.normal(0.05, 0.2, 60), np.arange(60), rng) for _ in range(60)]

    assert 51 <= sum(low <= 0.05 <= high for low, high in ends) <= 60


def test_questions_of_the_same_persons_widen_the_interval() -> None:
    differences = np.repeat(np.random.default_rng(5).normal(0, 0.2, 10), 20)

    alone = interval(differences, np.arange(200), np.random.default_rng(1))
    together = interval(differences, np.repeat(np.arange(10), 20), np.random.default_rng(1))

    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_without_the_one_who_carries_it_nothing_is_left() -> None:
    differences = np.array([1.0] * 20 + [-0.01] * 10)
    persons = np.array([0] * 20 + list(range(1, 11)))

    assert without_one_person(differences, persons) == pytest.approx(-0.01)


def test_the_smallest_visible_difference_shrinks_with_the_root_of_n() -> None:
    assert smallest_visible(np.zeros(100)) == pytest.approx(2.8 * 0.19 / 10)


def test_holm_multiplies_the_smallest_by_the_number_of_tests_and_never_falls() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])


def test_with_a_few_persons_every_sign_pattern_is_counted() -> None:
    p = one_sided_p(np.array([0.1, 0.2, 0.3, 0.4]), np.arange(4), np.random.default_rng(1))

    assert p == 1 / 16


def test_a_p_below_what_ten_thousand_draws_can_tell_is_told() -> None:
    assert one_sided_p(np.full(60, 0.3), np.arange(60), np.random.default_rng(1)) < 1e-5


def test_no_p_is_below_what_the_persons_can_give() -> None:
    differences = np.array([0.3, 0.2, 0.4, 0.1, 0.0])

    attainable = attainable_p(differences, np.arange(5))

    assert attainable == 1 / 16
    assert one_sided_p(differences, np.arange(5), np.random.default_rng(1)) == attainable


def test_an_imagined_loss_makes_thirty_small_gains_tell_less() -> None:
    differences, persons = np.full(30, 0.05), np.arange(30) % 10

    plain = one_sided_p(differences, persons, np.random.default_rng(1))
    doubting = one_sided_p(*doubted(differences, persons), np.random.default_rng(1))

    assert doubting > 5 * plain


def test_an_imagined_loss_changes_little_on_two_hundred_questions() -> None:
    differences, persons = np.random.default_rng(7).normal(0.06, 0.19, 200), np.arange(200) % 40

    plain = one_sided_p(differences, persons, np.random.default_rng(1))
    doubting = one_sided_p(*doubted(differences, persons), np.random.default_rng(1))

    assert plain < doubting < plain + 0.02


def test_the_standard_error_of_independent_questions_is_the_textbook_one() -> None:
    differences = np.random.default_rng(3).normal(0, 0.2, 400)

    assert standard_error(differences, np.arange(400)) == pytest.approx(np.std(differences, ddof=1) / 20, rel=1e-6)


def test_the_standard_error_of_one_person_is_unknown() -> None:
    assert standard_error(np.array([0.1, 0.2]), np.zeros(2, dtype=np.int64)) == np.inf
