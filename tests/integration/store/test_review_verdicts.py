"""Reviewers' words in SQL: one that stands per person and item, every one kept, and gone with who said it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from flywheel.core import Core
from flywheel.curation.labelling import Labelled
from flywheel.curation.labels import Labelling, Rules
from flywheel.curation.review_deciding import decide, undo
from flywheel.curation.review_queue import fill, offers
from flywheel.curation.routes import Routes
from flywheel.store import ledger, people, review_verdicts, review_volume, reviews, unlearning
from flywheel.store.database import Database, Session
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.parts import MOMENT, answered, make_core

HOUR = timedelta(hours=1)
NOTHING = Labelled(Labelling((), {}, "s", 0), Routes.nothing(), Rules(), {})
ITEM = ReviewItem("s1", ReviewKind.SAMPLE, "a1", MOMENT, detail={"answer_id": "a1"})


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    """Return a core with one answer to judge."""
    made = make_core(tmp_path, database=database)
    answered(made, "a1", person="U8")
    with database.begin() as db:
        reviews.put(db, [ITEM])
    return made


def say(db: Session, reviewer: str, verdict: str, after: timedelta = timedelta(0)) -> None:
    review_verdicts.put(db, ITEM, (reviewer, verdict, "So it is."), MOMENT + after)


def standing(db: Session) -> list[tuple[str, str]]:
    return [(one.reviewer, one.verdict) for one in review_verdicts.standing(db, "s1")]


def test_a_later_word_takes_the_place_of_the_same_person_s_earlier_one(core: Core) -> None:
    with core.database.begin() as db:
        say(db, "U1", "right")
        say(db, "U2", "wrong", HOUR)
        say(db, "U1", "wrong", 2 * HOUR)

        assert standing(db) == [("U2", "wrong"), ("U1", "wrong")]
        assert db.scalar(text("SELECT count(*) FROM review_verdict")) == 3


def test_what_stood_at_a_moment_can_be_told_later(core: Core) -> None:
    with core.database.begin() as db:
        say(db, "U1", "right")
        say(db, "U1", "wrong", 2 * HOUR)
        seen = [review_verdicts.as_of(db, MOMENT, MOMENT + after)[0][0].verdict for after in (HOUR, 3 * HOUR)]

    assert seen == ["right", "wrong"]


def test_the_last_word_of_a_person_is_the_newest_that_stands(core: Core) -> None:
    with core.database.begin() as db:
        say(db, "U1", "right")
        last = review_verdicts.last_of(db, "U1")
        assert last is not None
        review_verdicts.take_back(db, last.id, MOMENT)

        assert review_verdicts.last_of(db, "U1") is None


def test_only_the_deciding_word_teaches(core: Core) -> None:
    with core.database.begin() as db:
        say(db, "U1", "right")
        say(db, "U2", "wrong", HOUR)
        assert review_verdicts.on_answers(db) == ()
        reviews.decide(db, "s1", "U2", "wrong", MOMENT)

        assert [(one.reviewer, one.answer_id) for one in review_verdicts.on_answers(db)] == [("U2", "a1")]


def test_a_forgotten_person_said_nothing_and_what_was_learned_since_is_taken_back(core: Core) -> None:
    with core.database.begin() as db:
        say(db, "U1", "right")
        assert unlearning.first_act(db, "U1") == MOMENT
        people.forget(db, "U1")

        assert standing(db) == []


def test_what_was_said_of_a_forgotten_person_s_answer_goes_with_it(core: Core) -> None:
    with core.database.begin() as db:
        say(db, "U1", "right")
        people.forget(db, "U8")

        assert db.scalar(text("SELECT count(*) FROM review_verdict")) == 0


def test_a_person_s_name_is_taken_out_of_reasons(core: Core) -> None:
    with core.database.begin() as db:
        review_verdicts.put(db, ITEM, ("U1", "wrong", "<@U7> says otherwise"), MOMENT)
        people.forget(db, "U7")

        assert "U7" not in str(db.scalar(text("SELECT reason FROM review_verdict")))


def test_the_queue_is_ordered_by_priority_then_age(core: Core) -> None:
    others = [ReviewItem(name, ReviewKind.ALARM, name, MOMENT + n * HOUR) for n, name in enumerate(("x", "y", "z"))]
    with core.database.begin() as db:
        reviews.put(db, others)
        reviews.rank(db, {"y": 2.0, "z": 1.0, "x": 1.0})

        assert [one.id for one in reviews.queued(db, {ReviewKind.ALARM})] == ["y", "x", "z"]


def test_a_question_is_counted_as_often_as_it_was_asked_in_the_same_words(core: Core) -> None:
    answered(core, "a2", person="U2")
    answered(core, "a3", question="Something else?")
    with core.database.read() as db:
        assert review_volume.times_asked(db, ["q-a1", "q-a3"]) == {"q-a1": 2, "q-a3": 1}


def test_the_whole_way_of_an_item_on_both_databases(core: Core) -> None:
    core = replace(core, admins=frozenset({"U1"}))
    with core.database.begin() as db:
        fill(db, ledger.read(db), NOTHING, {}, MOMENT)
    assert [one.item.id for one in offers(core, "U1")] == ["s1"]
    decide(core, "s1", "U1", "right")
    with core.database.read() as db:
        assert [one.verdict for one in ledger.read(db).reviewed] == ["right"]
    undo(core, "s1", "U1")

    assert [one.item.id for one in offers(core, "U1")] == ["s1"]
