"""What answers take: percentiles with intervals, tokens and money."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
import pytest

from flywheel.measurement import spent
from flywheel.measurement.averages import Ground
from flywheel.model import Answer, Audience, Question, Surface
from flywheel.store.ledger import Exchange

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
GROUND = Ground(AT, "2026-W47", "")


def exchange(timings: Mapping[str, float] | None = None, usage: Mapping[str, object] | None = None) -> Exchange:
    """Return an answer that took so long and so much."""
    asked = Question("q", "How?", "U1", Surface.MENTION, AT, Audience.everyone())
    return Exchange(asked, Answer("a", "q", "So.", False, 0.8, "w", timings_ms=timings or {}, usage=usage))


def test_a_percentile_s_interval_covers_the_true_one_in_about_95_of_100_samples() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        _, low, high = spent.percentile(rng.exponential(size=200).tolist(), 0.5)
        assert low is not None
        assert high is not None
        covered += low <= np.log(2) <= high

    assert 0.92 <= covered / 400 <= 0.99


def test_a_small_sample_has_no_interval_of_its_tail() -> None:
    assert spent.percentile([1.0, 2.0, 3.0], 0.95)[1:] == (None, None)


def test_every_stage_has_its_times_and_the_total_is_no_stage() -> None:
    told = spent.stages([exchange({"find": 10.0, "total": 50.0}), exchange({"find": 30.0})], GROUND)

    assert {(one.metric, one.segment, one.n) for one in told} == {
        ("stage_p50_ms", "stage:find", 2), ("stage_p95_ms", "stage:find", 2),
    }  # fmt: skip
    assert told[0].value == pytest.approx(20.0)


def test_an_answer_without_a_model_took_no_tokens() -> None:
    asked = {"prompt_tokens": 900, "completion_tokens": 100, "cost": 0.01}
    told = {one.metric: one.hits.mean() for one in spent.usage([exchange(usage=asked), exchange()])}

    assert told == {"tokens_per_answer": 500.0, "cost_per_answer": 0.005}


def test_money_is_not_guessed() -> None:
    priced, unknown = {"prompt_tokens": 9, "cost": 0.01}, {"prompt_tokens": 9, "cost": None}
    told = [one.metric for one in spent.usage([exchange(usage=priced), exchange(usage=unknown)])]

    assert told == ["tokens_per_answer"]


def test_where_no_model_answers_nothing_is_recorded() -> None:
    assert spent.usage([exchange(), exchange()]) == []
