"""Credit in SQL: written anew by each turn, but for what reviewers said."""

from dataclasses import replace
from datetime import timedelta

from flywheel.store import credits as stored
from flywheel.store.credits import Attribution, Part, Word
from flywheel.store.database import Database
from tests.parts import MOMENT

NO = Attribution("k1", "a1", "U1", MOMENT, Part.RANKING, "It was not shown.", evidence={"place": 7})
YES = replace(NO, signal_key="k2", part=Part.NONE, helped=True)
CORRECTED = replace(NO, part=Part.WRITING, corrected_by="U9", corrected_at=MOMENT)


def kept(database: Database, *attributions: Attribution) -> None:
    with database.begin() as db:
        stored.replace_all(db, attributions)


def test_credit_comes_back_as_it_was_stored(database: Database) -> None:
    kept(database, NO, YES)

    with database.read() as db:
        assert stored.of_answer(db, "a1") == [NO, YES]


def test_storing_all_replaces_what_was_there(database: Database) -> None:
    kept(database, NO)
    kept(database, YES)

    with database.read() as db:
        assert stored.of_answer(db, "a1") == [YES]


def test_storing_some_leaves_the_others(database: Database) -> None:
    kept(database, NO, YES)
    with database.begin() as db:
        stored.put(db, [CORRECTED])

    with database.read() as db:
        assert stored.of_answer(db, "a1") == [CORRECTED, YES]


def test_what_reviewers_said_is_known_by_answer(database: Database) -> None:
    kept(database, CORRECTED, replace(NO, signal_key="k3", answer_id="a2"))

    with database.read() as db:
        assert stored.words(db) == {"a1": Word(Part.WRITING, "U9", MOMENT)}


def test_complaints_of_a_period_are_counted_by_part(database: Database) -> None:
    kept(database, NO, YES, replace(NO, signal_key="k3", at=MOMENT + timedelta(days=7)))

    with database.read() as db:
        found = stored.counts(db, MOMENT, MOMENT + timedelta(days=1))
    assert {part: count for part, count in found.items() if count} == {Part.RANKING: 1}
