"""The metrics against values worked out by hand."""

from math import log2

import pytest

from flywheel.retrieval.metrics import hit_at, ndcg_at, recall_at, reciprocal_rank

RELEVANT = {"a": 1.0, "b": 1.0}


def test_a_perfect_ranking_has_ndcg_one() -> None:
    assert ndcg_at(["a", "b", "c"], RELEVANT, 10) == pytest.approx(1.0)


def test_ndcg_of_a_late_hit_is_its_discount_over_the_ideal() -> None:
    assert ndcg_at(["x", "a"], {"a": 1.0}, 10) == pytest.approx(1 / log2(3))


def test_a_higher_grade_first_is_worth_more() -> None:
    grades = {"a": 2.0, "b": 1.0}

    assert ndcg_at(["b", "a"], grades, 10) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))


def test_ndcg_looks_no_further_than_k() -> None:
    assert ndcg_at(["x", "a"], RELEVANT, 1) == 0.0


def test_ndcg_can_be_one_with_more_relevant_ids_than_k() -> None:
    assert ndcg_at(["a"], RELEVANT, 1) == pytest.approx(1.0)


def test_a_question_without_relevant_ids_has_ndcg_zero() -> None:
    assert ndcg_at(["a"], {}, 10) == 0.0


def test_recall_is_the_share_of_relevant_ids_found() -> None:
    assert recall_at(["x", "a", "y"], RELEVANT, 2) == 0.5


def test_a_hit_counts_once() -> None:
    assert (hit_at(["a", "b"], RELEVANT, 2), hit_at(["x", "a"], RELEVANT, 1)) == (1.0, 0.0)


def test_the_reciprocal_rank_is_of_the_first_relevant_id() -> None:
    assert reciprocal_rank(["x", "y", "b", "a"], RELEVANT) == pytest.approx(1 / 3)


def test_nothing_within_ten_has_reciprocal_rank_zero() -> None:
    assert reciprocal_rank(["x"] * 10 + ["a"], RELEVANT) == 0.0
