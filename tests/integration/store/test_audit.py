"""The audit log."""

from sqlalchemy import text

from flywheel.store import audit
from flywheel.store.database import Database
from tests.parts import MOMENT


def test_an_act_is_kept_with_who_did_it(database: Database) -> None:
    with database.begin() as db:
        audit.put(db, "U9", "promote", "fusion 12ab", MOMENT)

    with database.read() as db:
        kept = db.execute(text("SELECT person, act, subject FROM audit")).one()
    assert tuple(kept) == ("U9", "promote", "fusion 12ab")
