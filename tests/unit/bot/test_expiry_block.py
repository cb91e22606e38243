"""The notice of an expired answer and Home's choice keep Slack's rules."""

from datetime import UTC, datetime

import pytest

from bot.blocks.expiry import expiry_message
from bot.blocks.home import Mine, home_view, naming_message
from bot.simulator.blockcheck import Surface, problems
from flywheel.model import VerifiedAnswer

ANSWER = VerifiedAnswer(
    "v1", "How <!channel>?" * 90, "Do *this* <@U1>.\n" * 400, frozenset({"public"}), "U1", "U2",
    datetime(2026, 11, 18, tzinfo=UTC), source="rules <!here>.md",
)  # fmt: skip


@pytest.mark.parametrize("decided", ["", "waiting", "kept", "dropped"])
def test_any_notice_is_a_valid_message(decided: str) -> None:
    made = expiry_message(ANSWER, decided)

    assert list(problems(list(made.blocks), Surface.MESSAGE)) == []


def test_nothing_in_a_notice_is_live() -> None:
    made = str(expiry_message(ANSWER).blocks)

    assert "<!" not in made
    assert "<@" not in made


@pytest.mark.parametrize("decided", ["kept", "dropped"])
def test_a_decided_notice_has_no_buttons(decided: str) -> None:
    assert all(block["type"] != "actions" for block in expiry_message(ANSWER, decided).blocks)


@pytest.mark.parametrize("hidden", [True, False])
def test_home_with_the_choice_is_valid(hidden: bool) -> None:
    assert list(problems(home_view("UBOT", "/ask", Mine(hidden=hidden))["blocks"], Surface.HOME)) == []
    assert naming_message(hidden=hidden).text
