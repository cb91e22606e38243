"""Sets to be measured by are kept on both databases, hashed by their content, and lose what is forgotten."""

from datetime import date, timedelta

import pytest

from flywheel.store import evaluation_sets
from flywheel.store.database import Database
from flywheel.store.evaluation_sets import EvaluationSet, Item, SetKind, identity
from tests.parts import MOMENT


def made(*names: str, kind: SetKind = SetKind.FROZEN, day: int = 0) -> EvaluationSet:
    items = tuple(Item(name, "documents", {f"passage of {name}": 2.5}) for name in names)
    return EvaluationSet(identity(kind, items), kind, MOMENT + timedelta(days=day), date(2027, 2, 1), items)


def stored(database: Database, *sets: EvaluationSet) -> None:
    with database.begin() as db:
        for one in sets:
            evaluation_sets.put(db, one)


def test_a_set_comes_back_as_it_was_put(database: Database) -> None:
    stored(database, made("q1", "q2"))

    with database.read() as db:
        assert evaluation_sets.active(db, SetKind.FROZEN) == made("q1", "q2")
        assert evaluation_sets.reserved(db) == {"q1", "q2"}
        assert evaluation_sets.active(db, SetKind.ROLLING) is None


def test_the_newest_is_measured_on_and_frozen_ones_stay(database: Database) -> None:
    stored(database, made("q1"), made("q1", "q2", day=1))

    with database.read() as db:
        assert evaluation_sets.active(db, SetKind.FROZEN) == made("q1", "q2", day=1)
        assert evaluation_sets.history(db, SetKind.FROZEN) == [made("q1"), made("q1", "q2", day=1)]


def test_only_the_newest_rolling_sample_stays(database: Database) -> None:
    newest = made("q2", kind=SetKind.ROLLING, day=1)
    stored(database, made("q1", kind=SetKind.ROLLING), newest, made("q9"))

    with database.read() as db:
        assert evaluation_sets.history(db, SetKind.ROLLING) == [newest]
        assert evaluation_sets.active(db, SetKind.FROZEN) == made("q9")


def test_a_forgotten_question_leaves_no_trace_in_any_set(database: Database) -> None:
    stored(database, made("q1"), made("q1", "q2", day=1), made("q1", kind=SetKind.ROLLING))

    with database.begin() as db:
        evaluation_sets.drop(db, ["q1"])

    with database.read() as db:
        assert evaluation_sets.history(db, SetKind.FROZEN) == [made("q2", day=1)]
        assert evaluation_sets.active(db, SetKind.FROZEN) == made("q2", day=1)
        assert evaluation_sets.history(db, SetKind.ROLLING) == []


def test_a_set_that_becomes_equal_to_an_older_one_stays_the_active_one(database: Database) -> None:
    stored(database, made("q1"), made("q1", "q2", day=1))

    with database.begin() as db:
        evaluation_sets.drop(db, ["q2"])

    with database.read() as db:
        assert evaluation_sets.active(db, SetKind.FROZEN) == made("q1")


@pytest.mark.parametrize("other", [("q2", "q1"), ("q1", "q2")])
def test_the_hash_is_of_the_content_and_not_of_its_order(other: tuple[str, ...]) -> None:
    assert made("q1", "q2").id == made(*other).id != made("q1").id
