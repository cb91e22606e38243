"""The ledger: added to, never changed."""

from datetime import timedelta

from flywheel.model import Signal, SignalKind
from flywheel.store import signals
from flywheel.store.database import Database
from tests.parts import MOMENT


def signal(key: str, minutes: int = 0, answer_id: str = "a1", person: str = "U1") -> Signal:
    at = MOMENT + timedelta(minutes=minutes)
    return Signal(key, answer_id, SignalKind.THUMBS_UP, person, at, {"reason": "größer 🙂"})


def put(database: Database, *all_of_them: Signal) -> list[bool]:
    with database.begin() as db:
        return [signals.put(db, one) for one in all_of_them]


def test_a_signal_comes_back_as_it_was_put(database: Database) -> None:
    put(database, signal("k1"))

    with database.read() as db:
        assert signals.every(db) == [signal("k1")]


def test_the_same_key_is_stored_once(database: Database) -> None:
    assert put(database, signal("k1"), signal("k1", minutes=5)) == [True, False]

    with database.read() as db:
        assert signals.every(db) == [signal("k1")]


def test_signals_of_an_answer_come_oldest_first(database: Database) -> None:
    put(database, signal("late", 9), signal("early", 1), signal("other", answer_id="a2"))

    with database.read() as db:
        assert [one.key for one in signals.of_answer(db, "a1")] == ["early", "late"]


def test_signals_of_one_moment_come_in_the_order_they_were_stored(database: Database) -> None:
    put(database, signal("z"), signal("a"), signal("m"))

    with database.read() as db:
        assert [one.key for one in signals.of_answer(db, "a1")] == ["z", "a", "m"]


def test_signals_of_several_answers_come_together(database: Database) -> None:
    put(database, signal("1"), signal("2", 1, "a2"), signal("3", 2, "a3"))

    with database.read() as db:
        assert [one.key for one in signals.of_answers(db, ["a1", "a3"])] == ["1", "3"]


def test_since_includes_its_moment(database: Database) -> None:
    put(database, signal("before", -1), signal("at"), signal("after", 1))

    with database.read() as db:
        assert [one.key for one in signals.since(db, MOMENT)] == ["at", "after"]


def test_forgetting_a_person_leaves_the_signals_of_others(database: Database) -> None:
    put(database, signal("hers"), signal("his", person="U2"))

    with database.begin() as db:
        signals.forget(db, "U1")

    with database.read() as db:
        assert (signals.of_person(db, "U1"), len(signals.of_person(db, "U2"))) == ([], 1)
