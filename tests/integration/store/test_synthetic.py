"""Made questions are kept with their vectors on both databases, as long as their passages are there."""

from pathlib import Path

import numpy as np

from flywheel.core import Core
from flywheel.store import documents, synthetic
from flywheel.store.database import Database
from flywheel.store.synthetic import SyntheticQuestion
from tests.parts import MOMENT, know, make_core


def put(core: Core, *passages: str, encoder: str = "e") -> None:
    rows = [(SyntheticQuestion(one, f"What of {one}?", "index", MOMENT), np.eye(2, dtype=np.float32)[0])
            for one in passages]  # fmt: skip
    with core.database.begin() as db:
        synthetic.put(db, encoder, rows)


def kept(core: Core, encoder: str = "e") -> list[str]:
    with core.database.read() as db:
        return sorted(one.passage_id for one, _ in synthetic.every(db, encoder))


def test_a_question_comes_back_with_its_vector(database: Database, tmp_path: Path) -> None:
    core = make_core(tmp_path, database=database)
    put(core, "p1")

    with database.read() as db:
        [(one, vector)] = synthetic.every(db, "e")
    assert (one, vector.tolist()) == (SyntheticQuestion("p1", "What of p1?", "index", MOMENT), [1.0, 0.0])


def test_the_same_question_is_stored_once(database: Database, tmp_path: Path) -> None:
    core = make_core(tmp_path, database=database)
    put(core, "p1")
    put(core, "p1", "p2")

    assert kept(core) == ["p1", "p2"]


def test_questions_go_with_their_passages_and_encoders(database: Database, tmp_path: Path) -> None:
    core = make_core(tmp_path, database=database)
    know(core, "vpn.md", "Install it.")
    know(core, "tea.md", "Drink it.")
    put(core, "vpn.md:0", "tea.md:0")
    put(core, "old", encoder="before")
    with database.begin() as db:
        documents.remove(db, ["d-tea.md"], version=documents.advance_corpus(db))
        synthetic.drop_stale(db, "e")

    assert (kept(core), kept(core, "before")) == (["vpn.md:0"], [])
