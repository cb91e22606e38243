"""Thresholds are proposed at the end of what the next value will be, to the lenient side."""

from datetime import UTC, datetime, timedelta

import pytest

from flywheel.measurement.baselines import Observed
from flywheel.measurement.estimates import Estimate, wilson
from flywheel.measurement.proposals import AGAIN, is_due, of_days, of_frozen, of_weeks
from flywheel.store.thresholds import Bound, Threshold, ThresholdState

NOW = datetime(2026, 11, 18, tzinfo=UTC)


def week(value: float, n: int = 100, metric: str = "satisfaction") -> Observed:
    low, high = wilson(value, n)
    return Observed(metric, "all", Estimate(value, low, high, n, 20))


def slow(ms: float) -> Observed:
    return Observed("latency_p95_ms", "all", Estimate(ms, ms * 0.9, ms * 1.1, 200, 20))


def test_the_margin_is_the_prediction_interval_s() -> None:
    made = of_weeks([week(value, 10_000) for value in (0.70, 0.80, 0.75, 0.85, 0.80)])

    assert made is not None
    assert made.margin == pytest.approx(2.7764 * 0.057009 * 1.095445, abs=1e-4)  # t(4) · s · √(1 + 1/5)
    assert made.value == 0.60


def test_weeks_that_agree_by_chance_make_no_narrow_threshold() -> None:
    made = of_weeks([week(0.8)] * 4)

    assert made is not None
    assert made.value < 0.70


def test_three_weeks_are_too_few() -> None:
    assert of_weeks([week(0.8)] * 3) is None


def test_weeks_of_little_do_not_count() -> None:
    assert of_weeks([*[week(0.8)] * 3, week(0.8, 10)]) is None


def test_what_would_forbid_nothing_is_not_proposed() -> None:
    assert of_weeks([week(value) for value in (0.1, 0.9, 0.2, 0.8)]) is None


def test_silence_is_bounded_from_above() -> None:
    made = of_weeks([week(value, metric="no_signal_share") for value in (0.30, 0.32, 0.28, 0.31)])

    assert made is not None
    assert (made.bound, made.value > 0.35) == (Bound.AT_MOST, True)


def test_times_are_predicted_as_logarithms_and_rounded_up() -> None:
    made = of_weeks([slow(ms) for ms in (900, 1_000, 1_100, 1_000)])

    assert made is not None
    assert made.value % 100 == 0
    assert 1_300 <= made.value <= 1_500


def test_a_first_week_allows_for_the_chance_of_two() -> None:
    made = of_days(week(0.8))

    assert made is not None
    assert made.value == 0.67  # .8 - √2 · (.8 - .711), rounded down


def test_frozen_questions_may_lose_two_hundredths() -> None:
    newest = Observed("ndcg_at_10", "frozen", Estimate(0.61, 0.5, 0.7, 60, 60), is_sample=False)
    made = of_frozen([], newest)

    assert made is not None
    assert made.value == 0.59


def decided(state: ThresholdState, value: float = 0.67, weeks: int = 4) -> Threshold:
    return Threshold("satisfaction", "all", Bound.AT_LEAST, value, state, "U9", "so", NOW, {"weeks": weeks})


@pytest.mark.parametrize(
    ("last", "age", "due"),
    [
        (None, timedelta(), True),
        (decided(ThresholdState.PROPOSED), AGAIN, False),
        (decided(ThresholdState.PROPOSED, weeks=0), timedelta(), True),
        (decided(ThresholdState.CONFIRMED, weeks=0), timedelta(), True),
        (decided(ThresholdState.RETIRED, weeks=0), timedelta(), False),
        (decided(ThresholdState.CONFIRMED, 0.3), timedelta(), False),
        (decided(ThresholdState.CONFIRMED, 0.3), AGAIN, True),
        (decided(ThresholdState.CONFIRMED, 0.67), AGAIN, False),
        (decided(ThresholdState.REJECTED, 0.3), timedelta(weeks=1), False),
    ],
)
def test_what_was_decided_stays_so_for_a_while(last: Threshold | None, age: timedelta, *, due: bool) -> None:
    made = of_weeks([week(0.8)] * 4)

    assert made is not None
    assert is_due(made, last, age) is due
