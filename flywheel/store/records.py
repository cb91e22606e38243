"""The metric log in SQL. Rows are added, never changed: the database itself refuses that (migration m004).

Nothing here deletes. Who forgets a person takes their name out of the words of a record, and takes the tries of models
that are forgotten back (`unlearning.py`, `remnants.py`); no figure changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from flywheel.errors import InvalidInput
from flywheel.registry import Record
from flywheel.store.database import Session
from flywheel.store.learning_tables import RecordRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: all that agree with what is given, from `since` on and before `until`."""

    metric: str | None = None
    segment: str | None = None
    dataset: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def put(db: Session, records: Iterable[Record]) -> None:
    """Add metric values.

    Raises:
        InvalidInput: a value or its interval is not a finite number, or n is below 0.
    """
    for one in records:
        numbers = [one.value, *(end for end in (one.low, one.high) if end is not None)]
        if one.n < 0 or not all(isfinite(number) for number in numbers):
            raise InvalidInput(f"the record of {one.metric} ({one.segment}) has a number that cannot be: {numbers}")
        db.add(
            RecordRow(
                at=one.at,
                metric=one.metric,
                value=one.value,
                n=one.n,
                low=one.low,
                high=one.high,
                segment=one.segment,
                dataset=one.dataset,
                dataset_hash=one.dataset_hash,
                versions=dict(one.versions),
                change=one.change,
                scores={"scores": list(one.scores), "persons": list(one.persons)} if one.scores else None,
            )
        )
    db.flush()


def since(db: Session, metric: str | None = None, at: datetime | None = None) -> list[Record]:
    """Return values of a metric (of all without a name) recorded at or after a moment, oldest first, without scores.

    Raises:
        InvalidInput: the moment has no time zone.
    """
    return matching(db, Wanted(metric=metric, since=at))


def matching(db: Session, wanted: Wanted, *, scored: bool = False) -> list[Record]:
    """Return the records that are wanted, oldest first; with their scores per question only where asked for.

    Raises:
        InvalidInput: a moment has no time zone.
    """
    query = _of(wanted).order_by(RecordRow.at, RecordRow.id)
    rows = db.scalars(query if scored else query.options(defer(RecordRow.scores)))
    return [_record(row, scored=scored) for row in rows]


def newest(db: Session, wanted: Wanted) -> Record | None:
    """Return the newest record that is wanted, with its scores, or None."""
    row = db.scalars(_of(wanted).order_by(RecordRow.at.desc(), RecordRow.id.desc()).limit(1)).first()
    return None if row is None else _record(row, scored=True)


def _of(wanted: Wanted) -> Select[RecordRow]:
    if any(moment is not None and moment.tzinfo is None for moment in (wanted.since, wanted.until)):
        raise InvalidInput("a moment needs its time zone, such as 2026-11-16T00:00:00Z")
    query = select(RecordRow)
    for column in ("metric", "segment", "dataset"):
        value = getattr(wanted, column)
        if value is not None:
            query = query.where(getattr(RecordRow, column) == value)
    if wanted.since is not None:
        query = query.where(RecordRow.at >= wanted.since)
    return query if wanted.until is None else query.where(RecordRow.at < wanted.until)


def _record(row: RecordRow, *, scored: bool) -> Record:
    kept = (row.scores or {}) if scored else {}
    return Record(
        at=row.at,
        metric=row.metric,
        value=row.value,
        n=row.n,
        low=row.low,
        high=row.high,
        segment=row.segment,
        dataset=row.dataset,
        dataset_hash=row.dataset_hash,
        versions=row.versions,
        change=row.change,
        scores=tuple(kept.get("scores", ())),
        persons=tuple(kept.get("persons", ())),
    )
