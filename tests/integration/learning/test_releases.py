"""The registry: who serves, who served before, and what happens when a row was changed behind its back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from flywheel.errors import ArtefactError, InvalidInput, NotFound
from flywheel.learning import release as releasing
from flywheel.registry import Outcome, Release
from flywheel.store import releases
from flywheel.store.database import Database
from tests.integration.learning.company import core_on

MOMENT = datetime(2026, 11, 20, tzinfo=UTC)


def challenger(alpha: float) -> Release:
    """Return a held fusion weight."""
    artefact = {"alpha": alpha}
    at = MOMENT + timedelta(minutes=int(alpha * 100))
    return Release(releases.identity("fusion", artefact), "fusion", artefact, {}, "s", at, Outcome.HELD, serving=False)


def released(database: Database, *alphas: float) -> list[str]:
    """Release fusion weights one after the other and return their ids."""
    with database.begin() as db:
        return [releases.promote(db, releases.put(db, challenger(alpha)).id).id for alpha in alphas]


def test_a_stored_challenger_does_not_serve(database: Database) -> None:
    with database.begin() as db:
        releases.put(db, challenger(0.4))

        assert releases.serving(db, "fusion") is None


def test_one_release_of_a_learner_serves(database: Database) -> None:
    _, second = released(database, 0.4, 0.5)

    with database.read() as db:
        assert [one.id for one in releases.history(db, "fusion") if one.serving] == [second]


def test_rolling_back_brings_the_parent_back(database: Database) -> None:
    first, second = released(database, 0.4, 0.5)

    taken = releasing.roll_back(core_on(database), second, "ana")

    with database.read() as db:
        champion = releases.serving(db, "fusion")
    assert champion is not None
    assert (taken.outcome, champion.id) == (Outcome.ROLLED_BACK, first)


def test_rolling_the_first_one_back_leaves_the_defaults(database: Database) -> None:
    (only,) = released(database, 0.4)

    releasing.roll_back(core_on(database), only, "ana")

    with database.read() as db:
        assert releases.serving(db, "fusion") is None


def test_going_back_by_promotion_makes_no_ring_of_parents(database: Database) -> None:
    first, _, third = released(database, 0.4, 0.5, 0.6)
    core = core_on(database)

    releasing.promote(core, first, "ana")
    releasing.promote(core, third, "ana")
    releasing.roll_back(core, third, "ana")

    assert releasing.roll_back(core, first, "ana").parent is None


def test_what_does_not_serve_cannot_be_taken_back(database: Database) -> None:
    first, _ = released(database, 0.4, 0.5)

    with pytest.raises(InvalidInput):
        releasing.roll_back(core_on(database), first, "ana")


def test_an_unknown_release_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        releasing.promote(core_on(database), "nothing", "ana")


def test_changed_parameters_are_refused_when_read(database: Database) -> None:
    released(database, 0.4)
    with database.begin() as db:
        db.execute(text("UPDATE release SET artefact = '{\"alpha\": 0.9}'"))

    with database.read() as db, pytest.raises(ArtefactError):
        releases.serving(db, "fusion")


def test_an_id_that_is_not_the_content_s_hash_is_refused(database: Database) -> None:
    wrong = Release("r1", "fusion", {"alpha": 0.4}, {}, "s", MOMENT, Outcome.HELD, serving=False)

    with database.begin() as db, pytest.raises(ArtefactError):
        releases.put(db, wrong)


def test_the_audit_log_keeps_who_promoted(database: Database) -> None:
    (only,) = released(database, 0.4)

    releasing.promote(core_on(database), only, "ana")

    with database.read() as db:
        assert db.execute(text("SELECT person, act FROM audit")).all() == [("ana", "promote")]
