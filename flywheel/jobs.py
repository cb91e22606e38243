"""What runs when.

APScheduler only wakes us. Whether a period's work is due, and who does it, is decided by one row that can be inserted
once: `UNIQUE(schedule, period)`. So any number of replicas, restarts and clock changes do the work once. A period that
was missed is caught up within its window.

Nothing weekly or monthly is scheduled between 01:00 and 03:59 local time, which daylight saving repeats or skips.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.schedulers.background import BackgroundScheduler

from flywheel.core import Core
from flywheel.errors import ConfigurationError, FlywheelError
from flywheel.store import schedules

_LOG = logging.getLogger(__name__)
_WAKE_SECONDS = 30
_SATURDAY = 5
MONTHS_WINDOW = timedelta(days=3)
"""How long the work about a month may be late."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """Work that is due once in each ISO week, from `weekday` (Monday is 0) at `hour` local time.

    It may still be done until `window` (at most a week) after that; later than that the week is let go.
    """

    name: str
    weekday: int
    hour: int
    zone: ZoneInfo
    work: Callable[[], None]
    window: timedelta = timedelta(days=2)

    def period(self, now: datetime) -> str | None:
        """Return the ISO week whose work is due now, such as 2026-W47, or None; a window may reach into the next."""
        local = now.astimezone(self.zone)
        this_monday = local.date() - timedelta(days=local.weekday())
        for monday in (this_monday, this_monday - timedelta(weeks=1)):
            day = monday + timedelta(days=self.weekday)
            due = datetime(day.year, day.month, day.day, self.hour, tzinfo=self.zone)
            if due <= local < due + self.window:
                year, week, _ = monday.isocalendar()
                return f"{year}-W{week:02d}"
        return None


@dataclass(frozen=True, slots=True)
class Monthly:
    """Work about a month that is over: due once, from `hour` local time of the first working day (Monday to Friday).

    It may still be done until `window` after that; later than that the month is let go.
    """

    name: str
    hour: int
    zone: ZoneInfo
    work: Callable[[], object]
    window: timedelta = MONTHS_WINDOW

    def period(self, now: datetime) -> str | None:
        """Return the month that is over and whose work is due now, such as 2026-10, or None."""
        return month_due(now, self.hour, self.zone, self.window)


@dataclass(frozen=True, slots=True)
class Hourly:
    """Work that is due once in each hour; an hour that was missed is let go."""

    name: str
    work: Callable[[], object]

    def period(self, now: datetime) -> str:
        """Return the hour of UTC, such as 2026-11-16T09."""
        return f"{now.astimezone(UTC):%Y-%m-%dT%H}"


class Scheduled(Protocol):
    """Work that is due once in each period."""

    @property
    def name(self) -> str:
        """Return what its periods are counted under."""

    @property
    def work(self) -> Callable[[], object]:
        """Return what is to be done."""

    def period(self, now: datetime) -> str | None:
        """Return the period whose work is due now, or None."""


def month_due(now: datetime, hour: int, zone: ZoneInfo, window: timedelta = MONTHS_WINDOW) -> str | None:
    """Return the month before, such as 2026-10, from `hour` of this one's first working day on and for `window`."""
    local = now.astimezone(zone)
    first = local.date().replace(day=1)
    weekend = 7 - first.weekday() if first.weekday() >= _SATURDAY else 0
    working = first + timedelta(days=weekend)
    due = datetime(working.year, working.month, working.day, hour, tzinfo=zone)
    return f"{first - timedelta(days=1):%Y-%m}" if due <= local < due + window else None


def time_zone(name: str) -> ZoneInfo:
    """Return the zone with this IANA name.

    Raises:
        ConfigurationError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"FLYWHEEL_TIMEZONE: there is no time zone {name!r}") from error


def run_due(core: Core, scheduled: Sequence[Scheduled]) -> list[str]:
    """Do what is due and not taken; return the names of what was done here."""
    done: list[str] = []
    for one in scheduled:
        period = one.period(core.now())
        if period is None:
            continue
        with core.database.begin() as db:
            mine = schedules.claim(db, one.name, period, core.now())
        if mine:
            one.work()
            done.append(one.name)
    return done


def start(core: Core, scheduled: Sequence[Scheduled]) -> BackgroundScheduler:
    """Wake every half minute and do what is due; the caller shuts the scheduler down."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        _wake, "interval", seconds=_WAKE_SECONDS, args=(core, scheduled), coalesce=True, misfire_grace_time=None
    )
    scheduler.start()
    return scheduler


def _wake(core: Core, scheduled: Sequence[Scheduled]) -> None:
    try:
        run_due(core, scheduled)
    except FlywheelError:
        _LOG.exception("a scheduled job failed; its period is spent")
