"""Chroma serves where it should, is checked before it is trusted, and is never missed when it fails."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flywheel.gateways.chroma_reader import LOCK_FILE
from flywheel.gateways.dense_index import DenseIndex
from flywheel.gateways.generations import Parts, rebuild, worth_rebuilding
from flywheel.model import Audience
from flywheel.store import generations
from flywheel.store.database import Database
from tests.integration.gateways.conftest import NOW, HashingEncoder, Library

EVERYONE = Audience.everyone()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Yield an empty store on SQLite alone: a build of Chroma takes seconds, and reads no other SQL than the scan."""
    store = Database(f"sqlite:///{tmp_path}/store.db")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def parts(database: Database, encoder: HashingEncoder, tmp_path: Path) -> Parts:
    """Return what a rebuild needs, with Chroma from the first passage on."""
    return Parts(database, encoder, tmp_path / "home", lambda: NOW, vectors_from=1)


@pytest.fixture
def built(library: Library, parts: Parts) -> Parts:
    """Build a generation of 40 passages."""
    library.add_many(40)
    rebuild(parts)
    return parts


def dense(parts: Parts) -> DenseIndex:
    """Return an index that asks Chroma from the first readable passage on."""
    return DenseIndex(parts.database, parts.encoder, home=parts.home, crossover=1)


def nearest(index: DenseIndex, text: str, k: int = 5) -> list[str]:
    """Return the ids found for a text."""
    return [one.passage_id for one in index.nearest(HashingEncoder().encode([text])[0], EVERYONE, k)]


def opened(parts: Parts) -> DenseIndex:
    """Return an index whose Chroma generation is open."""
    index = dense(parts)
    assert index._serving is not None
    index._serving.open_now()
    return index


def test_chroma_finds_what_the_exact_scan_finds(built: Parts) -> None:
    exact = DenseIndex(built.database, built.encoder)
    index = opened(built)

    assert nearest(index, "topic 7 words") == nearest(exact, "topic 7 words")
    assert "chroma" in index.describe()
    index.close()


def test_passages_newer_than_the_generation_are_found_and_removed_ones_are_not(built: Parts, library: Library) -> None:
    index = opened(built)
    library.add("new", "entirely fresh text")
    library.remove("n7")
    library.add("n8", "topic 8 words", "user:U1")

    assert nearest(index, "entirely fresh text")[0] == "new"
    assert not {"n7", "n8"} & set(nearest(index, "topic 7 words", 40))
    assert len(nearest(index, "topic 7 words", 40)) == 39
    index.close()


def test_questions_are_answered_while_chroma_is_being_opened(built: Parts) -> None:
    index = dense(built)

    assert nearest(index, "topic 7 words")[0] == "n7"
    index.close()


@pytest.mark.parametrize("damaged", ["chroma.sqlite3", "flywheel.json", "everything"])
def test_a_broken_generation_is_quarantined_and_the_exact_scan_answers(built: Parts, damaged: str) -> None:
    folder = next((built.home / "index").glob("vectors-*"))
    for path in [one for one in folder.rglob("*") if one.is_file()]:
        if damaged in {path.name, "everything"}:
            path.write_bytes(b"not what it was" * 100)
    index = dense(built)
    nearest(index, "topic 7 words")
    index.close()

    assert nearest(index, "topic 7 words")[0] == "n7"
    with built.database.read() as db:
        assert generations.broken(db) == [folder.name]


def test_a_generation_that_another_process_holds_is_left_alone(built: Parts) -> None:
    folder = next((built.home / "index").glob("vectors-*"))
    lock = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    index = dense(built)
    nearest(index, "topic 7 words")
    index.close()

    assert nearest(index, "topic 7 words")[0] == "n7"
    with built.database.read() as db:
        assert generations.broken(db) == []
    os.close(lock)


def test_below_the_crossover_chroma_is_not_even_built(
    library: Library, database: Database, encoder: HashingEncoder, tmp_path: Path
) -> None:
    library.add("p1", "plain words")

    built = rebuild(Parts(database, encoder, tmp_path / "home", lambda: NOW))

    assert built.vectors is None


def test_a_rebuild_is_worth_it_when_a_twentieth_is_new(built: Parts, library: Library) -> None:
    library.add("one", "one more")
    library.add("two", "two more")
    before = worth_rebuilding(built)

    library.add("three", "three more")

    assert (before, worth_rebuilding(built)) == (False, True)
