"""Suggested answers and what became of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flywheel.errors import NotFound
from flywheel.model import Correction, CorrectionState
from flywheel.store import corrections
from flywheel.store.database import Database
from tests.parts import MOMENT

PENDING = Correction("c1", "a1", "How do I connect?", "Use the new client.", "U1", MOMENT, "vpn.md")
APPROVED = replace(
    PENDING, state=CorrectionState.APPROVED, text="Use client 5.", reviewer="U9", reviewed_at=MOMENT + timedelta(days=1)
)
REJECTED = replace(APPROVED, state=CorrectionState.REJECTED, reviewer="U8")


@pytest.fixture
def suggested(database: Database) -> Database:
    with database.begin() as db:
        corrections.put(db, PENDING)
    return database


def test_a_correction_comes_back_as_it_was_put(suggested: Database) -> None:
    with suggested.read() as db:
        assert corrections.find(db, "c1") == PENDING
        assert corrections.find(db, "c2") is None


def test_the_same_id_is_stored_once(suggested: Database) -> None:
    with suggested.begin() as db:
        assert not corrections.put(db, replace(PENDING, text="Something else"))

    with suggested.read() as db:
        assert corrections.every(db) == [PENDING]


def test_a_decision_is_kept_with_who_and_when(suggested: Database) -> None:
    with suggested.begin() as db:
        assert corrections.decide(db, APPROVED)

    with suggested.read() as db:
        assert corrections.find(db, "c1") == APPROVED


def test_the_first_decision_stands(suggested: Database) -> None:
    with suggested.begin() as db:
        outcomes = [corrections.decide(db, one) for one in (APPROVED, REJECTED)]

    with suggested.read() as db:
        assert (outcomes, corrections.find(db, "c1")) == ([True, False], APPROVED)


def test_deciding_on_nothing_is_an_error(database: Database) -> None:
    with pytest.raises(NotFound, match="c1"), database.begin() as db:
        corrections.decide(db, APPROVED)


def test_since_finds_what_was_suggested_or_decided_later(suggested: Database) -> None:
    with suggested.begin() as db:
        corrections.put(db, replace(PENDING, id="c0", at=MOMENT - timedelta(days=9)))
        corrections.decide(db, APPROVED)

    with suggested.read() as db:
        assert [one.id for one in corrections.since(db, MOMENT + timedelta(hours=1))] == ["c1"]
        assert [one.id for one in corrections.since(db, MOMENT + timedelta(days=2))] == []


def test_all_come_oldest_first(suggested: Database) -> None:
    with suggested.begin() as db:
        corrections.put(db, replace(PENDING, id="c0", at=MOMENT - timedelta(days=9)))

    with suggested.read() as db:
        assert [one.id for one in corrections.every(db)] == ["c0", "c1"]
        assert [one.id for one in corrections.of_answer(db, "a1")] == ["c0", "c1"]


def test_the_place_of_the_review_is_remembered(suggested: Database) -> None:
    with suggested.begin() as db:
        assert corrections.review_place(db, "c1") is None
        corrections.place_review(db, "c1", "C1", "1.2")

    with suggested.read() as db:
        assert corrections.review_place(db, "c1") == ("C1", "1.2")


def test_forgetting_a_person_deletes_their_corrections(suggested: Database) -> None:
    with suggested.begin() as db:
        corrections.forget(db, "U1")

    with suggested.read() as db:
        assert corrections.every(db) == []


def test_forgetting_a_reviewer_keeps_the_decision_without_the_name(suggested: Database) -> None:
    with suggested.begin() as db:
        corrections.decide(db, APPROVED)
        corrections.forget(db, "U9")

    with suggested.read() as db:
        assert corrections.find(db, "c1") == replace(APPROVED, reviewer=None)
