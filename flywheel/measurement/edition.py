"""What a report is about: a week or a month, as of a moment.

An *edition* of a week is compared with the four weeks before it and drawn beside the seven before it; one of a month
with the month before and beside the five before it. Weeks begin on Mondays and months on their first day, at midnight
in the time zone of `seen`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from flywheel.errors import InvalidInput
from flywheel.measurement.week import week_of

CAUGHT_UP = timedelta(days=2, hours=12)
"""So long into a week a turn still reports on the week before: the weekly turn runs on Monday and, where the bot was
down, at the latest two days later."""


class Kind(StrEnum):
    """How long a stretch of time a report is about."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Span:
    """A week or a month: at or after `start` and before `end`."""

    period: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """A week or a month as of `seen`: what people did later does not count.

    `last_signal` is the number of the last row of the ledger when it was made first: an act that reached the ledger
    late is not in a report that was made before. None for what stands in the ledger now.
    """

    kind: Kind
    span: Span
    seen: datetime
    last_signal: int | None = None

    @property
    def title(self) -> str:
        """Return the report's heading."""
        if self.kind is Kind.MONTHLY:
            return f"Flywheel in {self.span.start:%B %Y}"
        return f"Flywheel in week {self.span.period}"

    @property
    def before(self) -> str:
        """Return what it is compared with, in words."""
        return "the month before" if self.kind is Kind.MONTHLY else "the four weeks before"

    @property
    def compared(self) -> int:
        """Return how many weeks or months before are what it is compared with."""
        return 1 if self.kind is Kind.MONTHLY else 4

    @property
    def is_over(self) -> bool:
        """Tell whether all of its time has passed, so that counts can be compared with those of others."""
        return self.seen >= self.span.end

    def steps(self) -> Sequence[Span]:
        """Return what the trend is drawn of, oldest first: eight weeks or six months, its own last."""
        found = [self.span]
        for _ in range(5 if self.kind is Kind.MONTHLY else 7):
            day_before = found[0].start - timedelta(days=1)
            found.insert(0, _month_of(day_before) if self.kind is Kind.MONTHLY else _week_of(day_before))
        return found

    def as_of(self, seen: datetime, last_signal: int | None) -> "Edition":
        """Return the same week or month as it looked at another moment."""
        return replace(self, seen=seen, last_signal=last_signal)


def weekly(seen: datetime) -> Edition:
    """Return the edition of the week of a moment, as of that moment."""
    return Edition(Kind.WEEKLY, _week_of(seen), seen)


def week_before(seen: datetime) -> Edition:
    """Return the edition of the last whole week, as of a moment."""
    return Edition(Kind.WEEKLY, _week_of(week_of(seen)[1] - timedelta(days=1)), seen)


def monthly(seen: datetime, month: str | None = None) -> Edition:
    """Return the edition of a month such as 2026-11, as of a moment; without one, of the last whole month.

    Raises:
        InvalidInput: that is no month, or one that has not begun.
    """
    if month is None:
        return Edition(Kind.MONTHLY, _month_of(_month_of(seen).start - timedelta(days=1)), seen)
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=seen.tzinfo)
    except ValueError as error:
        raise InvalidInput(f"{month!r} is no month; write it as 2026-11") from error
    if first > seen:
        raise InvalidInput(f"{month} has not begun yet")
    return Edition(Kind.MONTHLY, _month_of(first), seen)


def of_period(kind: Kind, period: str, seen: datetime, zone: tzinfo) -> Edition:
    """Return the edition of a week such as 2026-W47 or a month such as 2026-11, as of a moment, in a time zone.

    Raises:
        InvalidInput: that is no week or month, or one that has not begun.
    """
    local = seen.astimezone(zone)
    if kind is Kind.MONTHLY:
        return monthly(local, period)
    try:
        monday = datetime.strptime(f"{period}-1", "%G-W%V-%u").replace(tzinfo=zone)
    except ValueError as error:
        raise InvalidInput(f"{period!r} is no week; write it as 2026-W47") from error
    if monday > local:
        raise InvalidInput(f"{period} has not begun yet")
    return Edition(kind, _week_of(monday), local)


def _week_of(moment: datetime) -> Span:
    return Span(*week_of(moment))


def _month_of(moment: datetime) -> Span:
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + timedelta(days=32)).replace(day=1)
    return Span(f"{first:%Y-%m}", first, after)
