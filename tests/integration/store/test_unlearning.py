"""What is taken back when a person is forgotten: what was made since their first act, and no more."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from flywheel.core import Core
from flywheel.model import Signal, SignalKind
from flywheel.registry import Outcome, Record, Release
from flywheel.store import (
    evaluation_sets,
    people,
    profiles,
    question_vectors,
    records,
    releases,
    reviews,
    signals,
    training_jobs,
    unlearning,
)
from flywheel.store.database import Database, Session
from flywheel.store.evaluation_sets import EvaluationSet, Item, SetKind
from flywheel.store.profiles import Profile
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.parts import MOMENT, answered, make_core

DAY = timedelta(days=1)
VECTOR = np.ones(384, dtype=np.float32)


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    """Return a core where U1 asked, and judged what U2 asked."""
    made = make_core(tmp_path, database=database)
    answered(made, "a1", person="U1")
    answered(made, "a2", person="U2")
    answered(made, "a3", person="U3")
    items = tuple(Item(f"q-a{number}", "documents", {"p": 3.0}) for number in (1, 2, 3))
    with database.begin() as db:
        signals.put(db, Signal("k", "a2", SignalKind.THUMBS_UP, "U1", MOMENT))
        evaluation_sets.put(
            db, EvaluationSet(evaluation_sets.identity(SetKind.FROZEN, items), SetKind.FROZEN, MOMENT, None, items)
        )
        question_vectors.put(db, "e", {f"q-a{number}": ("?", VECTOR) for number in (1, 2)})
        alarm = ReviewItem("r1", ReviewKind.QUARANTINE, "U1", MOMENT, "U1")
        reviews.put(db, [alarm, ReviewItem("r2", ReviewKind.DOUBTED, "k2 p", MOMENT, "U2", {"question_id": "q-a1"})])
    return made


def release(db: Session, alpha: float, days: float) -> str:
    """Release a fusion weight made so many days after they first did something, and return its id."""
    return put(db, "fusion", {"alpha": alpha}, MOMENT + days * DAY)


def put(db: Session, learner: str, artefact: dict[str, object], at: datetime) -> str:
    """Release a model and return its id."""
    name = releases.identity(learner, artefact)
    releases.put(db, Release(name, learner, artefact, {}, "s", at, Outcome.HELD, serving=False))
    return releases.promote(db, name, at=at).id


def test_the_first_act_is_the_oldest_of_whatever_kind(core: Core) -> None:
    with core.database.begin() as db:
        db.execute(text("UPDATE question SET asked_at = :at WHERE id = 'q-a1'"), {"at": MOMENT + DAY})

        assert unlearning.first_act(db, "U1") == MOMENT
        assert unlearning.first_act(db, "U7") is None


def test_what_served_before_their_first_act_serves_again(core: Core) -> None:
    with core.database.begin() as db:
        before = release(db, 0.4, -1)
        release(db, 0.5, 1)
        release(db, 0.6, 2)
        taken = unlearning.take_back(db, MOMENT)

        assert taken.served
        assert [(one.id, one.serving) for one in releases.history(db)] == [(before, True)]


def test_without_anything_before_it_the_defaults_serve(core: Core) -> None:
    with core.database.begin() as db:
        release(db, 0.5, 1)
        unlearning.take_back(db, MOMENT)

        assert releases.serving_id(db, "fusion") is None


def test_trainings_go_with_their_ids_told_and_tries_are_not_counted(core: Core) -> None:
    with core.database.begin() as db:
        queued = training_jobs.queue(db, "query_tower", "s", {"questions": [["q-a1", {}]]}, MOMENT)
        records.put(db, [Record(MOMENT + n * DAY, unlearning.TRIES, 0.2, 40) for n in (-1, 1)])
        taken = unlearning.take_back(db, MOMENT)

        assert taken.trainings == (queued.id,)
        assert [one.at for one in records.since(db, unlearning.TRIES)] == [MOMENT - DAY]
        assert unlearning.referred_to(db) == ""


def test_their_vectors_and_review_items_go_and_what_they_judged_measures_nothing(core: Core) -> None:
    with core.database.begin() as db:
        people.forget(db, "U1")

    with core.database.read() as db:
        frozen = evaluation_sets.active(db, SetKind.FROZEN)
        assert frozen is not None
        assert frozen.question_ids == {"q-a3"}
        assert list(db.execute(text("SELECT question_id FROM question_vector")).scalars()) == ["q-a2"]
        assert reviews.waiting(db) == []


def test_a_library_that_names_them_goes_though_it_is_older_than_anything_they_did(core: Core) -> None:
    named, other = library("Ask Ana Alvarez."), library("Ask the desk.")
    with core.database.begin() as db:
        profiles.put(db, Profile("U1", "Ana Alvarez"), MOMENT)
        for artefact in (other, named):
            put(db, unlearning.LIBRARY, artefact, MOMENT - DAY)
        people.forget(db, "U1")

        assert [(one.artefact, one.serving) for one in releases.history(db)] == [(other, True)]


def library(answer: str) -> dict[str, object]:
    return {"encoder": "e", "examples": [{"question": "Who?", "answer": answer, "passages": [], "vector": ""}]}
