"""What a turn puts up for review: a sample of each week, ranked by what the gate's decisions hang on."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.review_priority import GATE, gate_influences
from flywheel.measurement.turn import queue, turn
from flywheel.store import reviews, turns
from flywheel.store.database import Database
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.integration.learning.company import Habits, core_on, live


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Core, str]:
    """Return the core of a company whose wheel has turned once over 150 judged questions, and the turn's id."""
    folder: Path = tmp_path_factory.mktemp("reviewed")
    database = Database(f"sqlite:///{folder}/store.db")
    database.migrate()
    live(database, Habits(150))
    core = core_on(database)
    return core, turn(core, queue(core, "test")).id


def waiting(core: Core) -> list[ReviewItem]:
    with core.database.read() as db:
        return reviews.queued(db)


def test_ten_answers_of_the_week_in_which_any_were_given_are_put_up(turned: tuple[Core, str]) -> None:
    weeks = [one.detail["week"] for one in waiting(turned[0]) if one.kind is ReviewKind.SAMPLE]

    assert {week: weeks.count(week) for week in weeks} == {"2026-W45": 10}


def test_all_that_waits_is_ranked(turned: tuple[Core, str]) -> None:
    assert all(one.priority > 0 for one in waiting(turned[0]))


def test_what_a_decision_hangs_on_comes_first(turned: tuple[Core, str]) -> None:
    core, turn_id = turned
    with core.database.read() as db:
        found = turns.find(db, turn_id)
    assert found is not None
    influences = gate_influences(found.evidence)
    expected = [GATE * influences.get(str(one.detail["question_id"]), 0.0) for one in waiting(core)]

    assert max(expected) > 0
    assert expected.index(max(expected)) == 0
