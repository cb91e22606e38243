"""Which acts reached the ledger late: dated before a moment, stored after it.

The rows of `signal` are numbered in the order in which they were stored, which a report notes when it is made.
"""

from datetime import datetime

from sqlalchemy import func, select

from flywheel.store.database import Session
from flywheel.store.question_tables import SignalRow


def last_signal(db: Session) -> int:
    """Return the number of the newest row of the ledger, 0 before the first."""
    return db.scalar(select(func.max(SignalRow.id))) or 0


def late_keys(db: Session, last: int, seen: datetime) -> frozenset[str]:
    """Return the keys of acts dated up to `seen` that were stored after row `last`."""
    return frozenset(db.scalars(select(SignalRow.key).where(SignalRow.id > last, SignalRow.at <= seen)))
