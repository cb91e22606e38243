"""What is known of sources, which paths were given, what was spent, and the pages of the audit log, in both stores."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flywheel.channels import ChannelSettings
from flywheel.model import PUBLIC, Document, Kind, Passage
from flywheel.store import audit, channels, documents, given_paths, judgements, source_states, sources, spending
from flywheel.store.database import Database
from flywheel.store.judgements import Judgement
from tests.parts import MOMENT

DOCUMENT = Document("d1", "/docs", "a.md", "A", Kind.TEXT, "h", frozenset({PUBLIC}), updated_at=MOMENT)
JUDGED = Judgement("a1", "judge", "faithful", 1, 1.0, "", "r", MOMENT, {"calls": 2, "cost": 0.25})


@pytest.fixture
def known(database: Database) -> Database:
    """Return a store with a document of two passages in /docs, and a file in /lists that could not be read."""
    passages = [Passage(f"p{n}", "d1", n, "Text.", Kind.TEXT) for n in range(2)]
    with database.begin() as db:
        documents.put(db, [(DOCUMENT, passages)], version=documents.advance_corpus(db), at=MOMENT)
        documents.refuse(db, "/lists", {"b.pdf": "broken"}, MOMENT)
    return database


def test_each_source_is_counted(known: Database) -> None:
    with known.read() as db:
        docs, lists = source_states.every(db)

    assert (docs.name, docs.documents, docs.passages, docs.newest, docs.refused) == ("/docs", 1, 2, MOMENT, 0)
    assert (lists.name, lists.documents, lists.refused) == ("/lists", 0, 1)


def test_passages_are_told_apart_by_their_source(known: Database) -> None:
    with known.read() as db:
        assert sources.within(db, ["p0", "p1", "p9"], {"/docs"}) == {"p0", "p1"}
        assert sources.within(db, ["p0"], {"/lists"}) == frozenset()


def test_a_path_takes_the_place_of_what_lies_below_it(database: Database) -> None:
    with database.begin() as db:
        given_paths.keep(db, "/docs/a", frozenset({"channel:C1"}), MOMENT)
        given_paths.keep(db, "/docs", None, MOMENT)

    with database.read() as db:
        (kept,) = given_paths.every(db)
    assert (kept.path, kept.access) == ("/docs", None)


def test_a_path_is_not_below_one_that_only_begins_alike(database: Database) -> None:
    with database.begin() as db:
        given_paths.keep(db, "/docs2", frozenset({"channel:C1"}), MOMENT)
        given_paths.keep(db, "/docs", None, MOMENT)

    with database.read() as db:
        assert len(given_paths.every(db)) == 2


def test_what_judges_took_is_counted_from_a_moment_on(database: Database) -> None:
    with database.begin() as db:
        judgements.put(db, [JUDGED, replace(JUDGED, run=2, usage={"calls": 1, "cost": None})])

    with database.read() as db:
        spent, later = spending.since(db, MOMENT), spending.since(db, MOMENT + timedelta(seconds=1))
    assert (spent.calls, spent.cost, spent.unpriced, later.calls) == (3, 0.25, 1, 0)


def test_the_audit_log_goes_on_where_a_page_ended(database: Database) -> None:
    with database.begin() as db:
        for number in range(5):
            audit.put(db, "U9", "budget", str(number), MOMENT)

    with database.read() as db:
        first = audit.page(db, None, 2)
        rest = audit.page(db, first[-1].number, 10)
    assert [one.subject for one in (*first, *rest)] == ["4", "3", "2", "1", "0"]


def test_a_channel_that_is_held_is_found_as_it_is(database: Database) -> None:
    with database.begin() as db:
        channels.put(db, ChannelSettings("C1", persona="Brief."), "U9", MOMENT)

    with database.begin() as db:
        assert channels.held(db, "C1").persona == "Brief."
