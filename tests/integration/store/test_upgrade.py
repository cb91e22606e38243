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
from flywheel.learning.release import roll_back
from flywheel.measurement.turn import queue, turn
from flywheel.model import PUBLIC, Audience, Retriever, Routing, Surface
from flywheel.retrieval import champions
from flywheel.retrieval.search import shortlist
from flywheel.store import answers, database, documents, passages, releases, turns
from flywheel.store.arms import identity
from flywheel.store.database import Database
from flywheel.store.direct import direct
from tests.integration.conftest import PostgresServer
from tests.parts import MOMENT, HashingEncoder, know, make_core

SAID = "VPN sessions end after 12 hours."
ASKED = "When do VPN sessions end?"
APPROVED = "Who is on call?"
VECTORS = [row.astype(np.float32).tobytes() for row in HashingEncoder().encode([SAID, APPROVED])]
NONE: dict[str, Any] = {}
WEIGHT: dict[str, Any] = {"alpha": 0.3}
ORDER: dict[str, Any] = {"features": ["dense_norm", "bm25_norm"], "mean": [0, 0], "scale": [1, 1], "weights": [1, 2]}
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

LEARNED: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("release", {"id": identity(learner, artefact), "learner": learner, "artefact": artefact, "evidence": NONE,
                   "snapshot": "s", "created_at": MOMENT, "outcome": "released", "serving": True})
      for learner, artefact in (("fusion", WEIGHT), ("reranker", ORDER))),
    ("signal", {"key": "k", "answer_id": "a", "kind": "thumbs_up", "person": "U1", "at": MOMENT, "detail": NONE}),
    ("turn", {"id": "t", "state": "finished", "requested_by": "U9", "requested_at": MOMENT, "finished_at": MOMENT,
              "snapshot": "s", "evidence": NONE}),
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Return a database without any table."""
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = f"old_{uuid.uuid4().hex}"
        server.operator.execute(f"CREATE DATABASE {name}")
        opened = Database(server.url(name))
    yield opened
    opened.close()


@pytest.fixture
def old(empty: Database) -> Database:
    """Return a database of the first schema with a row of each kind that a question touches."""
    _fill(empty, "m001", ROWS)
    return empty


@pytest.fixture
def taught(empty: Database, tmp_path: Path) -> Core:
    """Return a core on a database that had learned under the second schema, brought up to date."""
    _fill(empty, "m002", (*ROWS, *LEARNED))
    empty.migrate()
    return make_core(tmp_path, database=empty)


@pytest.fixture
def core(old: Database, tmp_path: Path) -> Core:
    """Return a core on that database, brought up to date."""
    old.migrate()
    return make_core(tmp_path, database=old)


def _fill(opened: Database, revision: str, rows: tuple[tuple[str, dict[str, Any]], ...]) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with opened.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    tables = MetaData()
    tables.reflect(opened.engine)
    with opened.engine.begin() as connection:
        for name, row in rows:
            connection.execute(insert(tables.tables[name]).values(**row))


def test_an_old_database_says_that_it_is_behind(old: Database) -> None:
    assert old.behind() == "at m001, needs m005"


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


def test_models_that_served_serve_everybody_as_before(taught: Core) -> None:
    with direct(taught.database) as db:
        found = {person: champions.read(db, person) for person in (None, "U1", "U2")}

    assert {one.alpha for one in found.values()} == {0.3}
    assert {one.versions["reranker"] for one in found.values()} == {identity("reranker", ORDER)}


def test_questions_are_answered_with_them_before_the_first_turn(taught: Core) -> None:
    answer = ask(taught, Asking(ASKED, "U2", Surface.API, Audience.everyone(), "q2"))

    assert (answer.abstained, answer.versions["fusion"]) == (False, identity("fusion", WEIGHT))


def test_a_turn_over_what_was_stored_before_finishes(taught: Core) -> None:
    turn_id = queue(taught, "test")
    turn(taught, turn_id)

    with taught.database.read() as db:
        done = turns.find(db, turn_id)
        [kept] = [one for one in releases.history(db, "fusion") if one.serving]
    assert done is not None
    assert (done.state, done.error, kept.share) == ("finished", None, 1.0)


def test_a_model_from_before_can_be_taken_back(taught: Core) -> None:
    roll_back(taught, identity("fusion", WEIGHT), "U9")

    with direct(taught.database) as db:
        assert champions.read(db).versions["fusion"] == "default"


def serves(core: Core) -> bool:
    """Tell whether the verified answer is found for its question."""
    hits = shortlist(core, APPROVED, Audience.everyone()).hits
    return ("v", Retriever.ANSWERS) in {(hit.passage_id, hit.retriever) for hit in hits}
