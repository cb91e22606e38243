"""When the week's turn and report come, and into which channel: as administrators set it, else as the environment says.

report.schedule    {"weekday": 0 to 6 from Monday, "hour": 0 to 23 in the team's zone, "channel": an id or ""}
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.jobs import Weekly
from flywheel.store import audit, workspace_settings
from flywheel.store.database import Database, Session

MONDAY, NINE = 0, 9
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SKIPPED = range(1, 4)
"""Hours that daylight saving repeats or skips on some Sundays; nothing weekly may be due in them."""
_NAME = "report.schedule"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the report is due: the weekday, Monday being 0, the hour, and its channel, empty where none was chosen."""

    weekday: int = MONDAY
    hour: int = NINE
    channel: str = ""

    def words(self) -> str:
        """Return the schedule in words, without its channel."""
        return f"{DAYS[self.weekday]} at {self.hour:02d}:00"


@dataclass(frozen=True, slots=True)
class WeeklyAsSet:
    """Work that is due once in each ISO week, from when administrators want it. What `Weekly` promises holds."""

    name: str
    zone: ZoneInfo
    work: Callable[[], None]
    database: Database

    def period(self, now: datetime) -> str | None:
        """Return the ISO week whose work is due now, such as 2026-W47, or None."""
        with self.database.read() as db:
            wanted = read(db)
        return Weekly(self.name, wanted.weekday, wanted.hour, self.zone, self.work).period(now)


def read(db: Session) -> Schedule:
    """Return the schedule that holds."""
    stored = workspace_settings.find(db, _NAME)
    return Schedule(**stored) if isinstance(stored, dict) else Schedule()


def change(core: Core, wanted: Schedule, person: str) -> bool:
    """Set the schedule, with an entry in the audit log; return whether that changed anything.

    Raises:
        InvalidInput: there is no such day, or the hour is none or one that daylight saving may skip.
    """
    if wanted.weekday not in range(len(DAYS)) or wanted.hour not in range(24) or wanted.hour in SKIPPED:
        raise InvalidInput("choose a weekday, and an hour that is not between 1 and 3 at night")
    with core.database.begin() as db:
        if read(db) == wanted:
            return False
        value = {"weekday": wanted.weekday, "hour": wanted.hour, "channel": wanted.channel}
        workspace_settings.put(db, _NAME, value, person, core.now())
        where = f" in {wanted.channel}" if wanted.channel else ""
        audit.put(db, person, "report schedule", f"{wanted.words()}{where}", core.now())
    return True


def channel(database: Database, otherwise: str | None) -> str | None:
    """Return where reports go: the channel that was chosen, else the one that the environment names."""
    with database.read() as db:
        return channel_in(db, otherwise)


def channel_in(db: Session, otherwise: str | None) -> str | None:
    """Return the same within a unit of work; alarms and notices of what the watch did go there too."""
    return read(db).channel or otherwise
