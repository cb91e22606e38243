"""How far something has come, by name: the newest message swept in a channel, and the like."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.work_tables import MarkRow


def find(db: Session, name: str) -> str | None:
    """Return a mark, or None."""
    row = db.get(MarkRow, name)
    return row.value if row else None


def put(db: Session, name: str, value: str) -> None:
    """Set a mark, new or not."""
    if not insert_new(db, MarkRow, {"name": name, "value": value}):
        db.execute(update(MarkRow).where(MarkRow.name == name).values(value=value))


def add(db: Session, name: str, value: str) -> bool:
    """Set a mark that is not there yet; return whether it was not."""
    return insert_new(db, MarkRow, {"name": name, "value": value})


def beginning(db: Session, start: str) -> list[str]:
    """Return the names of all marks that begin so."""
    return list(db.scalars(select(MarkRow.name).where(MarkRow.name.startswith(start, autoescape=True))))


def remove(db: Session, names: Sequence[str]) -> None:
    """Forget marks."""
    db.execute(delete(MarkRow).where(MarkRow.name.in_(names)))


def remove_all(db: Session, beginning: str) -> None:
    """Forget all marks whose names begin so."""
    db.execute(delete(MarkRow).where(MarkRow.name.startswith(beginning, autoescape=True)))
