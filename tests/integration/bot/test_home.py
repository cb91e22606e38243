"""Home: one's questions and suggestions and what came of them; for administrators how the bot does."""

from typing import Any

import pytest

from bot.blocks.home import Asked, Board, Mine, Suggested, home_view
from bot.simulator.blockcheck import Surface, problems
from flywheel.core import Core
from flywheel.learning.gate import Decision
from flywheel.registry import Outcome
from flywheel.store import reports
from flywheel.store.reports import Report
from tests.integration.bot.test_releases import outcome, settled
from tests.integration.bot.world import People, eventually, utc_now, words
from tests.report_content import HOSTILE, weekly

VPN = "<@UBOT> how do I get on the VPN?"


def home(people: People, by: str, text: str) -> dict[str, Any]:
    """Open Home until it shows a text, and return its view."""

    def opened() -> dict[str, Any] | None:
        people.act("home/open", by=by, tab="home")
        view = people.look(f"home?as={by}")["view"]
        return dict(view) if view and text in words(view) else None

    return dict(eventually(opened))


def asked(people: People, by: str) -> dict[str, Any]:
    """Ask in the general channel and return the answer."""
    return people.reply(by, "C1", people.say(by, "C1", VPN))


def suggested(people: People, by: str, text: str) -> None:
    """Suggest another answer to a question asked in a direct message."""
    channel = people.dm(by)
    said = people.answer(by, channel, people.say(by, channel, "which colour has the moon base helicopter?"))
    people.press(by, channel, said, "suggest")
    people.submit(by, answer=text)


def test_a_question_is_shown_with_its_thread_and_how_it_stands(people: People) -> None:
    asked(people, "U2")

    shown = words(home(people, "U2", "how do I get on the VPN"))
    assert "Answered" in shown
    assert f"{people.url}/archives/C1/p" in shown


def test_nobody_sees_the_questions_of_others(people: People) -> None:
    asked(people, "U2")

    assert "VPN?" not in words(home(people, "U3", "Your recent questions")).split("Your recent questions")[1]


def test_what_found_nothing_says_so(people: People) -> None:
    channel = people.dm("U2")
    people.answer("U2", channel, people.say("U2", channel, "which colour has the moon base helicopter?"))

    assert "Not answered" in words(home(people, "U2", "moon base"))


def test_a_suggestion_is_shown_until_it_is_decided_and_what_came_of_it(people: People) -> None:
    suggested(people, "U2", "It is painted yellow, says the hangar.")
    assert home(people, "U2", "Waiting for its reviewer")

    review = eventually(lambda: people.messages("U1", people.dm("U1")))[0]
    people.press("U1", people.dm("U1"), review, "review_approve")

    assert "It has helped 0 people." in words(home(people, "U2", "Approved by <@U1>"))


def test_administrators_see_how_the_bot_does_and_others_do_not(people: People, core: Core) -> None:
    with core.database.begin() as db:
        reports.put(db, Report("2026-W47", "2026-W47", utc_now(), weekly()))

    shown = words(home(people, "U1", "Getting better"))
    for said in (
        "What was learned",
        "Experiments",
        "Health",
        "failed jobs",
        "language model",
        "review_open",
        "report_page",
    ):
        assert said in shown
    assert "Health" not in words(home(people, "U2", "How to ask"))


def test_a_release_is_rolled_back_from_home_and_home_shows_it(people: People, core: Core) -> None:
    champion = settled(core, 0.31, Decision.RELEASED)
    view = home(people, "U1", "release_roll_back")

    people.act("actions", by="U1", view_id=view["id"], block_id=f"release:{champion}", action_id="release_roll_back")

    assert eventually(lambda: "Rolled back by <@U1>" in words(people.look("home?as=U1")["view"]))
    assert outcome(core, champion) == (Outcome.ROLLED_BACK.value, False)


@pytest.mark.parametrize("text", [HOSTILE, "x" * 9_000, "`" * 50, ""])
def test_whatever_is_in_it_home_is_a_valid_view(text: str) -> None:
    board = Board("r1", text, text, [(text, text)] * 30, text, 3, (), [text] * 30, [(text, text)] * 9)
    mine = Mine([Asked(text, text, "https://a.example/")] * 30, [Suggested(text, text, "U1", text)] * 30)

    assert list(problems(home_view("UBOT", "/ask", mine, board)["blocks"], Surface.HOME)) == []


def test_administrators_read_what_else_they_can_ask_for_and_others_do_not(people: People) -> None:
    assert "`/ask thresholds`" in words(home(people, "U1", "How to ask"))
    assert "`/ask thresholds`" not in words(home(people, "U2", "How to ask"))
