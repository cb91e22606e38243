"""Reading straight from the driver gives what a session gives."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, select

from flywheel.model import PUBLIC, Audience, Document, Kind, Passage
from flywheel.store import documents, passages
from flywheel.store.database import Database
from flywheel.store.direct import direct
from flywheel.store.knowledge_tables import DocumentRow, PassageRow

NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
TITLES = select(DocumentRow.__table__.c.title).where(
    DocumentRow.__table__.c.id.in_(bindparam("ids", expanding=True)),
    DocumentRow.__table__.c.source == bindparam("source"),
)


@pytest.fixture
def stored(database: Database) -> Database:
    """Return a database with a dated document of two passages that members of C1 may read."""
    document = Document(
        "d", "s", "x", "100 % sure?", Kind.TEXT, "h", frozenset({"channel:C1"}), owner="ana", updated_at=NOW
    )
    pieces = [Passage(f"p{n}", "d", n, f"text {n}", Kind.TEXT, ("Leave", "Parental")) for n in range(2)]
    with database.begin() as db:
        documents.put(db, [(document, pieces)], version=documents.advance_corpus(db), at=NOW)
    return database


def test_passages_read_directly_are_those_that_a_session_reads(stored: Database) -> None:
    audience = Audience(frozenset({PUBLIC, "channel:C1"}))

    with direct(stored) as reader, stored.read() as session:
        found = passages.find(reader, ["p1", "gone", "p0"], audience)
        assert found == passages.find(session, ["p1", "gone", "p0"], audience)

    assert [(one.id, one.updated_at, list(one.heading_path)) for one in found] == [
        ("p1", NOW, ["Leave", "Parental"]),
        ("p0", NOW, ["Leave", "Parental"]),
    ]


def test_an_audience_without_a_label_in_common_reads_nothing(stored: Database) -> None:
    with direct(stored) as reader:
        assert passages.find(reader, ["p0", "p1"], Audience.everyone()) == []


@pytest.mark.parametrize(("ids", "titles"), [([], []), (["d"], ["100 % sure?"]), (["a", "d", "e"], ["100 % sure?"])])
def test_a_statement_takes_any_number_of_values(stored: Database, ids: list[str], titles: list[str]) -> None:
    with direct(stored) as reader:
        rows = reader.execute(TITLES, {"source": "s", "ids": ids})

    assert [title for (title,) in rows] == titles


def test_values_that_a_statement_holds_itself_are_kept_beside_those_it_is_given(stored: Database) -> None:
    row = PassageRow.__table__.c
    wanted = select(row.id, row.heading_path).where(
        row.ordinal == 1, row.text.contains("100 %", autoescape=True).is_(False), row.kind.in_([Kind.TEXT.value, "x"]),
        row.page.is_(None), row.document_id == bindparam("document"), row.id.in_(bindparam("ids", expanding=True)),
    )  # fmt: skip

    with direct(stored) as reader:
        found = [reader.execute(wanted, {"document": "d", "ids": ids}) for ids in (["p0", "p1"], [], ["p1"])]

    assert [[name for name, _ in rows] for rows in found] == [["p1"], [], ["p1"]]


def test_a_reader_sees_what_was_committed_since_its_last_statement(stored: Database) -> None:
    audience = Audience(frozenset({"channel:C1"}))
    with direct(stored) as reader:
        assert len(passages.find(reader, ["p0"], audience)) == 1
        with stored.begin() as db:
            documents.remove(db, ["d"], version=documents.advance_corpus(db))

        assert passages.find(reader, ["p0"], audience) == []


def test_the_newest_corpus_version_is_the_committed_one(stored: Database) -> None:
    with stored.begin() as db:
        documents.advance_corpus(db)

    assert passages.newest(stored) == 2


def test_an_empty_store_is_at_version_zero(database: Database) -> None:
    assert passages.newest(database) == 0
