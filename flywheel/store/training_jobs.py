"""Keep the record of big trainings: what waits, what runs and how far it is, what came of it.

    queued ──claim──▶ running ──finish──▶ finished
                         ├──fail──▶ failed
                         └── no beat for `SILENT`: the next claim takes it over, and it goes on from its checkpoint

A claim's fence grows with each claim, and every later write names it: whoever was away too long gets `StaleLease`
instead of writing over its successor. One training runs at a time, because each takes all the cores there are.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select

from flywheel.errors import StaleLease
from flywheel.store.curation_tables import TrainingJobRow
from flywheel.store.database import Session
from flywheel.store.question_tables import QuestionRow

SILENT = timedelta(minutes=3)
"""A training that says nothing for so long lost its process."""
_LONGEST_ERROR = 2_000
_AT_ONCE = 500  # values in one statement


class TrainingState(StrEnum):
    """Where a training stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """A training. `progress` lies in [0, 1]; `material` says what to learn from, `result` is the artefact, once made.

    `snapshot` names what it learns from: the same learner and snapshot are one job.
    """

    id: str
    learner: str
    state: TrainingState
    progress: float
    snapshot: str
    material: Mapping[str, Any]
    result: Mapping[str, Any]
    fence: int
    requested_at: datetime
    beat_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None


def job_id(learner: str, snapshot: str) -> str:
    """Return the id of the training of a learner on a snapshot."""
    return f"training_{hashlib.sha256(f'{learner} {snapshot}'.encode()).hexdigest()[:16]}"


def queue(db: Session, learner: str, snapshot: str, material: Mapping[str, Any], at: datetime) -> TrainingJob:
    """Add a training; what was trained on this snapshot, or waits or runs for this learner already, is returned."""
    known = db.get(TrainingJobRow, job_id(learner, snapshot))
    open_states = (TrainingState.QUEUED.value, TrainingState.RUNNING.value)
    waiting = select(TrainingJobRow).where(TrainingJobRow.learner == learner, TrainingJobRow.state.in_(open_states))
    row = known or db.scalars(waiting.order_by(TrainingJobRow.requested_at)).first()
    if row is None:
        row = TrainingJobRow(
            id=job_id(learner, snapshot), learner=learner, state=TrainingState.QUEUED.value, progress=0.0,
            snapshot=snapshot, detail={"material": dict(material), "result": {}, "fence": 0}, requested_at=at,
        )  # fmt: skip
        db.add(row)
        db.flush()
    return _job(row)


def claim(db: Session, at: datetime, learner: str | None = None) -> TrainingJob | None:
    """Take the training that has waited longest, or one whose process is gone; None while another one runs."""
    open_states = (TrainingState.QUEUED.value, TrainingState.RUNNING.value)
    wanted = select(TrainingJobRow).where(TrainingJobRow.state.in_(open_states))
    rows = db.scalars(wanted.order_by(TrainingJobRow.requested_at, TrainingJobRow.id).with_for_update()).all()
    if any(row.state == TrainingState.RUNNING and not _silent(row, at) for row in rows):
        return None
    free = [row for row in rows if learner in (None, row.learner)]
    free.sort(key=lambda row: row.state != TrainingState.RUNNING)  # what began goes on first
    if not free:
        return None
    row = free[0]
    row.state, row.beat_at = TrainingState.RUNNING.value, at
    row.detail = {**row.detail, "fence": int(row.detail["fence"]) + 1}
    db.flush()
    return _job(row)


def release(db: Session, job: TrainingJob) -> None:
    """Put a training back that its process cannot go on with now; it keeps its progress.

    Raises:
        StaleLease: somebody else holds it.
    """
    row = _held(db, job)
    row.state, row.beat_at = TrainingState.QUEUED.value, None
    db.flush()


def beat(db: Session, job: TrainingJob, progress: float, at: datetime) -> None:
    """Say that a training goes on, and how far it is.

    Raises:
        StaleLease: somebody else holds it.
    """
    row = _held(db, job)
    row.progress, row.beat_at = min(max(progress, 0.0), 1.0), at
    db.flush()


def finish(db: Session, job: TrainingJob, result: Mapping[str, Any], at: datetime) -> None:
    """Store the artefact of a training.

    Raises:
        StaleLease: somebody else holds it.
    """
    row = _held(db, job)
    row.state, row.progress, row.finished_at = TrainingState.FINISHED.value, 1.0, at
    row.detail = {**row.detail, "result": dict(result)}
    db.flush()


def fail(db: Session, job: TrainingJob, why: str, at: datetime) -> None:
    """Store why a training cannot be completed.

    Raises:
        StaleLease: somebody else holds it.
    """
    row = _held(db, job)
    row.state, row.error, row.finished_at = TrainingState.FAILED.value, why[:_LONGEST_ERROR], at
    db.flush()


def newest_result(db: Session, learner: str) -> TrainingJob | None:
    """Return the learner's training that finished last, or None."""
    wanted = select(TrainingJobRow).where(
        TrainingJobRow.learner == learner, TrainingJobRow.state == TrainingState.FINISHED.value
    )
    row = db.scalars(wanted.order_by(TrainingJobRow.finished_at.desc(), TrainingJobRow.id)).first()
    return None if row is None else _job(row)


def listed(db: Session, limit: int = 20) -> list[TrainingJob]:
    """Return the newest trainings first."""
    wanted = select(TrainingJobRow).order_by(TrainingJobRow.requested_at.desc(), TrainingJobRow.id).limit(limit)
    return [_job(row) for row in db.scalars(wanted)]


def wordings(db: Session, question_ids: Sequence[str]) -> dict[str, str]:
    """Return the words of the named questions that are not deleted, as they were understood."""
    found: dict[str, str] = {}
    for start in range(0, len(question_ids), _AT_ONCE):
        wanted = select(QuestionRow.id, QuestionRow.standalone, QuestionRow.text).where(
            QuestionRow.id.in_(question_ids[start : start + _AT_ONCE]), QuestionRow.deleted_at.is_(None)
        )
        found.update({one: standalone or text for one, standalone, text in db.execute(wanted)})
    return found


def forget(db: Session) -> list[str]:
    """Delete all trainings, since any may have learned from somebody who is to be forgotten; return their ids.

    The next turn queues them anew. A process that runs one finds its row gone and stops.
    """
    ids = list(db.scalars(select(TrainingJobRow.id).order_by(TrainingJobRow.id)))
    db.execute(delete(TrainingJobRow))
    return ids


def _silent(row: TrainingJobRow, at: datetime) -> bool:
    return row.beat_at is None or row.beat_at < at - SILENT


def _held(db: Session, job: TrainingJob) -> TrainingJobRow:
    row = db.scalars(select(TrainingJobRow).where(TrainingJobRow.id == job.id).with_for_update()).first()
    if row is None or row.state != TrainingState.RUNNING or row.detail["fence"] != job.fence:
        raise StaleLease(f"{job.id} is not held under fence {job.fence} any more")
    return row


def _job(row: TrainingJobRow) -> TrainingJob:
    return TrainingJob(
        id=row.id,
        learner=row.learner,
        state=TrainingState(row.state),
        progress=row.progress,
        snapshot=row.snapshot,
        material=row.detail["material"],
        result=row.detail["result"],
        fence=int(row.detail["fence"]),
        requested_at=row.requested_at,
        beat_at=row.beat_at,
        finished_at=row.finished_at,
        error=row.error,
    )
