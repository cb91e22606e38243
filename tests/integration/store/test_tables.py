"""Data tables are stored whole, found by those who may read their document, and go with it."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.holdings import Column, DataTable
from flywheel.model import PUBLIC, Audience
from flywheel.store import tables
from flywheel.store.database import Database
from tests.parts import know, make_core

COLUMNS = (Column("Plan"), Column("Fee (EUR)", "number", "EUR"))
FEES = DataTable("t1", "d-fees.csv", 0, "Fees", COLUMNS, (("Basic", "5"), ("Pro", "")), ("Sales",), 2, 3)
STAFF = DataTable("t2", "d-fees.csv", 1, "Staff", (Column("Team"),), (("Ops",),))


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    """Return a core that knows two tables of a document that everybody may read."""
    made = make_core(tmp_path, database=database)
    know(made, "fees.csv", "Plan: Basic; Fee (EUR): 5", access=[PUBLIC])
    with database.begin() as db:
        tables.replace(db, ["d-fees.csv"], [FEES, STAFF])
    return made


def found(core: Core, *table_ids: str, label: str = PUBLIC) -> list[DataTable]:
    with core.database.read() as db:
        return tables.find(db, table_ids, Audience(frozenset({label})))


def test_a_table_comes_back_as_it_was(core: Core) -> None:
    assert found(core, "t1") == [FEES]


def test_tables_come_in_the_order_asked_for(core: Core) -> None:
    assert found(core, "t2", "unknown", "t1", "t2") == [STAFF, FEES]


def test_who_may_not_read_the_document_finds_no_table(core: Core) -> None:
    assert found(core, "t1", label="user:U1") == []


def test_new_tables_of_a_document_take_the_place_of_the_old(core: Core) -> None:
    with core.database.begin() as db:
        tables.replace(db, ["d-fees.csv"], [STAFF])

    assert found(core, "t1", "t2") == [STAFF]
