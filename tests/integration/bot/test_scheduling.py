"""The weekly turn and its report come when administrators want them, into the channel that they chose."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import scheduling
from bot.reporting import Due, due, for_channel
from bot.scheduling import Schedule, WeeklyAsSet
from bot.settings import Settings
from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.measurement.report import report as make_report
from flywheel.store import reports
from tests.parts import MOMENT, answered, know, make_core

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = make_core(tmp_path)
    yield core
    core.database.close()


def period(core: Core, at: datetime) -> str | None:
    return WeeklyAsSet("turn", BERLIN, lambda: None, core.database).period(at)


def at(day: int, hour: int) -> datetime:
    """Return an hour of a day in November 2026, of which the 16th is a Monday, in Berlin."""
    return datetime(2026, 11, day, hour, tzinfo=BERLIN).astimezone(UTC)


def test_nobody_having_chosen_it_is_monday_at_nine(core: Core) -> None:
    assert (period(core, at(16, 8)), period(core, at(16, 9))) == (None, "2026-W47")


def test_it_moves_to_the_chosen_day_at_once(core: Core) -> None:
    scheduling.change(core, Schedule(3, 16), "U9")

    assert (period(core, at(16, 9)), period(core, at(19, 16))) == (None, "2026-W47")


def test_an_hour_that_may_not_exist_is_refused(core: Core) -> None:
    with pytest.raises(InvalidInput, match="not between 1 and 3"):
        scheduling.change(core, Schedule(6, 2), "U9")


def test_set_to_what_it_is_nothing_is_noted(core: Core) -> None:
    scheduling.change(core, Schedule(3, 16), "U9")

    assert not scheduling.change(core, Schedule(3, 16), "U9")


def test_the_chosen_channel_goes_before_the_configured_one(core: Core) -> None:
    scheduling.change(core, Schedule(channel="C2"), "U9")

    assert scheduling.channel(core.database, "C1") == "C2"


def test_a_report_is_due_where_only_an_administrator_named_its_channel(core: Core) -> None:
    settings = Settings(slack_bot_token="xoxb-1", flywheel_report_channel=None)
    with core.database.begin() as db:
        reports.put(db, reports.Report("r1", "2026-W47", MOMENT, {"title": "Week"}, "t1"))
    assert due(core, settings, BERLIN) == Due()

    scheduling.change(core, Schedule(channel="C2"), "U9")

    assert due(core, settings, BERLIN).report is not None


def test_a_report_made_for_one_channel_is_made_anew_for_another(core: Core) -> None:
    know(core, "salary.md", "Band five earns ninety thousand.", access=("channel:C1",))
    answered(core, question="What does band five earn?", cites=["salary.md:0"], readers=("channel:C1",))
    made = make_report(core, "C1")

    moved = for_channel(core, made, "C2")

    assert moved.content["channel"] == "C2"
    assert moved.id == made.id
    assert "band five" not in str(moved.content)
