"""The audit log: which administrative act was done by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from flywheel.store.database import Session
from flywheel.store.learning_tables import AuditRow


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to what, when."""

    at: datetime
    person: str
    act: str
    subject: str


def put(db: Session, person: str, act: str, subject: str, at: datetime) -> None:
    """Add an act."""
    db.add(AuditRow(at=at, person=person, act=act, subject=subject))
    db.flush()


def latest(db: Session, subjects: Sequence[str]) -> dict[str, Act]:
    """Return the newest act on each of these subjects."""
    rows = db.scalars(select(AuditRow).where(AuditRow.subject.in_(subjects)).order_by(AuditRow.at, AuditRow.id))
    return {row.subject: Act(row.at, row.person, row.act, row.subject) for row in rows}
