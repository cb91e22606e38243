"""A database that an earlier version filled is brought up to date with all that is in it, and serves at once."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, insert

from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.curation.expiry import expire
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import PUBLIC, Audience, Retriever, Routing, Surface
from flywheel.retrieval.search import shortlist
from flywheel.store import answers, database, documents, passages
from flywheel.store.database import Database
from tests.integration.conftest import PostgresServer
from tests.parts import MOMENT, HashingEncoder, know, make_core

SAID = "VPN sessions end after 12 hours."
ASKED = "When do VPN sessions end?"
APPROVED = "Who is on call?"
VECTORS = [row.astype(np.float32).tobytes() for row in HashingEncoder().encode([SAID, APPROVED])]
NONE: dict[str, Any] = {}
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("corpus", {"id": 1, "version": 1}),
    ("document", {"id": "d", "source": "s", "external_id": "vpn.md", "title": "VPN", "kind": "document",
                  "content_hash": "h", "owner": "U3", "indexed_at": MOMENT}),
    ("document_access", {"document_id": "d", "label": PUBLIC}),
    ("passage", {"id": "p", "document_id": "d", "ordinal": 0, "text": SAID, "kind": "document",
                 "heading_path": ["Access"], "version": 1}),
    ("embedding", {"passage_id": "p", "encoder": HashingEncoder().name, "vector": VECTORS[0]}),
    ("question", {"id": "q", "text": ASKED, "standalone": ASKED, "person": "U1", "surface": "mention",
                  "labels": [PUBLIC], "asked_at": MOMENT}),
    ("answer", {"id": "a", "question_id": "q", "text": f"{SAID} [1]", "abstained": False, "confidence": 0.8,
                "writer": "extractive", "route": {"documents": 1.0}, "versions": NONE, "timings_ms": NONE,
                "trace": [], "answered_at": MOMENT}),
    ("citation", {"answer_id": "a", "n": 1, "passage_id": "p", "external_id": "vpn.md", "title": "VPN"}),
    ("shortlist", {"answer_id": "a", "rank": 1, "passage_id": "p", "external_id": "vpn.md", "retriever": "documents",
                   "score": 1.0, "features": {"dense": 0.9}, "shown": True}),
    ("verified_answer", {"id": "v", "question": APPROVED, "text": SAID, "access": [PUBLIC], "author": "U1",
                         "approved_by": "U9", "approved_at": MOMENT, "source": "vpn.md", "passage_ids": ["p"],
                         "active": True, "encoder": HashingEncoder().name, "vector": VECTORS[1]}),
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Return a database of the first schema with a row of each kind that a question touches."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = f"old_{uuid.uuid4().hex}"
        server.operator.execute(f"CREATE DATABASE {name}")
        opened = Database(server.url(name))
    _fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def core(old: Database, tmp_path: Path) -> Core:
    """Return a core on that database, brought up to date."""
    old.migrate()
    return make_core(tmp_path, database=old)


def _fill(opened: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with opened.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "m001")
        connection.commit()
    tables = MetaData()
    tables.reflect(opened.engine)
    with opened.engine.begin() as connection:
        for name, row in ROWS:
            connection.execute(insert(tables.tables[name]).values(**row))


def test_an_old_database_says_that_it_is_behind(old: Database) -> None:
    assert old.behind() == "at m001, needs m003"


def test_an_old_passage_is_read_as_before(core: Core) -> None:
    with core.database.read() as db:
        [found] = passages.find(db, ["p"], Audience.everyone())

    assert (found.text, found.heading_path, found.detail) == (SAID, ["Access"], None)


def test_an_old_answer_is_read_with_its_sources_and_no_choice_of_retrievers(core: Core) -> None:
    with core.database.read() as db:
        found = answers.find(db, "a")
        [listed] = answers.shortlist_of(db, "a")

    assert found is not None
    assert (found.citations[0].title, found.routing, found.pictures) == ("VPN", Routing(), ())
    assert (listed.retriever, listed.shown) == (Retriever.DOCUMENTS, True)


def test_old_passages_are_found_and_answered_from_before_anything_is_indexed_again(core: Core) -> None:
    answer = ask(core, Asking(ASKED, "U2", Surface.API, Audience.everyone(), "q2"))

    assert (answer.abstained, [one.external_id for one in answer.citations]) == (False, ["vpn.md"])


def test_an_old_verified_answer_serves(core: Core) -> None:
    assert serves(core)


def test_it_serves_on_when_its_source_is_cut_in_another_way(core: Core, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Lunch is at noon.")
    ingest(core, [tmp_path / "other.txt"], None, Silence())
    with core.database.begin() as db:
        documents.remove(db, ["d"], version=documents.advance_corpus(db))
    know(core, "vpn.md", f"Access. {SAID}")

    assert serves(core)
    assert expire(core) == []


def serves(core: Core) -> bool:
    """Tell whether the verified answer is found for its question."""
    hits = shortlist(core, APPROVED, Audience.everyone()).hits
    return ("v", Retriever.ANSWERS) in {(hit.passage_id, hit.retriever) for hit in hits}
