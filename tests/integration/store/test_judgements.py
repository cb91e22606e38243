"""What judges said, in both databases: added once, never changed, and gone with the person it is about."""

from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.store import judgements, people, unlearning
from flywheel.store.database import Database
from flywheel.store.judgements import Judgement
from tests.parts import MOMENT, answered, make_core

HOUR = timedelta(hours=1)


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    """Return a core with an answer to U1 and one to U2, each judged once."""
    made = make_core(tmp_path, database=database)
    for name, person in (("a1", "U1"), ("a2", "U2")):
        answered(made, name, person=person)
        said(
            made,
            Judgement(name, "j", "faithfulness", 0, 0.5, "Because <@U1> says so.", "r", MOMENT + HOUR, {"calls": 1}),
        )
    return made


def said(core: Core, one: Judgement) -> None:
    with core.database.begin() as db:
        judgements.put(db, [one])


def stored(core: Core) -> list[Judgement]:
    with core.database.read() as db:
        return judgements.of_answers(db, ["a1", "a2"])


def test_a_judgement_comes_back_as_it_was_stored(core: Core) -> None:
    one = Judgement("a1", "j", "faithfulness", 1, None, "The reply could not be read.", "r", MOMENT, {"cost": None})
    said(core, one)

    assert one in stored(core)


def test_the_same_run_is_stored_once(core: Core) -> None:
    said(core, Judgement("a1", "j", "faithfulness", 0, 1.0, "Changed.", "r", MOMENT + 2 * HOUR))

    assert [one.value for one in stored(core)] == [0.5, 0.5]


def test_what_was_judged_in_a_time_is_found(core: Core) -> None:
    with core.database.read() as db:
        assert len(judgements.between(db, MOMENT + HOUR, MOMENT + 2 * HOUR)) == 2
        assert judgements.between(db, MOMENT, MOMENT + HOUR) == []


def test_judgements_of_a_persons_answers_go_with_the_person(core: Core) -> None:
    with core.database.begin() as db:
        people.forget(db, "U1")

    assert [one.answer_id for one in stored(core)] == ["a2"]


def test_reasons_about_other_answers_lose_the_persons_name(core: Core) -> None:
    with core.database.begin() as db:
        people.forget(db, "U1")

    assert "U1" not in stored(core)[0].reason


def test_comparisons_with_verified_answers_made_since_a_persons_first_act_are_taken_back(core: Core) -> None:
    said(core, Judgement("a2", "j", "correctness", 0, 1.0, "It says so.", "r", MOMENT + HOUR))
    with core.database.begin() as db:
        unlearning.take_back(db, MOMENT)

    assert {one.metric for one in stored(core)} == {"faithfulness"}


def test_a_persons_judgements_are_among_what_is_stored_about_them(core: Core) -> None:
    with core.database.read() as db:
        assert [one["answer_id"] for one in people.everything_of(db, "U1")["judgements"]] == ["a1"]
