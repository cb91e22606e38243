"""What runs when: each period once, within its window, by local time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flywheel import jobs
from flywheel.core import Core
from flywheel.errors import ConfigurationError
from flywheel.jobs import Hourly, Monthly, Weekly, run_due, time_zone
from tests.parts import StoppedClock, make_core

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_NINE = datetime(2026, 11, 16, 9, 0, tzinfo=BERLIN)


def nothing() -> None:
    """Do nothing."""


WEEKLY = Weekly("report", weekday=0, hour=9, zone=BERLIN, work=nothing)


@pytest.mark.parametrize(
    ("after", "period"),
    [
        (timedelta(seconds=-1), None),
        (timedelta(0), "2026-W47"),
        (timedelta(days=2, seconds=-1), "2026-W47"),
        (timedelta(days=2), None),
        (timedelta(days=7), "2026-W48"),
    ],
)
def test_work_is_due_from_its_hour_until_its_window_closes(after: timedelta, period: str | None) -> None:
    assert WEEKLY.period((MONDAY_NINE + after).astimezone(UTC)) == period


def test_a_window_reaches_into_the_next_week() -> None:
    sunday = replace(WEEKLY, weekday=6)

    assert sunday.period(datetime(2026, 11, 23, 8, 0, tzinfo=BERLIN)) == "2026-W47"


def test_the_week_of_a_turn_of_the_year_belongs_to_its_iso_year() -> None:
    friday = replace(WEEKLY, weekday=4)

    assert friday.period(datetime(2027, 1, 1, 10, 0, tzinfo=BERLIN)) == "2026-W53"


def test_the_hour_is_local_in_summer_and_in_winter() -> None:
    summer = datetime(2026, 7, 6, 7, 0, tzinfo=UTC)
    winter = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)

    assert (WEEKLY.period(summer), WEEKLY.period(winter)) == ("2026-W28", None)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)), st.integers(0, 6))  # noqa: DTZ001
def test_every_week_has_its_turn_at_some_moment(moment: datetime, weekday: int) -> None:
    weekly = replace(WEEKLY, weekday=weekday)
    quarter_days = [moment.replace(tzinfo=UTC) + timedelta(hours=6 * n) for n in range(4 * 14)]

    assert len({weekly.period(one) for one in quarter_days} - {None}) >= 2


def test_an_unknown_time_zone_is_named() -> None:
    assert time_zone("Europe/Berlin") == BERLIN
    for wrong in ("Mars/Olympus", "../etc/passwd", ""):
        with pytest.raises(ConfigurationError, match="FLYWHEEL_TIMEZONE"):
            time_zone(wrong)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return make_core(tmp_path, now=StoppedClock(MONDAY_NINE))


def test_due_work_is_done_once(core: Core) -> None:
    done: list[str] = []
    weekly = [replace(WEEKLY, work=lambda: done.append("report"))]

    assert [run_due(core, weekly), run_due(core, weekly)] == [["report"], []]
    assert done == ["report"]


def test_work_that_is_not_due_is_not_done(core: Core) -> None:
    assert run_due(core, [replace(WEEKLY, weekday=3)]) == []


def test_each_schedule_has_its_own_period(core: Core) -> None:
    assert run_due(core, [WEEKLY, replace(WEEKLY, name="turn")]) == ["report", "turn"]


def test_work_that_failed_is_not_done_again(core: Core) -> None:
    def fail() -> None:
        raise ConfigurationError

    with pytest.raises(ConfigurationError):
        run_due(core, [replace(WEEKLY, work=fail)])

    assert run_due(core, [replace(WEEKLY, work=fail)]) == []


def test_the_scheduler_wakes_every_half_minute_and_stops(core: Core) -> None:
    scheduler = jobs.start(core, [WEEKLY])
    [job] = scheduler.get_jobs()
    scheduler.shutdown()

    assert (job.trigger.interval, scheduler.running) == (timedelta(seconds=30), False)


def test_hourly_work_is_done_once_in_each_hour(tmp_path: Path) -> None:
    clock = StoppedClock(MONDAY_NINE)
    core, done = make_core(tmp_path, now=clock), list[str]()
    hourly = [Hourly("watch", lambda: done.append("watched"))]

    first, again = run_due(core, hourly), run_due(core, hourly)
    clock.advance(timedelta(hours=1))

    assert (first, again, run_due(core, hourly)) == (["watch"], [], ["watch"])
    assert len(done) == 2


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        (datetime(2026, 12, 1, 8, 59, tzinfo=BERLIN), None),
        (datetime(2026, 12, 1, 9, 0, tzinfo=BERLIN), "2026-11"),
        (datetime(2026, 12, 4, 8, 59, tzinfo=BERLIN), "2026-11"),
        (datetime(2026, 12, 4, 9, 0, tzinfo=BERLIN), None),
        (datetime(2026, 8, 1, 9, 0, tzinfo=BERLIN), None),
        (datetime(2026, 8, 3, 9, 0, tzinfo=BERLIN), "2026-07"),
        (datetime(2027, 1, 1, 9, 0, tzinfo=BERLIN), "2026-12"),
    ],
)
def test_a_month_s_work_is_due_from_the_next_one_s_first_working_day(moment: datetime, period: str | None) -> None:
    assert Monthly("digest", 9, BERLIN, nothing).period(moment.astimezone(UTC)) == period
