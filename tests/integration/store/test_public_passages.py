"""Texts that a training for everybody may learn from: those that everybody may read, by what they are searched by."""

from pathlib import Path

import pytest

from flywheel.store import public_passages
from flywheel.store.database import Database
from tests.parts import know, make_core


@pytest.fixture
def stored(database: Database, tmp_path: Path) -> Database:
    """Return a database with three passages that everybody may read, and one that a channel may."""
    core = make_core(tmp_path, database=database)
    know(core, "vpn.md", "Install the client.", "Then log in.", access=["public", "channel:C1"])
    know(core, "leave.md", "Ask your manager.")
    know(core, "pay.md", "Salaries are secret.", access=["channel:C1"])
    return database


def test_only_what_everybody_may_read_teaches_and_each_passage_once(stored: Database) -> None:
    with stored.read() as db:
        found = public_passages.texts(db, 9)

    assert [one.id for one in found] == ["leave.md:0", "vpn.md:0", "vpn.md:1"]


def test_no_more_than_wanted_are_read(stored: Database) -> None:
    with stored.read() as db:
        assert [one.text for one in public_passages.texts(db, 1)] == ["Ask your manager."]


def test_a_passage_that_is_named_is_read_only_where_everybody_may(stored: Database) -> None:
    with stored.read() as db:
        found = public_passages.named(db, ["pay.md:0", "vpn.md:1", "gone"])

    assert {one: (its.title, its.text) for one, its in found.items()} == {"vpn.md:1": ("vpn", "Then log in.")}
