"""Which paths `flywheel index` was given, with what access, and when it had read them: what reading them again needs.

A path that was read takes the place of what was kept of it and of everything below it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import select

from flywheel.store import marks
from flywheel.store.database import Session
from flywheel.store.work_tables import MarkRow

_MARK = "given:"


@dataclass(frozen=True, slots=True)
class Given:
    """A path as it was given. `access` are the labels that bounded who may read it; None leaves that to the folders."""

    path: str
    access: tuple[str, ...] | None
    at: datetime


def keep(db: Session, path: str, access: frozenset[str] | None, at: datetime) -> None:
    """Remember that a path was read."""
    below = [one.path for one in every(db) if PurePath(one.path).is_relative_to(path)]
    marks.remove(db, [_name(one) for one in below])
    bound = None if access is None else sorted(access)
    marks.put(db, _name(path), json.dumps({"path": path, "access": bound, "at": at.isoformat()}))


def forget(db: Session, source: str) -> None:
    """Forget what was read at a source and below it."""
    below = [one.path for one in every(db) if PurePath(one.path).is_relative_to(source)]
    marks.remove(db, [_name(one) for one in below])


def every(db: Session) -> list[Given]:
    """Return all that is kept, by path."""
    found = [json.loads(value) for value in db.scalars(select(MarkRow.value).where(MarkRow.name.startswith(_MARK)))]
    given = [
        Given(one["path"], None if one["access"] is None else tuple(one["access"]), datetime.fromisoformat(one["at"]))
        for one in found
    ]
    return sorted(given, key=lambda one: one.path)


def covering(given: Sequence[Given], source: str) -> Given | None:
    """Return what was last read that holds a whole source, or None."""
    around = [one for one in given if PurePath(source).is_relative_to(one.path)]
    return max(around, key=lambda one: one.at, default=None)


def inside(given: Sequence[Given], source: str) -> list[Given]:
    """Return what was read on its own within a source."""
    return [one for one in given if one.path != source and PurePath(one.path).is_relative_to(source)]


def _name(path: str) -> str:
    return _MARK + hashlib.sha256(path.encode()).hexdigest()[:40]
