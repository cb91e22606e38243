"""Profiles: found by any of their names, and hidden for good until the person says otherwise."""

import pytest

from flywheel.store import profiles
from flywheel.store.database import Database
from flywheel.store.profiles import Profile
from tests.parts import MOMENT

ANA = Profile("U1", "Ana Alvarez", "Head of IT", "ana@x.example")


@pytest.fixture
def known(database: Database) -> Database:
    with database.begin() as db:
        profiles.put(db, ANA, MOMENT)
        profiles.put(db, Profile("U2", "Bo Lind", "Data engineer"), MOMENT)
    return database


def hide(database: Database, *, hidden: bool) -> None:
    with database.begin() as db:
        profiles.hide(db, "U1", MOMENT, hidden=hidden)


@pytest.mark.parametrize("name", ["u1", "ANA ALVAREZ", "Ana@X.example"])
def test_a_person_is_known_by_id_name_and_address(known: Database, name: str) -> None:
    with known.read() as db:
        assert profiles.known_as(db, [name, "somebody"]) == [ANA]


def test_a_profile_is_brought_up_to_date(known: Database) -> None:
    with known.begin() as db:
        profiles.put(db, Profile("U1", "Ana Lind", "Head of IT"), MOMENT)

    with known.read() as db:
        assert profiles.find(db, "U1") == Profile("U1", "Ana Lind", "Head of IT", "ana@x.example")


def test_a_person_who_hides_stays_hidden_when_the_profile_changes(known: Database) -> None:
    hide(known, hidden=True)
    with known.begin() as db:
        profiles.put(db, ANA, MOMENT)

    with known.read() as db:
        assert profiles.is_hidden(db, "U1")


def test_a_person_can_be_named_again(known: Database) -> None:
    hide(known, hidden=True)
    hide(known, hidden=False)

    with known.read() as db:
        assert not profiles.is_hidden(db, "U1")


def test_somebody_unknown_can_hide(database: Database) -> None:
    hide(database, hidden=True)

    with database.read() as db:
        assert profiles.is_hidden(db, "U1")


def test_who_has_left_is_forgotten_unless_hidden(known: Database) -> None:
    hide(known, hidden=True)
    with known.begin() as db:
        profiles.remove(db, "U1")
        profiles.remove(db, "U2")

    with known.read() as db:
        assert (profiles.is_hidden(db, "U1"), profiles.find(db, "U2")) == (True, None)


def test_titles_are_searched_among_those_who_are_not_hidden(known: Database) -> None:
    hide(known, hidden=True)

    with known.read() as db:
        assert [one.id for one in profiles.titled(db, ["it", "DATA"])] == ["U2"]


@pytest.mark.parametrize("name", ["Åsa Öberg", "åsa öberg", "ÅSA ÖBERG"])
def test_a_person_whose_name_has_letters_beyond_ascii_is_known_by_it_in_any_case(known: Database, name: str) -> None:
    with known.begin() as db:
        profiles.put(db, Profile("U3", "Åsa Öberg", "Head of Ärzte"), MOMENT)

    with known.read() as db:
        assert [one.id for one in profiles.known_as(db, [name])] == ["U3"]
        assert [one.id for one in profiles.titled(db, ["ärzte"])] == ["U3"]
