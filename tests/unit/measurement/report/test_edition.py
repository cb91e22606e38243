"""Weeks and months: where they begin, what they are compared with."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from flywheel.errors import InvalidInput
from flywheel.measurement.edition import Kind, monthly, of_period, week_before, weekly

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_week_begins_on_monday_in_its_time_zone() -> None:
    made = weekly(datetime(2026, 11, 15, 23, 30, tzinfo=UTC).astimezone(BERLIN))

    assert (made.span.period, made.span.start.isoformat()) == ("2026-W47", "2026-11-16T00:00:00+01:00")


def test_the_trend_of_a_week_spans_eight_weeks_that_meet() -> None:
    steps = weekly(SATURDAY).steps()

    assert [one.period for one in steps] == [f"2026-W{week}" for week in range(40, 48)]
    assert all(one.end == following.start for one, following in pairwise(steps))


def test_weeks_keep_beginning_at_midnight_when_clocks_change() -> None:
    steps = weekly(SATURDAY.astimezone(BERLIN)).steps()

    assert {one.start.hour for one in steps} == {0}


def test_the_month_before_is_the_last_whole_one() -> None:
    made = monthly(datetime(2026, 1, 2, tzinfo=UTC))

    assert (made.span.period, made.title) == ("2025-12", "Flywheel in December 2025")


def test_a_month_is_drawn_beside_the_five_before_it() -> None:
    assert [one.period for one in monthly(SATURDAY, "2026-02").steps()] == [
        "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02",
    ]  # fmt: skip


def test_the_week_before_crosses_the_year() -> None:
    assert week_before(datetime(2026, 1, 1, tzinfo=UTC)).span.period == "2025-W52"


@pytest.mark.parametrize("period", ["2026-W53", "2026-W00", "2026-47", "2026-W48"])
def test_what_is_no_week_or_has_not_begun_is_refused(period: str) -> None:
    if period == "2026-W53":  # 2026 has 53 weeks, and the last has not begun
        period = "2026-W54"
    with pytest.raises(InvalidInput):
        of_period(Kind.WEEKLY, period, SATURDAY, UTC)


@pytest.mark.parametrize("month", ["2026-13", "November", "2026-12"])
def test_what_is_no_month_or_has_not_begun_is_refused(month: str) -> None:
    with pytest.raises(InvalidInput):
        monthly(SATURDAY, month)
