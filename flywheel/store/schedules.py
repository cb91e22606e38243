"""Which schedule did its work for which period. The primary key decides who runs it."""

from datetime import datetime

from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.work_tables import ScheduleRunRow


def claim(db: Session, schedule: str, period: str, at: datetime) -> bool:
    """Take a period of a schedule; return False when it was taken before, by whomever."""
    return insert_new(db, ScheduleRunRow, {"schedule": schedule, "period": period, "at": at})
