"""What Slack delivered. A key is stored once; the same delivery again is known by it."""

from datetime import datetime

from sqlalchemy import delete

from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.work_tables import InboxRow


def accept(db: Session, key: str, kind: str, at: datetime) -> bool:
    """Store a delivery; return False when it was stored before."""
    return insert_new(db, InboxRow, {"key": key, "kind": kind, "received_at": at})


def prune(db: Session, before: datetime) -> None:
    """Forget deliveries older than a moment; keep at least seven days, longer than any redelivery."""
    db.execute(delete(InboxRow).where(InboxRow.received_at < before))
