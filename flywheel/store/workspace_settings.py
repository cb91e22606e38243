"""Settings of the whole workspace that administrators changed in Slack; one that nobody changed is not here."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from flywheel.store.database import Session
from flywheel.store.guest_tables import WorkspaceSettingRow
from flywheel.store.insertion import insert_new


def find(db: Session, name: str) -> Any | None:
    """Return a setting's value, plain JSON, or None where nobody set it."""
    row = db.get(WorkspaceSettingRow, name, populate_existing=True)
    return row.value if row else None


def put(db: Session, name: str, value: Any, person: str, at: datetime) -> None:
    """Set a setting, new or not. The audit log is the caller's."""
    row = {"name": name, "value": value, "changed_by": person, "changed_at": at}
    if not insert_new(db, WorkspaceSettingRow, row):
        db.execute(update(WorkspaceSettingRow).where(WorkspaceSettingRow.name == name).values(**row))


def remove(db: Session, name: str) -> None:
    """Go back to what the environment says."""
    db.execute(delete(WorkspaceSettingRow).where(WorkspaceSettingRow.name == name))
