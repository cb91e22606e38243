"""A worker runs jobs and writes down what came of them."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.outbox import Paced, Refused, Unclear
from bot.worker import Bell, Duties, Pace, Worker
from flywheel.store import jobs
from flywheel.store.database import Database, Session
from flywheel.store.jobs import Job, JobState, NewJob
from tests.parts import StoppedClock, migrated_sqlite

Handler = Callable[[Job], Mapping[str, Any] | None]


class Bench:
    """One job, one worker, a clock."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = StoppedClock()
        self.mourned: list[str] = []
        with database.begin() as db:
            jobs.enqueue(db, NewJob("j1", "post", {}), self.clock())

    def work(self, handler: Handler, attempts: int = 5) -> Job:
        """Run the job once and return it as it is stored."""

        def mourn(_db: Session, job: Job, reason: str) -> None:
            self.mourned.append(f"{job.id}: {reason}")

        duties = Duties({"post": handler}, mourn)
        Worker(self.database, duties, self.clock, Bell(), Pace(attempts=attempts)).step()
        with self.database.read() as db:
            job = jobs.find(db, "j1")
        assert job is not None
        return job


def failing(error: Exception) -> Handler:
    def handle(_job: Job) -> None:
        raise error

    return handle


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    database = migrated_sqlite(tmp_path)
    yield Bench(database)
    database.close()


def test_a_job_that_works_is_done(bench: Bench) -> None:
    assert bench.work(lambda _: {"ts": "1"}).state is JobState.DONE


def test_a_job_that_fails_is_tried_again(bench: Bench) -> None:
    job = bench.work(failing(RuntimeError("no")))

    assert (job.state, job.error) == (JobState.READY, "RuntimeError: no")


def test_a_job_that_fails_too_often_is_given_up_and_mourned(bench: Bench) -> None:
    assert bench.work(failing(RuntimeError("no")), attempts=1).state is JobState.DEAD
    assert bench.mourned == ["j1: RuntimeError: no"]


def test_a_refusal_is_final(bench: Bench) -> None:
    assert bench.work(failing(Refused("is_archived"))).state is JobState.DEAD


def test_an_unclear_outcome_is_remembered(bench: Bench) -> None:
    assert bench.work(failing(Unclear("timeout"))).sending


def test_a_paced_job_waits_without_losing_an_attempt(bench: Bench) -> None:
    job = bench.work(failing(Paced(bench.clock() + timedelta(seconds=1))))

    assert (job.state, job.attempts) == (JobState.READY, 0)


def test_a_worker_that_lost_its_lease_changes_nothing(bench: Bench) -> None:
    def overtaken(_job: Job) -> None:
        with bench.database.begin() as db:
            jobs.claim(db, bench.clock() + timedelta(hours=1), timedelta(hours=1))

    job = bench.work(overtaken)

    assert (job.state, job.fence) == (JobState.RUNNING, 2)


def test_a_job_whose_workers_always_end_is_given_up(bench: Bench) -> None:
    with bench.database.begin() as db:
        for _ in range(12):
            jobs.claim(db, bench.clock(), timedelta(seconds=1))
            bench.clock.advance(timedelta(seconds=2))

    assert bench.work(lambda _: None).state is JobState.DEAD
    assert bench.mourned == ["j1: its worker ended in every attempt"]


def test_threads_find_what_other_processes_left(bench: Bench) -> None:
    done: list[str] = []
    duties = Duties({"post": lambda job: done.append(job.id)}, lambda *_: None)
    worker = Worker(bench.database, duties, bench.clock, Bell(), Pace(threads=2, poll_seconds=0.05))

    worker.start()
    bench.clock.advance(timedelta(seconds=1))
    _until(lambda: done)
    worker.stop()
    assert done == ["j1"]


def _until(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not look() and time.monotonic() < deadline:
        time.sleep(0.02)
