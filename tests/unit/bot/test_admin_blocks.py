"""The administration's views keep Slack's rules and fit on a phone, whatever is set."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.blocks.admin import said_view
from bot.blocks.admin_audit import Entry, audit_view
from bot.blocks.admin_channel import ON_A_PAGE, Form, Listed, Page, channels_view, form_view
from bot.blocks.admin_help import help_message
from bot.blocks.admin_settings import Spent, Weekly, budgets_view, report_view
from bot.blocks.admin_source import ON_A_PAGE as SOURCES
from bot.blocks.admin_source import Source, sources_view, unread_view
from bot.blocks.message import Block
from bot.simulator.blockcheck import Surface, problems
from flywheel.channels import ChannelSettings, Mode

NOW = datetime(2026, 11, 18, tzinfo=UTC)
LONG = "<@U1> <!channel> " + "x" * 2_000
SET = ChannelSettings(
    "C1", Mode.AUTO, 0.71, LONG[:500], (LONG, "b", "c", "d"), ("U1", "U2", "U3", "U4"), 5, 1.5, NOW, LONG, NOW
)
PLAIN = ChannelSettings("C1")
SOURCE = Source("s", LONG, 3, 4, NOW, NOW, NOW, NOW, 2, LONG, "Being read")
OPTIONS = [(str(number), LONG[:70]) for number in range(150)]
SPENT = Spent(3, 0.5, 1, "a model", priced=True, cost_limit="5", calls_limit="9", why_not=LONG[:90], overtaken=LONG)

VIEWS = {
    "channels": channels_view(Page([Listed(SET, LONG, SET.sources)] * ON_A_PAGE, 1, 3), "Saved."),
    "no channel": channels_view(Page([])),
    "form": form_view(Form(SET, "about", "mark", OPTIONS, ["1", "2"], priced=True, changed=("U1", NOW)), "Changed."),
    "plain form": form_view(Form(PLAIN, "about", "mark")),
    "sources": sources_view([replace(SOURCE, id=f"s{number}") for number in range(SOURCES)], 1, 3, "Removed."),
    "no source": sources_view([], 0, 1),
    "unread": unread_view(LONG, [(LONG, LONG)] * 20, 30),
    "budgets": budgets_view(SPENT, "mark"),
    "report": report_view(Weekly(OPTIONS[:7], OPTIONS[:24], "3", "7", "C1", "Europe/Berlin", LONG), "mark"),
    "audit": audit_view([Entry(NOW, "U1", LONG, "C1")] * 20, 7, is_newest=False),
    "no act": audit_view([], None, is_newest=True),
    "said": said_view("Flywheel", "No."),
}


def rows(view: Block) -> list[int]:
    """Return how many buttons each row has."""
    return [len(block["elements"]) for block in view["blocks"] if block["type"] == "actions"]


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_keeps_slack_s_rules(name: str) -> None:
    assert list(problems(VIEWS[name]["blocks"], Surface.MODAL)) == []
    assert len(VIEWS[name]["blocks"]) <= 100


@pytest.mark.parametrize("name", VIEWS)
def test_no_row_has_more_buttons_than_a_phone_shows(name: str) -> None:
    assert all(count <= 3 for count in rows(VIEWS[name]))


@pytest.mark.parametrize("name", VIEWS)
def test_what_somebody_wrote_calls_nobody(name: str) -> None:
    assert "<!channel>" not in shown(VIEWS[name]["blocks"])


def shown(value: Any) -> str:
    """Return all markup of some blocks; plain text is not parsed."""
    if isinstance(value, dict):
        return str(value["text"]) if value.get("type") == "mrkdwn" else "".join(shown(one) for one in value.values())
    return "".join(shown(one) for one in value) if isinstance(value, list) else ""


def test_what_cannot_be_undone_asks_first() -> None:
    assert "deleted from my knowledge" in str(VIEWS["form"])
    assert "leave my knowledge" in str(VIEWS["sources"])


def test_a_source_that_cannot_be_read_again_says_why_and_has_no_button() -> None:
    view = sources_view([replace(SOURCE, why_not="nobody noted who may read it", going="")], 0, 1)

    assert "nobody noted who may read it" in str(view)
    assert "Read again" not in str(view)


def test_help_names_every_word() -> None:
    assert all(
        f"/flywheel {word}`" in str(help_message().blocks) for word in ("channels", "sources", "budgets", "audit")
    )


def test_help_repeats_no_more_than_the_beginning_of_what_was_typed() -> None:
    told = str(help_message("x" * 3_000).blocks)

    assert "x" * 41 not in told
    assert "/flywheel audit`" in told
