"""Inserting a row whose key may be there already."""

from sqlalchemy import text

from flywheel.store.database import Database
from flywheel.store.insertion import insert_new
from flywheel.store.question_tables import SignalRow
from flywheel.store.work_tables import MarkRow
from tests.parts import MOMENT


def signal(key: str, person: str = "U1") -> dict[str, object]:
    return {"key": key, "answer_id": "a1", "kind": "copy", "person": person, "at": MOMENT, "detail": {}}


def test_a_new_key_is_inserted(database: Database) -> None:
    with database.begin() as db:
        assert insert_new(db, MarkRow, {"name": "swept", "value": "1"})


def test_a_key_that_is_there_keeps_its_row(database: Database) -> None:
    with database.begin() as db:
        insert_new(db, MarkRow, {"name": "swept", "value": "1"})

    with database.begin() as db:
        assert not insert_new(db, MarkRow, {"name": "swept", "value": "2"})
        assert db.execute(text("SELECT value FROM mark")).scalars().all() == ["1"]


def test_any_unique_key_counts_not_only_the_primary_one(database: Database) -> None:
    with database.begin() as db:
        outcomes = [insert_new(db, SignalRow, signal("k", person)) for person in ("U1", "U2")]

    assert outcomes == [True, False]


def test_a_refused_row_does_not_spoil_the_unit_of_work(database: Database) -> None:
    with database.begin() as db:
        outcomes = [insert_new(db, SignalRow, signal(key)) for key in ("k", "k", "other")]

    assert outcomes == [True, False, True]
