"""What people should look at."""

from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.review_queue import decide, told
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.store import audit, reviews
from flywheel.store.database import Database
from flywheel.store.reviews import ReviewItem, ReviewKind, identity
from tests.parts import MOMENT, make_core

DOUBT = ReviewItem("d1", ReviewKind.DOUBTED, "key p1", MOMENT, "U1", {"belief": 0.1})
QUARANTINE = ReviewItem("q1", ReviewKind.QUARANTINE, "U7", MOMENT, "U7")


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with a doubted label and somebody in quarantine."""
    made = make_core(tmp_path, admins=frozenset({"U9"}))
    with made.database.begin() as db:
        reviews.put(db, [DOUBT, QUARANTINE])
    return made


def test_the_same_matter_is_put_up_once(database: Database) -> None:
    with database.begin() as db:
        assert reviews.put(db, [DOUBT]) == [DOUBT]
        assert reviews.put(db, [replace(DOUBT, subject="another"), QUARANTINE]) == [QUARANTINE]

    with database.read() as db:
        assert reviews.waiting(db) == [DOUBT, QUARANTINE]


def test_the_same_matter_has_the_same_id_and_fits_its_column() -> None:
    assert identity(ReviewKind.QUARANTINE, "U7") == identity(ReviewKind.QUARANTINE, "U7")
    assert len(identity(ReviewKind.DOUBTED, "x" * 500)) <= 64


def test_keys_come_in_the_order_they_were_given(database: Database) -> None:
    with database.begin() as db:
        reviews.turn_key(db, "c1", "U2", MOMENT)

        assert set(reviews.turn_key(db, "c1", "U1", MOMENT)) == {"U1", "U2"}
        assert reviews.keys(db, "c2") == []


def test_a_key_waits_for_nobody(database: Database) -> None:
    with database.begin() as db:
        reviews.turn_key(db, "c1", "U2", MOMENT)

        assert reviews.waiting(db) == []


def test_the_next_turn_is_told_what_was_decided(core: Core) -> None:
    decide(core, "d1", "U9", "right")
    decide(core, "q1", "U9", "trusted")

    with core.database.read() as db:
        decisions = told(db)
        assert reviews.waiting(db) == []
    assert (set(decisions.upheld), set(decisions.cleared)) == ({"key p1"}, {"U7"})


def test_a_label_called_wrong_stays_out(core: Core) -> None:
    decide(core, "d1", "U9", "wrong")

    with core.database.read() as db:
        assert told(db).upheld == frozenset()


def test_a_verdict_is_in_the_audit_log(core: Core) -> None:
    decide(core, "q1", "U9", "trusted")

    with core.database.read() as db:
        assert audit.latest(db, ["q1"])["q1"].person == "U9"


def test_only_administrators_decide(core: Core) -> None:
    with pytest.raises(NotAllowed):
        decide(core, "q1", "U7", "trusted")


def test_a_verdict_that_means_nothing_is_refused(core: Core) -> None:
    with pytest.raises(InvalidInput, match="not trusted, trusted"):
        decide(core, "q1", "U9", "right")


def test_what_is_not_there_cannot_be_decided(core: Core) -> None:
    with pytest.raises(NotFound):
        decide(core, "q7", "U9", "trusted")


def test_the_longest_key_of_a_label_is_kept_whole(database: Database) -> None:
    longest = f"{'k' * 255} {'p' * 64}"
    item = ReviewItem("long", ReviewKind.DOUBTED, longest, MOMENT)

    with database.begin() as db:
        reviews.put(db, [item])
        reviews.decide(db, "long", "U9", "right", MOMENT)
        assert told(db).upheld == {longest}
