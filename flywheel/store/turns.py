"""Turns of the wheel in SQL, and who may run one: a turn runs once, and one turn runs at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select

from flywheel.errors import NotFound
from flywheel.store.database import Session
from flywheel.store.learning_tables import TurnRow

ABANDONED = timedelta(hours=6)
"""A turn that runs for longer was killed with its process; it is failed so that the next can run."""


class TurnState(StrEnum):
    """Where a turn stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Turn:
    """One revolution of the wheel. `snapshot` is the SHA-256 of the ledger rows it learned from."""

    id: str
    state: TurnState
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    snapshot: str | None
    evidence: Mapping[str, object]
    error: str | None


def queue(db: Session, turn_id: str, requested_by: str, at: datetime) -> Turn:
    """Add a turn that is to run; while one is waiting already, return that one instead."""
    waiting = db.scalars(_queued().limit(1)).first()
    if waiting is not None:
        return _turn(waiting)
    row = TurnRow(id=turn_id, state=TurnState.QUEUED.value, requested_by=requested_by, requested_at=at, evidence={})
    db.add(row)
    db.flush()
    return _turn(row)


def next_queued(db: Session) -> Turn | None:
    """Return the turn that has waited longest."""
    row = db.scalars(_queued().limit(1)).first()
    return None if row is None else _turn(row)


def claim(db: Session, turn_id: str, at: datetime) -> bool:
    """Mark a queued turn as running; return False when it is not queued or another turn runs.

    Raises:
        NotFound: there is no such turn.
    """
    open_states = (TurnState.QUEUED.value, TurnState.RUNNING.value)
    rows = db.scalars(select(TurnRow).where(TurnRow.state.in_(open_states)).with_for_update()).all()
    for row in rows:
        if row.state == TurnState.RUNNING and row.started_at is not None and row.started_at < at - ABANDONED:
            _end(row, TurnState.FAILED, at)
            row.error = f"it was still running after {ABANDONED}, so its process must have ended"
    if any(row.state == TurnState.RUNNING for row in rows):
        return False
    mine = db.get(TurnRow, turn_id)
    if mine is None:
        raise NotFound(f"there is no turn {turn_id}")
    if mine.state != TurnState.QUEUED:
        return False
    mine.state, mine.started_at = TurnState.RUNNING.value, at
    db.flush()
    return True


def finish(db: Session, turn_id: str, snapshot: str, evidence: Mapping[str, object], at: datetime) -> Turn:
    """Store what a turn found.

    Raises:
        NotFound: there is no such turn.
    """
    row = _row(db, turn_id)
    _end(row, TurnState.FINISHED, at)
    row.snapshot, row.evidence = snapshot, dict(evidence)
    db.flush()
    return _turn(row)


def fail(db: Session, turn_id: str, reason: str, at: datetime) -> Turn:
    """Store why a turn could not be completed.

    Raises:
        NotFound: there is no such turn.
    """
    row = _row(db, turn_id)
    _end(row, TurnState.FAILED, at)
    row.error = reason
    db.flush()
    return _turn(row)


def find(db: Session, turn_id: str) -> Turn | None:
    """Return a turn, or None."""
    row = db.get(TurnRow, turn_id)
    return None if row is None else _turn(row)


def finished_between(db: Session, start: datetime, end: datetime) -> list[Turn]:
    """Return turns that finished at or after `start` and before `end`, oldest first."""
    query = select(TurnRow).where(
        TurnRow.state == TurnState.FINISHED.value, TurnRow.finished_at >= start, TurnRow.finished_at < end
    )
    return [_turn(row) for row in db.scalars(query.order_by(TurnRow.finished_at, TurnRow.id))]


def _queued() -> Select[TurnRow]:
    return select(TurnRow).where(TurnRow.state == TurnState.QUEUED.value).order_by(TurnRow.requested_at, TurnRow.id)


def _row(db: Session, turn_id: str) -> TurnRow:
    row = db.get(TurnRow, turn_id)
    if row is None:
        raise NotFound(f"there is no turn {turn_id}")
    return row


def _end(row: TurnRow, state: TurnState, at: datetime) -> None:
    row.state, row.finished_at = state.value, at


def _turn(row: TurnRow) -> Turn:
    return Turn(
        id=row.id,
        state=TurnState(row.state),
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        snapshot=row.snapshot,
        evidence=row.evidence,
        error=row.error,
    )
