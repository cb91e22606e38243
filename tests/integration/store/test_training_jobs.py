"""A training's row says who holds it, how far it is and what came of it."""

from datetime import timedelta

import pytest

from flywheel.errors import StaleLease
from flywheel.store import training_jobs
from flywheel.store.database import Database
from flywheel.store.training_jobs import SILENT, TrainingJob, TrainingState
from tests.parts import MOMENT

MATERIAL = {"questions": [["q1", {"p1": 3.0}]], "until": ""}
LATER = MOMENT + SILENT + timedelta(seconds=1)


def queued(database: Database, learner: str = "query_tower", snapshot: str = "s1") -> TrainingJob:
    """Queue a training."""
    with database.begin() as db:
        return training_jobs.queue(db, learner, snapshot, MATERIAL, MOMENT)


def claimed(database: Database) -> TrainingJob:
    """Claim the next training."""
    with database.begin() as db:
        found = training_jobs.claim(db, MOMENT)
    assert found is not None
    return found


def test_the_same_snapshot_is_trained_on_once(database: Database) -> None:
    assert queued(database).id == queued(database).id


def test_a_learner_has_one_training_waiting(database: Database) -> None:
    assert queued(database, snapshot="s1").id == queued(database, snapshot="s2").id


def test_one_training_runs_at_a_time(database: Database) -> None:
    queued(database)
    queued(database, learner="towers")
    claimed(database)

    with database.begin() as db:
        assert training_jobs.claim(db, MOMENT) is None


def test_a_training_that_fell_silent_goes_on_elsewhere_with_its_progress(database: Database) -> None:
    queued(database)
    first = claimed(database)
    with database.begin() as db:
        training_jobs.beat(db, first, 0.4, MOMENT)

    with database.begin() as db:
        second = training_jobs.claim(db, LATER)

    assert second is not None
    assert (second.id, second.progress, second.fence) == (first.id, 0.4, first.fence + 1)


def test_who_was_away_too_long_cannot_finish(database: Database) -> None:
    queued(database)
    first = claimed(database)
    with database.begin() as db:
        training_jobs.claim(db, LATER)

    with pytest.raises(StaleLease), database.begin() as db:
        training_jobs.finish(db, first, {}, LATER)


def test_a_finished_training_keeps_its_artefact(database: Database) -> None:
    queued(database)
    running = claimed(database)
    with database.begin() as db:
        training_jobs.finish(db, running, {"folder": "f"}, MOMENT)

    with database.read() as db:
        found = training_jobs.newest_result(db, "query_tower")
    assert found is not None
    assert (found.state, found.result) == (TrainingState.FINISHED, {"folder": "f"})


def test_forgetting_leaves_no_training_behind(database: Database) -> None:
    queued(database)
    running = claimed(database)

    with database.begin() as db:
        training_jobs.forget(db)

    with pytest.raises(StaleLease), database.begin() as db:
        training_jobs.beat(db, running, 0.5, MOMENT)
