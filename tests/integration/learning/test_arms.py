"""Canaries: who is served by which release, what replaces what, and what is served after each act."""

from datetime import timedelta

import pytest

from flywheel.errors import InvalidInput
from flywheel.learning import release as releasing
from flywheel.learning.gate import Decision
from flywheel.registry import Outcome
from flywheel.store import releases
from flywheel.store.arms import bucket
from flywheel.store.database import Database
from flywheel.store.direct import direct
from tests.integration.learning.company import core_on
from tests.integration.learning.test_releases import MOMENT, challenger

PEOPLE = [f"U{number}" for number in range(400)]


def settled(database: Database, alpha: float, decision: Decision) -> str:
    """Settle a fusion weight and return its id."""
    with database.begin() as db:
        return releasing.settle(db, challenger(alpha), None, MOMENT + timedelta(days=alpha * 10), decision).id


def served(database: Database, person: str | None = None) -> str | None:
    """Return which fusion weight serves a person."""
    with direct(database) as db:
        found = releases.champions(db, person).get("fusion")
    return found.id if found else None


@pytest.fixture
def champion(database: Database) -> str:
    return settled(database, 0.4, Decision.RELEASED)


@pytest.fixture
def canary(database: Database, champion: str) -> str:
    return settled(database, 0.5, Decision.PROVISIONAL)


def test_a_canary_serves_about_half_of_the_people(database: Database, champion: str, canary: str) -> None:
    arms = [served(database, person) for person in PEOPLE]

    assert set(arms) == {champion, canary}
    assert 160 <= arms.count(canary) <= 240


def test_a_person_stays_in_their_arm(database: Database, canary: str) -> None:
    assert [served(database, one) for one in PEOPLE[:20]] == [served(database, one) for one in PEOPLE[:20]]


def test_arms_of_two_canaries_are_drawn_apart() -> None:
    both = sum(bucket(person, "one") < 0.5 and bucket(person, "two") < 0.5 for person in PEOPLE)

    assert 70 <= both <= 130


def test_a_question_of_nobody_sees_the_canary(database: Database, canary: str) -> None:
    assert served(database) == canary


def test_the_defaults_are_the_control_of_the_first_canary(database: Database) -> None:
    canary = settled(database, 0.5, Decision.PROVISIONAL)

    assert {served(database, person) for person in PEOPLE} == {canary, None}


def test_every_reader_sees_the_same_arm(database: Database, canary: str) -> None:
    with database.read() as db:
        found = [releases.serving(db, "fusion", person) for person in PEOPLE[:20]]
        ids = [releases.serving_id(db, "fusion", person) for person in PEOPLE[:20]]

    assert [one.id for one in found if one] == ids == [served(database, person) for person in PEOPLE[:20]]


def test_a_challenger_that_passes_replaces_the_canary_and_inherits_its_control(
    database: Database, champion: str, canary: str
) -> None:
    newer = settled(database, 0.6, Decision.PROVISIONAL)

    assert {served(database, person) for person in PEOPLE} == {champion, newer}
    with database.read() as db:
        replaced = releases.find(db, canary)
    assert replaced is not None
    assert (replaced.outcome, replaced.serving) == (Outcome.HELD, False)


def test_a_champion_that_passes_again_goes_on_serving_everybody(database: Database, champion: str) -> None:
    settled(database, 0.4, Decision.PROVISIONAL)

    assert {served(database, person) for person in PEOPLE} == {champion}


def test_a_canary_that_passes_again_keeps_its_beginning(database: Database, canary: str) -> None:
    with database.begin() as db:
        begun = releases.since(db, canary)
        releasing.settle(db, challenger(0.5), None, MOMENT + timedelta(days=30), Decision.PROVISIONAL)

        assert releases.since(db, canary) == begun


def test_an_earlier_champion_that_returns_as_a_canary_has_the_present_one_as_its_control(database: Database) -> None:
    first, second = (settled(database, alpha, Decision.RELEASED) for alpha in (0.4, 0.5))

    settled(database, 0.4, Decision.PROVISIONAL)

    assert {served(database, person) for person in PEOPLE} == {first, second}


def test_a_promoted_canary_serves_everybody_and_can_be_taken_back(
    database: Database, champion: str, canary: str
) -> None:
    core = core_on(database)
    releasing.promote(core, canary, "ana")
    everybody = {served(database, person) for person in PEOPLE}
    releasing.roll_back(core, canary, "ana")

    assert (everybody, {served(database, person) for person in PEOPLE}) == ({canary}, {champion})


def test_a_held_canary_serves_nobody_and_may_pass_again(database: Database, champion: str, canary: str) -> None:
    held = releasing.hold(core_on(database), canary, "ana")
    after = {served(database, person) for person in PEOPLE}
    settled(database, 0.5, Decision.PROVISIONAL)

    assert (held.outcome, after, served(database)) == (Outcome.HELD, {champion}, canary)


def test_what_serves_everybody_cannot_be_held(database: Database, champion: str) -> None:
    with pytest.raises(InvalidInput, match="no canary"):
        releasing.hold(core_on(database), champion, "ana")


def test_the_control_of_a_canary_can_be_taken_back(database: Database, champion: str, canary: str) -> None:
    releasing.roll_back(core_on(database), champion, "ana")

    assert {served(database, person) for person in PEOPLE} == {canary, None}


def test_nothing_goes_back_to_what_was_taken_back(database: Database) -> None:
    first, second, third = (settled(database, alpha, Decision.RELEASED) for alpha in (0.4, 0.5, 0.6))
    core = core_on(database)
    releasing.promote(core, second, "ana")
    releasing.roll_back(core, second, "ana")
    releasing.promote(core, third, "ana")
    releasing.roll_back(core, third, "ana")

    assert served(database) == first


def test_a_canary_whose_control_is_gone_leaves_the_defaults_to_the_others(
    database: Database, champion: str, canary: str
) -> None:
    with database.begin() as db:
        releases.remove(db, [champion])

    assert {served(database, person) for person in PEOPLE} == {canary, None}


def test_a_release_in_memory_is_found_again_after_a_roll_back(database: Database) -> None:
    for alpha in (0.41, 0.42, 0.43, 0.44, 0.45):
        settled(database, alpha, Decision.RELEASED)
        served(database)
    newest = served(database)
    assert newest is not None
    releasing.roll_back(core_on(database), newest, "ana")

    with direct(database) as db:
        assert releases.champions(db)["fusion"].artefact == {"alpha": 0.44}
