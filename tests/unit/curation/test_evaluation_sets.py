"""The frozen set is never trained on and changes by a fifth per quarter; the rolling one follows the newest weeks."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from flywheel.core import Core
from flywheel.curation.dataset import Group
from flywheel.curation.evaluation_sets import NEWEST, QUARTER, measurable, refresh, stratified
from flywheel.curation.split import Split, split
from flywheel.store import evaluation_sets
from flywheel.store.evaluation_sets import EvaluationSet, SetKind
from tests.parts import MOMENT, StoppedClock, make_core

ROUTES = ("documents", "documents", "documents", "tables")


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return make_core(tmp_path)


def asked(number: int) -> Group:
    at = MOMENT - timedelta(days=60) + timedelta(hours=number)
    segments = {"route": ROUTES[number % len(ROUTES)]}
    return Group(
        f"q{number}",
        f"wording {number}",
        f"p{number % 20}",
        at,
        None,
        (),
        wanted={f"d{number}": 3.0},
        segments=segments,
    )


def halves(questions: int, reserved: frozenset[str] = frozenset()) -> Split:
    return split([asked(number) for number in range(questions)], np.eye(questions, dtype=np.float32), reserved)


def frozen(core: Core) -> EvaluationSet:
    with core.database.read() as db:
        found = evaluation_sets.active(db, SetKind.FROZEN)
    assert found is not None
    return found


def later(core: Core, by: timedelta) -> None:
    assert isinstance(core.now, StoppedClock)
    core.now.advance(by)


def test_too_few_questions_freeze_nothing(core: Core) -> None:
    assert refresh(core, halves(49)) == ()


def test_a_tenth_of_the_questions_is_frozen(core: Core) -> None:
    refresh(core, halves(300))

    assert len(frozen(core).items) == 30


def test_what_is_frozen_is_not_trained_on_from_then_on(core: Core) -> None:
    refresh(core, halves(300))
    with core.database.read() as db:
        reserved = evaluation_sets.reserved(db)

    later_on = halves(900, reserved)

    assert reserved
    assert reserved.isdisjoint(one.question_id for one in later_on.train)


def test_the_frozen_set_stays_until_it_grows(core: Core) -> None:
    refresh(core, halves(300))
    first = frozen(core)
    refresh(core, halves(300, first.question_ids))
    same = frozen(core)
    refresh(core, halves(600, first.question_ids))

    assert same == first
    assert first.question_ids < frozen(core).question_ids


def test_a_quarter_later_a_fifth_has_changed(core: Core) -> None:
    refresh(core, halves(300))
    first = frozen(core)
    later(core, QUARTER)
    refresh(core, halves(400, first.question_ids))

    assert len(first.question_ids & frozen(core).question_ids) == 24
    assert frozen(core).until == (core.now() + QUARTER).date()


def test_the_frozen_sets_of_the_past_stay_to_be_looked_up(core: Core) -> None:
    refresh(core, halves(300))
    later(core, timedelta(hours=1))
    refresh(core, halves(600))

    with core.database.read() as db:
        assert [len(one.items) for one in evaluation_sets.history(db, SetKind.FROZEN)] == [30, 60]


def test_the_rolling_sample_is_of_the_newest_weeks_alone(core: Core) -> None:
    parts = halves(1_440)
    [_, rolling] = refresh(core, parts)

    asked_at = {one.question_id: one.asked_at for one in parts.heldout}
    assert min(asked_at[one] for one in rolling.question_ids) >= core.now() - NEWEST


def test_a_sample_takes_routes_and_persons_evenly() -> None:
    drawn = stratified([asked(number) for number in range(160)], 20)

    assert [one.segments["route"] for one in drawn].count("tables") == 10
    assert max([one.person for one in drawn].count(f"p{n}") for n in range(20)) <= 2


def test_a_set_is_measured_by_what_it_wanted_when_it_was_made(core: Core) -> None:
    refresh(core, halves(300))
    now = [Group(one, "text", "p", MOMENT, None, (), wanted={"other": 1.0}) for one in frozen(core).question_ids]

    wanted = {one.question_id: one.wanted for one in measurable(frozen(core), now[1:])}

    assert wanted == {one.question_id: {f"d{one.question_id[1:]}": 3.0} for one in now[1:]}


def test_a_question_that_is_taken_out_was_never_in_it(core: Core) -> None:
    refresh(core, halves(300))
    gone = min(frozen(core).question_ids)

    with core.database.begin() as db:
        evaluation_sets.drop(db, [gone])

    assert gone not in frozen(core).question_ids
    assert frozen(core).id == evaluation_sets.identity(SetKind.FROZEN, frozen(core).items)
