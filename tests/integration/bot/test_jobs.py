"""Jobs on both databases: leases, fences, retries, and what is left of the dead."""

from datetime import timedelta

import pytest

from flywheel.errors import StaleLease
from flywheel.store import inbox, jobs, marks, members
from flywheel.store.database import Database
from flywheel.store.jobs import Job, JobState, NewJob
from tests.parts import MOMENT

LEASE = timedelta(seconds=10)
LATER = MOMENT + timedelta(seconds=11)


@pytest.fixture
def waiting(database: Database) -> Database:
    with database.begin() as db:
        jobs.enqueue(db, NewJob("j1", "slack", {"a": 1}), MOMENT)
    return database


def claim(database: Database, at: object = MOMENT) -> Job:
    with database.begin() as db:
        job = jobs.claim(db, at, LEASE)  # type: ignore[arg-type]
    assert job is not None
    return job


def test_the_same_id_is_stored_once(waiting: Database) -> None:
    with waiting.begin() as db:
        assert not jobs.enqueue(db, NewJob("j1", "slack", {"a": 2}), MOMENT)


def test_a_claimed_job_is_not_claimed_again(waiting: Database) -> None:
    claim(waiting)

    with waiting.begin() as db:
        assert jobs.claim(db, MOMENT, LEASE) is None


def test_two_sessions_never_claim_the_same_job(waiting: Database) -> None:
    if waiting.is_sqlite:
        pytest.skip("writers wait for each other on SQLite")
    with waiting.begin() as one, waiting.begin() as two:
        assert jobs.claim(one, MOMENT, LEASE) is not None
        assert jobs.claim(two, MOMENT, LEASE) is None


def test_an_abandoned_job_is_taken_over_with_a_higher_fence(waiting: Database) -> None:
    first, second = claim(waiting), claim(waiting, LATER)

    assert (second.id, second.fence, second.attempts) == (first.id, first.fence + 1, 2)


def test_who_lost_the_lease_writes_nothing(waiting: Database) -> None:
    first = claim(waiting)
    claim(waiting, LATER)

    with pytest.raises(StaleLease), waiting.begin() as db:
        jobs.finish(db, first, LATER)


def test_a_heartbeat_holds_the_job(waiting: Database) -> None:
    job = claim(waiting)
    with waiting.begin() as db:
        jobs.heartbeat(db, job, LATER + LEASE)

    with waiting.begin() as db:
        assert jobs.claim(db, LATER, LEASE) is None


def test_a_finished_job_keeps_its_result(waiting: Database) -> None:
    job = claim(waiting)
    with waiting.begin() as db:
        jobs.finish(db, job, MOMENT, {"ts": "1.2"})

    with waiting.read() as db:
        found = jobs.find(db, "j1")
        assert found is not None
        assert (found.state, found.result) == (JobState.DONE, {"ts": "1.2"})


def test_an_unclear_send_is_known_to_the_next_attempt(waiting: Database) -> None:
    with waiting.begin() as db:
        job = jobs.claim(db, MOMENT, LEASE)
        assert job is not None
        jobs.mark_sending(db, job)
        jobs.retry(db, job, MOMENT, "timeout", sending=True)

    assert claim(waiting).sending


def test_a_postponed_job_comes_later_and_loses_no_attempt(waiting: Database) -> None:
    job = claim(waiting)
    with waiting.begin() as db:
        jobs.postpone(db, job, LATER)
        assert not jobs.due(db, MOMENT)

    assert claim(waiting, LATER).attempts == 1


def test_a_dead_job_is_listed_and_can_be_revived(waiting: Database) -> None:
    job = claim(waiting)
    with waiting.begin() as db:
        jobs.bury(db, job, MOMENT, "is_archived")
        assert [one.error for one in jobs.in_state(db, JobState.DEAD)] == ["is_archived"]
        assert jobs.revive(db, "j1", MOMENT)

    assert claim(waiting).attempts == 1


def test_a_late_job_is_listed_and_not_run(database: Database) -> None:
    with database.begin() as db:
        jobs.enqueue(db, NewJob("j2", "slack", {}, state=JobState.LATE), MOMENT)

        assert not jobs.due(db, LATER)


def test_the_most_urgent_job_is_first(waiting: Database) -> None:
    with waiting.begin() as db:
        jobs.enqueue(db, NewJob("j2", "post", {}, priority=30), MOMENT)

    assert claim(waiting).id == "j2"


def test_a_delivery_is_accepted_once(database: Database) -> None:
    with database.begin() as db:
        assert [inbox.accept(db, "Ev1", "message", MOMENT) for _ in range(2)] == [True, False]


def test_a_mark_keeps_its_last_value(database: Database) -> None:
    with database.begin() as db:
        marks.put(db, "m", "1")
        marks.put(db, "m", "2")

        assert marks.find(db, "m") == "2"


def test_a_person_who_left_is_in_no_channel(database: Database) -> None:
    with database.begin() as db:
        members.replace(db, "U1", ["C1", "C2"], MOMENT)
        members.remove(db, "C1", "U1")

        assert members.channels_of(db, "U1") == {"C2"}
