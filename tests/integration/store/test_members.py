"""Who was said to be a guest or gone, and that it goes with the person."""

from pathlib import Path

from flywheel.ports import Standing
from flywheel.store import members, people
from tests.parts import MOMENT, migrated_sqlite


def test_guests_and_the_deactivated_are_noted_and_nobody_else(tmp_path: Path) -> None:
    database = migrated_sqlite(tmp_path)
    with database.begin() as db:
        for person, standing in {"U1": Standing.MEMBER, "U2": Standing.GUEST, "U3": Standing.GONE}.items():
            members.put_standing(db, person, standing)
        assert members.standings(db) == {"U2": Standing.GUEST, "U3": Standing.GONE}
    database.close()


def test_who_is_a_member_again_is_noted_no_more(tmp_path: Path) -> None:
    database = migrated_sqlite(tmp_path)
    with database.begin() as db:
        members.put_standing(db, "U2", Standing.GUEST)
        members.put_standing(db, "U2", Standing.MEMBER)
        assert members.standing_of(db, "U2") is Standing.UNKNOWN
    database.close()


def test_a_person_is_told_what_is_noted_and_can_have_it_deleted(tmp_path: Path) -> None:
    database = migrated_sqlite(tmp_path)
    with database.begin() as db:
        members.put(db, "C1", "U2", MOMENT)
        members.put_standing(db, "U2", Standing.GUEST)
        told = people.everything_of(db, "U2")["standing"]
        people.forget(db, "U2")

        assert told == [{"person": "U2", "standing": "guest"}]
        assert people.everything_of(db, "U2")["standing"] == []
        assert members.channels_of(db, "U2") == frozenset()
    database.close()
