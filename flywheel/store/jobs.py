"""Things to do exactly once in effect.

    ready ──claim──▶ running ──finish──▶ done
      ▲                 ├──retry / postpone──▶ ready
      │                 └──bury──▶ dead ──revive──▶ ready
      └── the lease ran out: the next claim takes it over

A lease is a time and a fence. The fence grows with each claim and every later write names it, so a worker that was
away too long cannot write over its successor: it gets `StaleLease`. `late` jobs are listed and never run by themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, func, or_, select, update

from flywheel.errors import StaleLease
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.work_tables import JobRow

_LONGEST_ERROR = 2_000


class JobState(StrEnum):
    """Where a job stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be stored. `id` is its natural key; a higher `priority` runs first."""

    id: str
    kind: str
    body: Mapping[str, Any]
    priority: int = 0
    run_at: datetime | None = None
    state: JobState = JobState.READY


@dataclass(frozen=True, slots=True)
class Job:
    """A job as claimed. `attempts` counts this one; `sending` tells that an earlier attempt may have got through."""

    id: str
    kind: str
    body: Mapping[str, Any]
    state: JobState
    attempts: int
    fence: int
    sending: bool
    result: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None


def enqueue(db: Session, job: NewJob, now: datetime) -> bool:
    """Store a job; return False when its id was stored before."""
    values = {
        "id": job.id,
        "kind": job.kind,
        "body": dict(job.body),
        "state": job.state.value,
        "priority": job.priority,
        "attempts": 0,
        "run_at": job.run_at or now,
        "fence": 0,
        "sending": False,
        "result": {},
        "created_at": now,
    }
    return insert_new(db, JobRow, values)


def due(db: Session, now: datetime) -> bool:
    """Tell whether a claim would find something; takes no lock."""
    return db.scalar(select(JobRow.id).where(_claimable(now)).limit(1)) is not None


def claim(db: Session, now: datetime, lease: timedelta, job_id: str | None = None) -> Job | None:
    """Take the most urgent due job for `lease`, or this very one if it is due, or return None."""
    wanted = select(JobRow).where(_claimable(now)).order_by(JobRow.priority.desc(), JobRow.run_at, JobRow.created_at)
    if job_id is not None:
        wanted = wanted.where(JobRow.id == job_id)
    row = db.scalar(wanted.limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    row.state = JobState.RUNNING.value
    row.attempts += 1
    row.fence += 1
    row.lease_until = now + lease
    db.flush()
    return _job(row)


def heartbeat(db: Session, job: Job, until: datetime) -> None:
    """Hold a job longer. Raises StaleLease, as all writes below do, when somebody else has it."""
    _write(db, job, lease_until=until)


def mark_sending(db: Session, job: Job) -> None:
    """Note, before it happens, that something is about to leave for the outside."""
    _write(db, job, sending=True)


def finish(
    db: Session,
    job: Job,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> None:
    """Note that a job is done, and what came of it; `kept` takes the place of its body, where not all of that stays."""
    body = {} if kept is None else {"body": dict(kept)}
    done = {"state": JobState.DONE.value, "finished_at": now, "lease_until": None}
    _write(db, job, **done, **body, result=dict(result or {}), error=None)


def retry(db: Session, job: Job, run_at: datetime, error: str, *, sending: bool) -> None:
    """Put a job back after a failure; `sending` says whether the failure left it open what got through."""
    _write(db, job, state=JobState.READY.value, run_at=run_at, error=error[:_LONGEST_ERROR], sending=sending)


def postpone(db: Session, job: Job, run_at: datetime) -> None:
    """Put a job back as it was claimed, without counting the attempt: it was not its turn yet."""
    _write(db, job, state=JobState.READY.value, run_at=run_at, attempts=job.attempts - 1, sending=job.sending)


def bury(db: Session, job: Job, now: datetime, error: str) -> None:
    """Give a job up; it stays to be seen and revived."""
    _write(db, job, state=JobState.DEAD.value, finished_at=now, lease_until=None, error=error[:_LONGEST_ERROR])


def revive(db: Session, job_id: str, now: datetime) -> bool:
    """Make a dead or late job ready again; return False when there is none."""
    idle = JobRow.state.in_((JobState.DEAD.value, JobState.LATE.value))
    revived = update(JobRow).where(JobRow.id == job_id, idle)
    outcome = db.execute(revived.values(state=JobState.READY.value, run_at=now, attempts=0, finished_at=None))
    return isinstance(outcome, CursorResult) and outcome.rowcount == 1


def find(db: Session, job_id: str) -> Job | None:
    """Return a job, or None."""
    row = db.get(JobRow, job_id)
    return _job(row) if row else None


def in_state(db: Session, state: JobState) -> list[Job]:
    """Return all jobs in a state, oldest first."""
    rows = db.scalars(select(JobRow).where(JobRow.state == state.value).order_by(JobRow.created_at))
    return [_job(row) for row in rows]


def beginning(db: Session, prefix: str) -> list[Job]:
    """Return jobs whose id begins with a prefix, oldest first."""
    rows = db.scalars(select(JobRow).where(JobRow.id.startswith(prefix, autoescape=True)).order_by(JobRow.created_at))
    return [_job(row) for row in rows]


def are_waiting(db: Session, prefix: str) -> bool:
    """Tell whether a job whose id begins with a prefix is ready or running."""
    active = JobRow.state.in_((JobState.READY.value, JobState.RUNNING.value))
    wanted = select(JobRow.id).where(JobRow.id.startswith(prefix, autoescape=True), active)
    return db.scalar(wanted.limit(1)) is not None


def counts(db: Session) -> dict[str, int]:
    """Return how many jobs are in each state."""
    rows = db.execute(select(JobRow.state, func.count()).group_by(JobRow.state))
    return {str(state): int(count) for state, count in rows}


def prune(db: Session, kind: str, before: datetime) -> None:
    """Forget done jobs of a kind older than a moment; keep at least seven days, longer than any redelivery."""
    done = JobRow.state == JobState.DONE.value
    db.execute(delete(JobRow).where(JobRow.kind == kind, done, JobRow.finished_at < before))


def _claimable(now: datetime) -> ColumnElement[bool]:
    waiting = and_(JobRow.state == JobState.READY.value, JobRow.run_at <= now)
    abandoned = and_(JobRow.state == JobState.RUNNING.value, JobRow.lease_until < now)
    return or_(waiting, abandoned)


def _write(db: Session, job: Job, **values: Any) -> None:
    held = and_(JobRow.id == job.id, JobRow.fence == job.fence, JobRow.state == JobState.RUNNING.value)
    outcome = db.execute(update(JobRow).where(held).values(**values))
    if not isinstance(outcome, CursorResult) or outcome.rowcount != 1:
        raise StaleLease


def _job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        body=row.body,
        state=JobState(row.state),
        attempts=row.attempts,
        fence=row.fence,
        sending=row.sending,
        result=row.result,
        error=row.error,
    )
