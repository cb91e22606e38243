"""What a report says of the frozen questions: how they fare, and after which change they fared better or worse."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.measurement import trends
from flywheel.measurement import window as windows
from flywheel.measurement.section import Section
from flywheel.measurement.steps import Verdict
from flywheel.registry import Record
from flywheel.store import evaluation_sets, records
from flywheel.store.evaluation_sets import EvaluationSet, Item, SetKind
from tests.parts import MOMENT, answered, make_core

DAY = timedelta(days=1)
SPAN = (MOMENT - 2 * DAY, MOMENT + 5 * DAY)
ITEMS = tuple(Item(f"q-a{n:02}", "documents", {f"p{n}": 3.0}) for n in range(20))
HASH = evaluation_sets.identity(SetKind.FROZEN, ITEMS)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """Return a core with twenty frozen questions."""
    made = make_core(tmp_path)
    for number in range(20):
        answered(made, f"a{number:02}", person=f"U{number}")
    with made.database.begin() as db:
        evaluation_sets.put(db, EvaluationSet(HASH, SetKind.FROZEN, MOMENT, None, ITEMS))
    yield made
    made.database.close()


def measured(day: float, *scores: float, change: str = "", content: str = HASH) -> Record:
    """Return a record of the frozen questions, measured so many days after the moment."""
    mean = sum(scores) / len(scores)
    return Record(
        MOMENT + day * DAY, "ndcg_at_10", mean, len(scores), mean - 0.1, mean + 0.1, dataset="frozen",
        dataset_hash=content, change=change, scores=scores, persons=tuple(range(len(scores))),
    )  # fmt: skip


def told(core: Core, *found: Record, seen: float = 4) -> Section:
    with core.database.begin() as db:
        records.put(db, found)
    with core.database.read() as db:
        return trends.told(db, windows.read(db, "2026-W47", SPAN, MOMENT + seen * DAY, None))


def lines(section: Section) -> list[str]:
    return [one.text for one in section.lines]


def test_before_anything_is_frozen_it_says_so(core: Core) -> None:
    assert "No questions are frozen yet" in lines(told(core))[0]


def test_a_gain_names_the_change_and_the_questions_that_gained(core: Core) -> None:
    after = measured(1, *[0.6] * 12, *[0.5] * 8, change="router 3fa promoted by U9")
    section = told(core, measured(-5, *[0.5] * 20), after)

    assert lines(section)[1].startswith("Better by 0.060 (")
    assert lines(section)[1].endswith("after: router 3fa promoted by U9.")
    assert section.lines[1].answers == ("a00", "a01", "a02", "a03", "a04")


def test_a_regression_is_told_as_one(core: Core) -> None:
    section = told(core, measured(-5, *[0.5] * 20), measured(1, *[0.3] * 20, change="index: 4 documents"))

    assert "Worse by 0.200" in lines(section)[1]


def test_changes_that_show_nothing_are_counted(core: Core) -> None:
    section = told(core, measured(-5, *[0.5] * 20), measured(1, 0.6, *[0.5] * 19), measured(2, *[0.5] * 20))

    assert lines(section)[0].endswith("Of 2 changes none made a difference that 20 questions can show.")


def test_a_change_that_shows_nothing_is_told_in_the_singular(core: Core) -> None:
    section = told(core, measured(-5, *[0.5] * 20), measured(1, 0.6, *[0.5] * 19))

    assert lines(section)[0].endswith("The one change made no difference that 20 questions can show.")


def test_what_happened_before_the_week_is_no_news(core: Core) -> None:
    section = told(core, measured(-6, *[0.5] * 20), measured(-5, *[0.3] * 20))

    assert lines(section)[0].endswith("Nothing changed within this time.")
    assert len(section.lines) == 1


def test_what_comes_after_the_report_changes_nothing_in_it(core: Core) -> None:
    first = told(core, measured(-5, *[0.5] * 20), measured(1, *[0.6] * 20, change="x"))

    assert told(core, measured(4, *[0.1] * 20)) == first


def test_another_data_set_is_not_compared(core: Core) -> None:
    section = told(core, measured(-5, *[0.5] * 20, content="old"), measured(1, *[0.9] * 20))

    assert section.numbers["ndcg_at_10"]["steps"] == []  # type: ignore[index]


def test_of_a_week_the_last_record_counts_and_weeks_make_one_series(core: Core) -> None:
    week = Record(MOMENT, "satisfaction", 0.5, 100, 0.4, 0.6, dataset="2026-W46")
    with core.database.begin() as db:
        later = replace(week, value=0.55, at=MOMENT + DAY)
        records.put(
            db, [week, later, replace(week, value=0.8, low=0.7, high=0.9, dataset="2026-W47", at=MOMENT + 8 * DAY)]
        )
    with core.database.read() as db:
        [found] = trends.series(db, "satisfaction")

    assert (found.dataset, [one.value for one in found.points]) == (trends.WEEKS, [0.55, 0.8])
    assert found.steps[0].verdict is Verdict.GAIN


def test_before_people_s_questions_are_frozen_the_made_ones_are_told_of(core: Core) -> None:
    made = replace(measured(1, *[0.5] * 20), dataset="synthetic")

    assert "on 20 questions made from documents, which are easier than people's." in lines(told(core, made))[0]


def test_where_most_is_lost_is_said(core: Core) -> None:
    reached, found = (
        replace(measured(1, *[0.5] * 20), metric=metric, value=value)
        for metric, value in (("route_reached", 0.9), ("found_given_route", 0.6))
    )
    section = told(core, measured(1, *[0.5] * 20), reached, found)

    assert lines(section)[-1].endswith("Most of what is lost is lost by the search behind it.")
    assert (section.numbers["route_reached"], section.numbers["found_given_route"]) == (0.9, 0.6)
