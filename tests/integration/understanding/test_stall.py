"""What the report says of turns that stopped winning, from the turns' own rows."""

from datetime import datetime, timedelta
from typing import Any

from flywheel.model import SignalKind
from flywheel.store import turns
from tests.integration.understanding.world import SEEN, VPN, World

HELD = {
    "decision": "held",
    "challenger": {"id": "r"},
    "n_heldout": 200,
    "difference": 0.02,
    "smallest": 0.04,
    "tested": True,
    "metric": "nDCG@10",
}


def turned(world: World, at: datetime, **told: Any) -> None:
    """Let a turn finish at a moment."""
    name = f"turn {at.isoformat()}"
    with world.core.database.begin() as db:
        turns.queue(db, name, "tests", at)
        turns.claim(db, name, at)
        turns.finish(db, name, "s", {"learners": {"ranker": HELD | told}}, at)


def said(world: World) -> list[str]:
    return [line.text for line in world.told().stall.lines]


def test_before_the_first_turn_nothing_is_told(world: World) -> None:
    assert said(world) == ["No turn of the wheel had ended before this report."]


def test_four_turns_that_could_test_and_won_nothing_have_stalled(world: World) -> None:
    for week in range(1, 5):
        turned(world, SEEN - timedelta(weeks=week))

    assert said(world)[0] == ("It has stalled: the last 4 turns all had enough to test, and nothing was better.")


def test_what_is_missing_is_told(world: World) -> None:
    for week in range(1, 5):
        turned(world, SEEN - timedelta(weeks=week))

    assert "About 600 more held-out questions would show it." in said(world)[-1]


def test_where_the_failures_sit_is_told(world: World) -> None:
    for week in range(1, 5):
        turned(world, SEEN - timedelta(weeks=week))
    world.react(SignalKind.THUMBS_DOWN, world.ask(VPN, 4))

    assert said(world)[1] == "What still goes wrong: 4 because nobody said what would have been right."


def test_what_is_missing_is_something_to_do(world: World) -> None:
    for week in range(1, 5):
        turned(world, SEEN - timedelta(weeks=week))

    (todo,) = world.told().todo

    assert (todo.title, todo.lever) == ("Collect votes and corrections for ranker.", "evidence")


def test_a_turn_that_finished_after_the_report_does_not_count(world: World) -> None:
    turned(world, SEEN + timedelta(hours=1), decision="released")

    assert world.told().stall.numbers["turns"] == 0
