"""How far something has come, by name: the newest message swept in a channel, and the like."""

import re
from collections.abc import Sequence
from datetime import datetime
from math import inf

from sqlalchemy import delete, select, update

from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.work_tables import MarkRow

_STAMP = re.compile(r"\d{9,11}\.\d{3,6}")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d|Z)")
_AT_ONCE = 400


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


def prune(db: Session, beginnings: Sequence[str], before: datetime) -> int:
    """Forget marks whose names begin so and end in a Slack timestamp, and that tell of nothing after a moment.

    What a mark tells of is that timestamp and each time in its value. Returns how many there were.
    """
    old: list[str] = []
    for start in beginnings:
        wanted = select(MarkRow.name, MarkRow.value).where(MarkRow.name.startswith(start, autoescape=True))
        old += [name for name, value in db.execute(wanted) if _newest(name, value) < before.timestamp()]
    for at in range(0, len(old), _AT_ONCE):
        remove(db, old[at : at + _AT_ONCE])
    return len(old)


def _newest(name: str, value: str) -> float:
    """Return the newest moment that a mark names, in Unix seconds; infinity where its name ends in none."""
    stamp = name.rpartition(":")[2]
    if not _STAMP.fullmatch(stamp):
        return inf
    return max(float(stamp), *(_seconds(word) for word in value.split()[-2:]), 0.0)


def _seconds(word: str) -> float:
    if _STAMP.fullmatch(word):
        return float(word)
    return datetime.fromisoformat(word).timestamp() if _ISO.fullmatch(word) else 0.0


def remove(db: Session, names: Sequence[str]) -> None:
    """Forget marks."""
    db.execute(delete(MarkRow).where(MarkRow.name.in_(names)))


def remove_all(db: Session, beginning: str) -> None:
    """Forget all marks whose names begin so."""
    db.execute(delete(MarkRow).where(MarkRow.name.startswith(beginning, autoescape=True)))
