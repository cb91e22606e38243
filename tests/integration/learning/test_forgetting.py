"""Forgetting somebody: nothing of theirs remains, and what is learned again is what would have been without them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from bot.commands.people import relearned
from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, suggest
from flywheel.curation.person import forget
from flywheel.measurement.turn import queue, turn
from flywheel.model import Signal, SignalKind
from flywheel.registry import Outcome, Release
from flywheel.retrieval import champions
from flywheel.retrieval.arrays import Array, packed
from flywheel.retrieval.features import FEATURES
from flywheel.store import question_vectors, releases, signals
from flywheel.store.database import Database, Session
from flywheel.store.direct import direct
from tests.integration.learning.company import START, asked, core_on, hit, judged
from tests.parts import migrated_sqlite

QUESTIONS, PERSONS = 300, 12
GONE = "UCANARYGONE"
CANARIES = (GONE.encode(), b"XYLOPHONE", b"QUOKKA")


@dataclass(frozen=True, slots=True)
class World:
    """A company after one turn; `folder` holds all its files."""

    core: Core
    folder: Path


def lived(folder: Path, *, with_them: bool) -> World:
    """Fill a company's store, with the one who will be forgotten or without, and turn the wheel."""
    database = migrated_sqlite(folder)
    core = core_on(database)
    for number in range(QUESTIONS):
        person = GONE if number % PERSONS == 5 else f"p{number % PERSONS}"
        if person != GONE or with_them:
            _one(database, number, person)
    if with_them:
        _meddled(core)
    turn(core, queue(core, "test"))
    return World(core, folder)


def _one(database: Database, number: int, person: str) -> None:
    """Store a question, its answer, and the asker's judgement of what they wanted."""
    rng = np.random.default_rng([7, number])
    rows = [dict(zip(FEATURES, map(float, rng.uniform(size=len(FEATURES))), strict=True)) for _ in range(12)]
    rows.sort(key=lambda row: -row["dense_norm"] - row["bm25_norm"])
    hits = [hit(number, rank, row) for rank, row in enumerate(rows, 1)]
    wanted = max(hits, key=lambda one: one.features["title_overlap"] + 0.2 * rng.gumbel())
    with database.begin() as db:
        asked(db, number, hits, person=person)
        judged(db, number, wanted, person=person)
        if person == GONE:
            db.execute(text("UPDATE question SET text = text || ' XYLOPHONE' WHERE person = :p"), {"p": GONE})


def _meddled(core: Core) -> None:
    """Have them judge, vote and write about what others asked."""
    with core.database.begin() as db:
        for number in range(0, QUESTIONS, 6):
            about = f"a{number:04d}" if number % PERSONS != 5 else "a0000"
            at = START + timedelta(minutes=30 * number + 9)
            detail = {"passage_id": f"passage-d{number % 10}-3"}
            signals.put(db, Signal(f"meddle {number}", about, SignalKind.CITATION_UP, GONE, at, detail))
            signals.put(db, Signal(f"no {number}", about, SignalKind.THUMBS_DOWN, GONE, at, {"reason": "wrong_source"}))
    suggest(core, Suggestion("theirs", "a0001", GONE, "QUOKKA says otherwise."))


def models(world: World) -> list[tuple[str, str, bool]]:
    with world.core.database.read() as db:
        return sorted((one.learner, one.id, one.serving) for one in releases.history(db))


@pytest.fixture(scope="module")
def never(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = lived(tmp_path_factory.mktemp("never"), with_them=False)
    yield made
    made.core.database.close()


@pytest.fixture(scope="module")
def forgotten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[tuple[str, str, bool]]]]:
    """Return a world that has forgotten them and learned again, and the models that there were before."""
    folder = tmp_path_factory.mktemp("forgotten")
    made = lived(folder, with_them=True)
    before = models(made)
    (folder / "models" / "training_1").mkdir(parents=True)
    (folder / "models" / "training_1" / "material.json").write_text(json.dumps({"questions": ["XYLOPHONE?"]}))
    found = forget(made.core, GONE, [folder / "models"])
    relearned(made.core, served=bool(found.taken and found.taken.served))
    yield made, before
    made.core.database.close()


def test_they_had_taught_something(never: World, forgotten: tuple[World, list[tuple[str, str, bool]]]) -> None:
    assert {one[1] for one in forgotten[1]} != {one[1] for one in models(never)}


def test_what_is_learned_again_is_what_would_have_been_without_them(
    never: World, forgotten: tuple[World, list[tuple[str, str, bool]]]
) -> None:
    assert models(never)
    assert models(forgotten[0]) == models(never)


@pytest.mark.parametrize("canary", CANARIES)
def test_no_byte_of_theirs_is_left_in_any_file(
    forgotten: tuple[World, list[tuple[str, str, bool]]], canary: bytes
) -> None:
    files = [one for one in sorted(forgotten[0].folder.rglob("*")) if one.is_file()]

    assert [one.name for one in files if canary in one.read_bytes()] == []


def test_vectors_of_what_they_asked_go_from_the_store_and_from_what_serves(tmp_path: Path) -> None:
    core = core_on(migrated_sqlite(tmp_path))
    vector = np.random.default_rng(5).normal(size=384).astype(np.float32)
    traces = (vector.tobytes()[100:140], packed(vector)[200:240].encode())
    with core.database.begin() as db:
        asked(db, 1, [hit(1, 1, dict.fromkeys(FEATURES, 0.5))], person=GONE)
        question_vectors.put(db, core.encoder.name, {"q0001": ("It", vector)})
        release_id = _remembering(db, core, vector)
    kept = [one in _raw(tmp_path) for one in traces]

    forget(core, GONE)

    with direct(core.database) as db:
        serving = champions.read(db)
    assert (kept, [one in _raw(tmp_path) for one in traces]) == ([True, True], [False, False])
    assert (serving.memory, serving.versions["memory"]) == (None, "default")
    assert release_id.encode() not in _raw(tmp_path)


def _remembering(db: Session, core: Core, vector: Array) -> str:
    """Release a memory of one question, and return its id."""
    votes = packed(np.ones((1, 1)))
    artefact: dict[str, object] = {
        "encoder": core.encoder.name,
        "dimensions": len(vector),
        "bandwidth": 1.5,
        "gain": 1.0,
        "passages": ["p"],
        "count": 1,
        "known": 1,
        "questions": packed(vector),
        "votes": votes,
        "judged_votes": votes,
    }
    name = releases.identity("memory", artefact)
    at = START + timedelta(days=30)
    releases.put(db, Release(name, "memory", artefact, {}, "s", at, Outcome.HELD, serving=False))
    return releases.promote(db, name, at=at).id


def _raw(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(folder.glob("test.db*")))


def test_no_row_mentions_their_questions(forgotten: tuple[World, list[tuple[str, str, bool]]]) -> None:
    world, _ = forgotten
    raw = _raw(world.folder)
    theirs = [number for number in range(QUESTIONS) if number % PERSONS == 5]

    assert [number for number in theirs if f"a{number:04d}".encode() in raw] == []
