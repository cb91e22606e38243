"""The audit log: which administrative act was done by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from flywheel.store.database import Session
from flywheel.store.learning_tables import AuditRow


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to what, when. `number` counts all acts, in the order in which they were noted."""

    at: datetime
    person: str
    act: str
    subject: str
    number: int = 0


def put(db: Session, person: str, act: str, subject: str, at: datetime) -> None:
    """Add an act."""
    db.add(AuditRow(at=at, person=person, act=act, subject=subject))
    db.flush()


def page(db: Session, before: int | None = None, most: int = 20) -> list[Act]:
    """Return up to `most` acts, the newest first; those noted before number `before`, where one is given."""
    wanted = select(AuditRow).order_by(AuditRow.id.desc()).limit(most)
    rows = db.scalars(wanted if before is None else wanted.where(AuditRow.id < before))
    return [Act(row.at, row.person, row.act, row.subject, row.id) for row in rows]


def latest(db: Session, subjects: Sequence[str]) -> dict[str, Act]:
    """Return the newest act on each of these subjects."""
    rows = db.scalars(select(AuditRow).where(AuditRow.subject.in_(subjects)).order_by(AuditRow.at, AuditRow.id))
    return {row.subject: Act(row.at, row.person, row.act, row.subject) for row in rows}
