"""What auto mode did, on SQLite and on Postgres."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from flywheel.store import jobs, unasked
from flywheel.store.database import Database
from flywheel.store.jobs import NewJob
from flywheel.store.unasked import Claim
from tests.parts import MOMENT

WISH = Claim("C1", "2026-11-18", "q1", "U1", MOMENT)


def test_a_claim_is_seen_by_others_and_not_by_itself(database: Database) -> None:
    with database.begin() as db:
        unasked.claim(db, WISH)

    with database.begin() as db:
        assert unasked.others(db, WISH) == []
        assert unasked.others(db, replace(WISH, question_id="q2")) == [WISH]


def test_claims_are_of_one_channel_and_one_day(database: Database) -> None:
    with database.begin() as db:
        unasked.claim(db, WISH)

    with database.begin() as db:
        assert unasked.others(db, replace(WISH, question_id="q2", channel="C2")) == []
        assert unasked.others(db, replace(WISH, question_id="q2", day="2026-11-19")) == []


def test_many_workers_take_no_more_than_the_cap(database: Database) -> None:
    def wish(number: int) -> bool:
        mine = replace(WISH, question_id=f"q{number}")
        with database.begin() as db:
            is_free = len(unasked.others(db, mine)) < 3
            if is_free:
                unasked.claim(db, mine)
        return is_free

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(wish, range(16))) == 3


def test_what_was_decided_is_counted(database: Database) -> None:
    for decision in ("talk", "talk", "answered"):
        with database.begin() as db:
            unasked.count(db, decision)

    with database.read() as db:
        assert unasked.counts(db) == {"talk": 2.0, "answered": 1.0}


def test_the_cost_of_what_was_left_alone_counts(database: Database) -> None:
    with database.begin() as db:
        unasked.spend(db, WISH, {"cost": 0.25})
        unasked.spend(db, WISH, {"cost": 0.5})

    with database.read() as db:
        assert unasked.cost(db, WISH, MOMENT) == 0.75


def test_a_cost_without_a_price_is_not_guessed(database: Database) -> None:
    with database.begin() as db:
        unasked.spend(db, WISH, {"cost": None})
        unasked.spend(db, WISH, {"cost": 0.5})

    with database.read() as db:
        assert unasked.cost(db, WISH, MOMENT) is None


def test_words_go_from_a_job_and_the_rest_stays(database: Database) -> None:
    edited = {"message": {"text": "secret", "blocks": [1]}, "previous_message": {"text": "secrets"}, "channel": "C1"}
    with database.begin() as db:
        jobs.enqueue(db, NewJob("j1", "slack", {"event": edited, "team_id": "T1"}), MOMENT)
        unasked.forget_text(db, "j1")

    with database.read() as db:
        job = jobs.find(db, "j1")
    assert job is not None
    assert "secret" not in str(job.body)
    assert (job.body["team_id"], job.body["event"]["channel"]) == ("T1", "C1")
