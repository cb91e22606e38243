"""Vectors of questions are found by the wording that they are of, and go with the question."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from flywheel.store import question_vectors
from flywheel.store.database import Database
from tests.parts import answered, make_core

VECTOR = np.linspace(0, 1, 384, dtype=np.float32)
SAID = "How do I connect?"


@pytest.fixture
def stored(database: Database, tmp_path: Path) -> Database:
    """Return a database with a question and its vector."""
    answered(make_core(tmp_path, database=database), "a1", question=SAID)
    with database.begin() as db:
        question_vectors.put(db, "one", {"q-a1": (SAID, VECTOR)})
    return database


def test_a_vector_comes_back_under_its_encoder_alone(stored: Database) -> None:
    with stored.read() as db:
        assert np.array_equal(question_vectors.by_text(db, "one")[SAID], VECTOR)
        assert question_vectors.by_text(db, "another") == {}


def test_a_newer_vector_takes_the_place_of_the_older(stored: Database) -> None:
    with stored.begin() as db:
        question_vectors.put(db, "one", {"q-a1": (SAID, -VECTOR)})

        assert np.array_equal(question_vectors.by_text(db, "one")[SAID], -VECTOR)


def test_a_vector_of_another_wording_is_not_found(stored: Database) -> None:
    with stored.begin() as db:
        db.execute(text("UPDATE question SET text = 'Else?', standalone = 'Else?'"))

        assert question_vectors.by_text(db, "one") == {}


def test_a_forgotten_vector_is_gone(stored: Database) -> None:
    with stored.begin() as db:
        question_vectors.forget(db, ["q-a1"])

        assert db.execute(text("SELECT count(*) FROM question_vector")).scalar() == 0
