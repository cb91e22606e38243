"""The audit log: which administrative act was done by whom."""

from datetime import datetime

from flywheel.store.database import Session
from flywheel.store.learning_tables import AuditRow


def put(db: Session, person: str, act: str, subject: str, at: datetime) -> None:
    """Add an act."""
    db.add(AuditRow(at=at, person=person, act=act, subject=subject))
    db.flush()
