"""How two records are compared, and what a step is called."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
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


def test_two_people_s_questions_prove_no_regression() -> None:
    before = [0.5, 0.6] * 20
    after = [one - 0.1 for one in before]
    persons = tuple(n % 2 for n in range(40))

    found = step(replace(scored(*before), persons=persons), replace(scored(*after), persons=persons))

    assert (found.verdict, found.low) == (Verdict.UNCLEAR, None)


def test_changes_by_chance_are_seldom_called_a_gain_or_a_regression() -> None:
    """Of ten persons' questions a bootstrap called one such change in ten so."""
    called = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        persons = tuple(np.unique(rng.choice(7, 60), return_inverse=True)[1].tolist())
        before, moved = np.full(60, 0.5), rng.normal(0, 0.2, 60)
        sides = (replace(scored(*one.tolist()), persons=persons) for one in (before, before + moved))
        called += step(*sides).verdict is not Verdict.UNCLEAR
    assert called <= 0.07 * 300
