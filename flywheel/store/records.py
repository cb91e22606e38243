"""The metric log in SQL. Rows are added, never changed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from flywheel.errors import InvalidInput
from flywheel.registry import Record
from flywheel.store.database import Session
from flywheel.store.learning_tables import RecordRow


def put(db: Session, records: Iterable[Record]) -> None:
    """Add metric values."""
    for one in records:
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
            )
        )
    db.flush()


def since(db: Session, metric: str | None = None, at: datetime | None = None) -> list[Record]:
    """Return values of a metric (of all without a name) recorded at or after a moment, oldest first.

    Raises:
        InvalidInput: the moment has no time zone.
    """
    query = select(RecordRow).order_by(RecordRow.at, RecordRow.id)
    if metric is not None:
        query = query.where(RecordRow.metric == metric)
    if at is not None:
        if at.tzinfo is None:
            raise InvalidInput("a moment needs its time zone, such as 2026-11-16T00:00:00Z")
        query = query.where(RecordRow.at >= at)
    return [_record(row) for row in db.scalars(query)]


def _record(row: RecordRow) -> Record:
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
    )
