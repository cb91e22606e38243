"""Runs jobs: claims one, hands it to its handler, writes down what came of it.

Threads sleep until a bell rings in this process, and look every half second for what other processes left. A job that
takes long is held by heartbeats; a killed process stops beating and its jobs are taken over when the lease ends.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.outbox import POST_JOB, TIMEOUT_SECONDS, Paced, Refused, Unclear
from bot.outgoing import without_words
from flywheel.errors import StaleLease
from flywheel.store import jobs
from flywheel.store.database import Database, Session
from flywheel.store.jobs import Job

Handler = Callable[[Job], Mapping[str, Any] | None]
Mourner = Callable[[Session, Job, str], None]

_log = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker works. `lease` must be longer than any single call to the outside.

    A failure of ours is tried again after each `backoff`. While Slack is away (`Unclear`) the wait doubles from
    `unclear_wait` up to five minutes: for a message that waits to be posted three quarters of an hour in all, for a
    question that needs Slack to be answered two and a half minutes, after which its asker is told.
    """

    threads: int = 4
    lease: timedelta = timedelta(seconds=TIMEOUT_SECONDS + 5)
    poll_seconds: float = 0.5
    attempts: int = 5
    unclear_attempts: int = 12
    unclear_wait: timedelta = timedelta(seconds=TIMEOUT_SECONDS)
    backoff: tuple[timedelta, ...] = field(
        default_factory=lambda: tuple(timedelta(seconds=seconds) for seconds in (1, 4, 15, 40))
    )


@dataclass(frozen=True, slots=True)
class Duties:
    """What a worker does: a handler for each kind of job, and whom to tell of a job given up, in the unit of work."""

    handlers: Mapping[str, Handler]
    mourn: Mourner


class Bell:
    """Wakes a sleeping worker of this process."""

    def __init__(self) -> None:
        """Start silent."""
        self._rings = threading.Semaphore(0)

    def ring(self) -> None:
        """Tell that there is something to do."""
        self._rings.release()

    def wait(self, seconds: float) -> None:
        """Sleep until a ring, or so many seconds."""
        self._rings.acquire(timeout=seconds)


class Worker:
    """Threads that run jobs until `stop`."""

    def __init__(self, database: Database, duties: Duties, now: Callable[[], datetime], bell: Bell, pace: Pace) -> None:
        """Do nothing yet."""
        self._database = database
        self._duties = duties
        self._now = now
        self._bell = bell
        self._pace = pace
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._held: dict[int, tuple[Job, datetime]] = {}

    def start(self) -> None:
        """Begin to work."""
        names = [f"worker-{number}" for number in range(self._pace.threads)]
        self._threads = [threading.Thread(target=self._work, name=name, daemon=True) for name in names]
        self._threads.append(threading.Thread(target=self._beat, name="heartbeat", daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self, patience_seconds: float = 30.0) -> None:
        """Finish what is running and end; what is not finished in time is taken over later."""
        self._stopping.set()
        for _ in self._threads:
            self._bell.ring()
        for thread in self._threads:
            thread.join(patience_seconds)

    def step(self) -> bool:
        """Run one due job; return False when there is none."""
        job = self._claim()
        if job is None:
            return False
        self._held[threading.get_ident()] = (job, self._now() + self._pace.lease / 3)
        try:
            if job.attempts > max(self._pace.attempts, self._pace.unclear_attempts):
                self._bury(job, "its worker ended in every attempt")
            else:
                self._settle(job)
        finally:
            del self._held[threading.get_ident()]
        return True

    def _work(self) -> None:
        while not self._stopping.is_set():
            if not _survive(self.step):
                self._bell.wait(self._pace.poll_seconds)

    def _claim(self) -> Job | None:
        now = self._now()
        with self._database.read() as db:
            if not jobs.due(db, now):
                return None
        with self._database.begin() as db:
            return jobs.claim(db, now, self._pace.lease)

    def _settle(self, job: Job) -> None:
        try:
            result = self._duties.handlers[job.kind](job)
            with self._database.begin() as db:
                jobs.finish(db, job, self._now(), result, without_words(job))
        except StaleLease:
            _log.warning("job %s went to another worker", job.id)
        except Paced as paced:
            with self._database.begin() as db:
                jobs.postpone(db, job, paced.run_at)
        except Refused as refused:
            self._bury(job, str(refused))
        except Unclear as unclear:
            most = self._pace.unclear_attempts if job.kind == POST_JOB else self._pace.attempts
            self._retry(job, str(unclear), self._unclear_wait(job), most)
        except Exception as error:  # noqa: BLE001 - the last resort of a job: it is retried or buried, never lost
            _log.exception("job %s failed, attempt %d", job.id, job.attempts)
            self._retry(job, f"{type(error).__name__}: {error}", self._backoff(job), self._pace.attempts)

    def _retry(self, job: Job, reason: str, wait: timedelta, most: int) -> None:
        if job.attempts >= most:
            self._bury(job, reason)
            return
        with self._database.begin() as db:
            jobs.retry(db, job, self._now() + wait, reason, sending=job.kind == POST_JOB)

    def _bury(self, job: Job, reason: str) -> None:
        _log.error("job %s is given up: %s", job.id, reason)
        with self._database.begin() as db:
            jobs.bury(db, job, self._now(), reason)
            self._duties.mourn(db, job, reason)
        self._bell.ring()

    def _backoff(self, job: Job) -> timedelta:
        return self._pace.backoff[min(job.attempts, len(self._pace.backoff)) - 1]

    def _unclear_wait(self, job: Job) -> timedelta:
        return min(self._pace.unclear_wait * (1 << (job.attempts - 1)), _LONGEST_WAIT)

    def _beat(self) -> None:
        while not self._stopping.wait(self._pace.lease.total_seconds() / 3):
            _survive(self._hold_long_ones)

    def _hold_long_ones(self) -> bool:
        now = self._now()
        for job, due_at in list(self._held.values()):
            if due_at <= now:
                self._hold(job, now)
        return True

    def _hold(self, job: Job, now: datetime) -> None:
        try:
            with self._database.begin() as db:
                jobs.heartbeat(db, job, now + self._pace.lease)
        except StaleLease:
            _log.warning("job %s outlived its lease or has just ended", job.id)


def _survive(step: Callable[[], bool]) -> bool:
    """Run a step of a thread that must not end; a lost database is the usual failure, and it comes back."""
    try:
        return step()
    except Exception:  # noqa: BLE001 - the last resort of a thread
        _log.exception("a worker could not reach its jobs")
        return False
