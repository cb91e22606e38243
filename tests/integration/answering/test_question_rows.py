"""Questions and answers on SQLite and on Postgres."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flywheel.model import Answer, Audience, Citation, Hit, Question, Retriever, Surface
from flywheel.store import answers, questions
from flywheel.store.database import Database

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
QUESTION = Question(
    "q1", "How do I connect?", "U1", Surface.MENTION, NOW, Audience(frozenset({"public"})),
    channel="C1", message_ts="1.1",
)  # fmt: skip
ANSWER = Answer(
    "a1", "q1", "Install it. [1]", abstained=False, confidence=0.9, writer="extractive",
    citations=(Citation(1, "p1", "vpn.md", "VPN"),), trace=("Looked.",), answered_at=NOW,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _asked(database: Database) -> None:
    with database.begin() as db:
        questions.put(db, QUESTION)


def hit(number: int) -> Hit:
    return Hit(f"p{number}", "d", "vpn.md", "VPN", "text", Retriever.DOCUMENTS, 1 / number, features={"dense": 0.5})


def test_a_question_comes_back_as_it_was_put(database: Database) -> None:
    with database.read() as db:
        assert questions.find(db, "q1") == QUESTION


def test_a_question_that_is_put_again_is_brought_up_to_date(database: Database) -> None:
    with database.begin() as db:
        questions.put(db, replace(QUESTION, standalone="How do I connect to the VPN?"))

    with database.read() as db:
        assert questions.find(db, "q1") == replace(QUESTION, standalone="How do I connect to the VPN?")


def test_a_question_is_found_by_its_message(database: Database) -> None:
    with database.read() as db:
        assert questions.by_message(db, "C1", "1.1") == QUESTION
        assert questions.by_message(db, "C1", "9.9") is None


def test_a_deleted_question_stays_but_is_no_longer_among_the_recent(database: Database) -> None:
    with database.begin() as db:
        questions.mark_deleted(db, "q1", NOW)

    with database.read() as db:
        assert questions.is_deleted(db, "q1")
        assert questions.find(db, "q1") == QUESTION
        assert questions.recent_of(db, "U1") == []


def test_an_edited_question_keeps_its_new_wording(database: Database) -> None:
    with database.begin() as db:
        questions.replace_text(db, "q1", "How do I disconnect?")

    with database.read() as db:
        assert questions.find(db, "q1") == replace(QUESTION, text="How do I disconnect?")


def test_an_answer_comes_back_as_it_was_put(database: Database) -> None:
    with database.begin() as db:
        assert answers.put(db, ANSWER)

    with database.read() as db:
        assert answers.find(db, "a1") == ANSWER
        assert answers.of_question(db, "q1") == ANSWER


def test_a_second_answer_under_the_same_id_changes_nothing(database: Database) -> None:
    with database.begin() as db:
        answers.put(db, ANSWER)
    with database.begin() as db:
        assert not answers.put(db, replace(ANSWER, text="Something else."))

    with database.read() as db:
        assert answers.find(db, "a1") == ANSWER


def test_forty_hits_are_kept_and_the_cited_ones_are_marked(database: Database) -> None:
    with database.begin() as db:
        answers.put(db, ANSWER, [hit(n) for n in range(1, 60)], shown={"p3"})

    with database.read() as db:
        rows = answers.shortlist_of(db, "a1")
    assert [row.rank for row in rows] == list(range(1, 41))
    assert [row.passage_id for row in rows if row.shown] == ["p3"]
    assert rows[0].features == {"dense": 0.5}


def test_a_posted_answer_is_found_by_its_message_and_its_thread(database: Database) -> None:
    with database.begin() as db:
        answers.put(db, ANSWER)
        answers.mark_posted(db, "a1", "C1", "2.2")

    with database.read() as db:
        assert answers.by_post(db, "C1", "2.2") == ANSWER
        assert answers.posted_at(db, "a1") == ("C1", "2.2")
        assert answers.in_thread(db, "C1", "1.1") == [ANSWER]
        assert answers.in_thread(db, "C1", "7.7") == []
