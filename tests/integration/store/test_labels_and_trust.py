"""The labels and standings of the last turn."""

from dataclasses import replace

from flywheel.store import labels, trusts
from flywheel.store.database import Database
from flywheel.store.labels import StoredLabel
from flywheel.store.standing import Standing
from tests.parts import MOMENT

LABEL = StoredLabel("s1", "q1", "a1", "passage", "p1", 3, 1.0, 0.9, "citation_up", "U1", MOMENT, "counted")
ANA, EVE = Standing(9.0, 1.0, 10), Standing(0.0, 20.0, 25)


def test_a_turn_s_labels_take_the_place_of_the_last_turn_s(database: Database) -> None:
    with database.begin() as db:
        labels.replace_all(db, [LABEL, replace(LABEL, question_id="q2")])
        assert labels.replace_all(db, [replace(LABEL, person="U2")]) == 1

    with database.read() as db:
        assert labels.of_question(db, "q1") == [replace(LABEL, person="U2")]
        assert labels.of_person(db, "U1") == []


def test_labels_are_counted_by_what_became_of_them(database: Database) -> None:
    with database.begin() as db:
        labels.replace_all(db, [LABEL, replace(LABEL, state="quarantined"), LABEL])

        assert labels.counts(db) == {("passage", "counted"): 2, ("passage", "quarantined"): 1}


def test_standings_come_back_the_most_trusted_first(database: Database) -> None:
    with database.begin() as db:
        trusts.replace_all(db, {"eve": EVE, "ana": ANA}, MOMENT)

        assert list(trusts.every(db).items()) == [("ana", ANA), ("eve", EVE)]


def test_a_turn_s_standings_take_the_place_of_the_last_turn_s(database: Database) -> None:
    with database.begin() as db:
        trusts.replace_all(db, {"eve": EVE}, MOMENT)
        trusts.replace_all(db, {"ana": ANA}, MOMENT)

        assert (trusts.of(db, "ana"), trusts.of(db, "eve")) == (ANA, Standing())


def test_nothing_known_is_no_quarantine_and_no_proof() -> None:
    assert not Standing().is_quarantined
    assert not Standing().is_proven
