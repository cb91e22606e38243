"""How two records are compared, and what a step is called."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flywheel.measurement.steps import Method, Verdict, step
from flywheel.registry import Record

AT = datetime(2026, 11, 18, tzinfo=UTC)


def scored(*scores: float, metric: str = "ndcg_at_10") -> Record:
    """Return a record of questions of as many persons."""
    mean = sum(scores) / len(scores)
    return Record(AT, metric, mean, len(scores), 0.0, 1.0, scores=scores, persons=tuple(range(len(scores))))


def plain(value: float, low: float | None, high: float | None, metric: str = "satisfaction") -> Record:
    """Return a record that has no values per question."""
    return Record(AT, metric, value, 100, low, high)


def test_the_same_questions_are_compared_one_by_one() -> None:
    found = step(scored(*[0.4, 0.6] * 20), scored(*[0.5, 0.7] * 20))

    assert (found.method, found.verdict) == (Method.PAIRED, Verdict.GAIN)
    assert found.difference == pytest.approx(0.1)


def test_questions_that_lose_are_a_regression() -> None:
    assert step(scored(*[0.5, 0.7] * 20), scored(*[0.4, 0.6] * 20)).verdict is Verdict.REGRESSION


def test_a_metric_that_is_better_when_lower_turns_the_word() -> None:
    found = step(plain(900, 800, 950, "latency_p50_ms"), plain(500, 450, 600, "latency_p50_ms"))

    assert (found.method, found.verdict) == (Method.INTERVALS, Verdict.GAIN)


def test_nothing_moved_is_the_same() -> None:
    assert step(scored(0.5, 0.7), scored(0.5, 0.7)).verdict is Verdict.SAME


def test_one_question_of_many_says_nothing() -> None:
    assert step(scored(*[0.5] * 20), scored(0.9, *[0.5] * 19)).verdict is Verdict.UNCLEAR


def test_the_interval_of_a_difference_is_made_of_both_intervals() -> None:
    found = step(plain(0.5, 0.4, 0.6), plain(0.7, 0.6, 0.8))

    assert (found.low, found.high) == pytest.approx((0.2 - 0.02**0.5, 0.2 + 0.02**0.5))
    assert found.verdict is Verdict.GAIN


def test_without_an_interval_nothing_is_said() -> None:
    found = step(plain(0.1, None, None), plain(0.9, 0.8, 1.0))

    assert (found.method, found.verdict) == (Method.NONE, Verdict.UNCLEAR)


def test_other_questions_are_not_compared_one_by_one() -> None:
    other = replace(scored(*[0.5, 0.7] * 20), dataset_hash="other")

    assert step(scored(*[0.4, 0.6] * 20), other).method is Method.INTERVALS
