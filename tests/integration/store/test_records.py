"""The metric log: what goes in, what comes out, and that nothing in it can be changed."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

import bot
import flywheel
from flywheel.errors import InvalidInput
from flywheel.registry import Record
from flywheel.store import records, remnants
from flywheel.store.database import Database
from flywheel.store.records import Wanted
from tests.parts import MOMENT

HOUR = timedelta(hours=1)
FACTS = ("at", "metric", "value", "n", "low", "high", "dataset_hash", "versions", "scores")
ONE = Record(
    MOMENT,
    "ndcg_at_10",
    0.5,
    2,
    0.4,
    0.6,
    "all",
    "frozen",
    "h",
    {"router": "3fa"},
    "router 3fa promoted by U7",
    (0.25, 0.75),
    (0, 1),
)


def stored(database: Database, *found: Record) -> None:
    with database.begin() as db:
        records.put(db, found)


def sources() -> Iterator[tuple[str, str]]:
    """Yield the name and text of every module of the product, migrations apart."""
    for package in (flywheel, bot):
        root = Path(str(package.__file__)).parent
        for file in sorted(root.rglob("*.py")):
            if "migrations" not in file.parts:
                yield file.relative_to(root.parent).as_posix(), file.read_text(encoding="utf-8")


def test_a_record_comes_back_as_it_went_in(database: Database) -> None:
    stored(database, ONE)

    with database.read() as db:
        assert records.matching(db, Wanted(), scored=True) == [ONE]


def test_scores_come_only_when_asked_for(database: Database) -> None:
    stored(database, ONE)

    with database.read() as db:
        assert records.since(db) == [replace(ONE, scores=(), persons=())]


def test_records_are_chosen_by_what_they_are_of(database: Database) -> None:
    stored(database, ONE, replace(ONE, segment="seen"), replace(ONE, dataset="rolling"), replace(ONE, at=MOMENT + HOUR))

    with database.read() as db:
        found = records.matching(db, Wanted("ndcg_at_10", "all", "frozen", MOMENT, MOMENT + HOUR), scored=True)
        newest = records.newest(db, Wanted(dataset="frozen"))
    assert found == [ONE]
    assert newest is not None
    assert newest.at == MOMENT + HOUR


@pytest.mark.parametrize("column", FACTS)
def test_no_figure_can_be_changed(database: Database, column: str) -> None:
    stored(database, ONE)

    with pytest.raises(DatabaseError, match="append-only"), database.begin() as db:
        db.execute(text(f"UPDATE record SET {column} = {column}"))


def test_a_forgotten_name_leaves_the_words_and_no_figure(database: Database) -> None:
    stored(database, ONE)
    with database.begin() as db:
        remnants.erase(db, ["U7"], ())

    with database.read() as db:
        [kept] = records.matching(db, Wanted(), scored=True)
    assert kept == replace(ONE, change=f"router 3fa promoted by {remnants.GONE}")


def test_only_forgetting_deletes_records() -> None:
    deletes = [name for name, said in sources() if "delete(RecordRow)" in said]

    assert deletes == ["flywheel/store/unlearning.py"]


def test_the_log_has_one_door() -> None:
    """Only `records.keep` knows the catalogue and the state of the system."""
    writers = [name for name, said in sources() if "RecordRow(" in said and "class RecordRow(" not in said]
    doors = [name for name, said in sources() if "log.put(" in said or "record_store.put(" in said]

    assert writers == ["flywheel/store/records.py"]
    assert doors == ["flywheel/measurement/records.py"]


@pytest.mark.parametrize("wrong", [{"value": math.nan}, {"low": math.inf}, {"n": -1}])
def test_a_number_that_cannot_be_is_refused(database: Database, wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="cannot be"):
        stored(database, replace(ONE, **wrong))  # type: ignore[arg-type]


def test_a_moment_without_its_time_zone_is_refused(database: Database) -> None:
    with database.read() as db, pytest.raises(InvalidInput, match="time zone"):
        records.matching(db, Wanted(until=MOMENT.replace(tzinfo=None)))
