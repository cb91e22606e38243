"""Verified answers with the vectors that find them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.exc import IntegrityError

from flywheel.model import PUBLIC, VerifiedAnswer
from flywheel.store import corrections, verified
from flywheel.store.database import Database
from tests.integration.store.test_corrections import PENDING
from tests.parts import MOMENT, HashingEncoder, answered, make_core

ENCODER = HashingEncoder()
VECTOR = ENCODER.encode(["How do I connect?"])[0]
ONE = VerifiedAnswer(
    "v1", "How do I connect?", "Use client 5.", frozenset({PUBLIC, "channel:C1"}), "U1", "U9", MOMENT,
    correction_id="c1", source="vpn.md", passage_ids=("vpn.md:0", "vpn.md:1"),
)  # fmt: skip


@pytest.fixture
def stored(database: Database) -> Database:
    with database.begin() as db:
        verified.put(db, ONE, ENCODER.name, VECTOR)
    return database


def test_a_verified_answer_comes_back_with_its_vector(stored: Database) -> None:
    with stored.read() as db:
        [(found, vector)] = verified.active(db, ENCODER.name)

    assert found == ONE
    np.testing.assert_array_equal(vector, VECTOR)


def test_one_correction_makes_one_verified_answer(stored: Database) -> None:
    with pytest.raises(IntegrityError), stored.begin() as db:
        verified.put(db, replace(ONE, id="v2"), ENCODER.name, VECTOR)


def test_it_is_found_by_its_correction(stored: Database) -> None:
    with stored.read() as db:
        assert verified.of_correction(db, "c1") == ONE
        assert verified.of_correction(db, "c2") is None


def test_a_retired_one_is_found_but_serves_no_more(stored: Database) -> None:
    with stored.begin() as db:
        verified.retire(db, ["v1"])

    with stored.read() as db:
        assert (verified.active(db, ENCODER.name), verified.every(db), verified.find(db, "v1")) == ([], [], ONE)


def test_it_serves_under_its_own_encoder_only(stored: Database) -> None:
    with stored.read() as db:
        assert verified.active(db, "another") == []
        assert verified.under_other_encoders(db, "another") == [ONE]
        assert verified.under_other_encoders(db, ENCODER.name) == []


def test_a_new_encoder_takes_over_by_its_vector(stored: Database) -> None:
    with stored.begin() as db:
        verified.place(db, "v1", "another", np.ones(3, dtype=np.float32))

    with stored.read() as db:
        assert verified.active(db, "another")[0][1].tolist() == [1, 1, 1]


def test_all_that_serve_come_oldest_first(stored: Database) -> None:
    older = replace(ONE, id="v0", correction_id=None, approved_at=MOMENT - timedelta(days=1))
    with stored.begin() as db:
        verified.put(db, older, ENCODER.name, VECTOR)

    with stored.read() as db:
        assert [one.id for one in verified.every(db)] == ["v0", "v1"]


def test_forgetting_the_author_deletes_it(stored: Database) -> None:
    with stored.begin() as db:
        verified.forget(db, "U1")

    with stored.read() as db:
        assert verified.find(db, "v1") is None


def test_forgetting_the_approver_takes_the_name_off(stored: Database) -> None:
    with stored.begin() as db:
        verified.forget(db, "U9")

    with stored.read() as db:
        assert verified.find(db, "v1") == replace(ONE, approved_by="")


def test_a_correction_amends_every_answer_that_said_the_same(database: Database, tmp_path: Path) -> None:
    core = make_core(tmp_path, database=database)
    for answer_id, text in (("a1", "Use client 4."), ("a2", "Use client 4."), ("a3", "Something else.")):
        answered(core, answer_id, text=text)
    with database.begin() as db:
        corrections.put(db, PENDING)

    with database.read() as db:
        assert verified.corrected_answers(db, "c1") == ["a1", "a2"]


def test_a_correction_of_an_abstention_amends_that_one_alone(database: Database, tmp_path: Path) -> None:
    core = make_core(tmp_path, database=database)
    for answer_id in ("a1", "a2"):
        answered(core, answer_id, text="I do not know.", abstained=True)
    with database.begin() as db:
        corrections.put(db, PENDING)

    with database.read() as db:
        assert verified.corrected_answers(db, "c1") == ["a1"]
