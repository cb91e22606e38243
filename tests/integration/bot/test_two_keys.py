"""Where nobody owns a source, two people whose votes proved right approve a suggestion together, in Slack."""

from typing import Any

import pytest

from flywheel.core import Core
from flywheel.store import trusts
from flywheel.store.standing import Standing
from tests.integration.bot.test_feedback import ephemeral
from tests.integration.bot.world import People, eventually, words


@pytest.fixture
def suggested(people: People, core: Core) -> str:
    """Let U1 suggest another answer about lunch, which nobody owns; U2 and U3 are trusted. Return the question's ts."""
    with core.database.begin() as db:
        trusts.replace_all(db, dict.fromkeys(("U2", "U3"), Standing(9.0, 1.0, 10)), core.now())
    ts = people.say("U2", "C1", "<@UBOT> when is lunch served in the canteen?")
    people.press("U1", "C1", people.reply("U2", "C1", ts), "vote_no")
    people.press("U1", "C1", eventually(lambda: ephemeral(people, "U1", ts))[0], "suggest")
    people.submit("U1", answer="From 11:30 to 13:30.")
    return ts


def card(people: People, person: str) -> dict[str, Any]:
    return dict(
        eventually(lambda: [m for m in people.messages(person, people.dm(person)) if "suggested answer" in words(m)])[0]
    )


def test_the_card_offers_a_key_and_no_more(people: People, suggested: str) -> None:
    shown = card(people, "U2")

    assert "0 of 2 approvals" in words(shown)
    assert "review_reject" not in str(shown["blocks"])


def test_the_first_key_shows_on_every_card(people: People, suggested: str) -> None:
    people.press("U2", people.dm("U2"), card(people, "U2"), "review_approve")

    assert eventually(lambda: "1 of 2 approvals, by <@U2>" in words(card(people, "U3")))


def test_who_has_given_a_key_has_no_button_for_another(people: People, suggested: str) -> None:
    people.press("U2", people.dm("U2"), card(people, "U2"), "review_approve")

    assert eventually(lambda: "review_approve" not in str(card(people, "U2")["blocks"]))
    assert "review_approve" in str(card(people, "U3")["blocks"])


def test_the_second_key_makes_it_the_answer(people: People, suggested: str) -> None:
    people.press("U2", people.dm("U2"), card(people, "U2"), "review_approve")
    eventually(lambda: "1 of 2" in words(card(people, "U3")))
    people.press("U3", people.dm("U3"), card(people, "U3"), "review_approve")

    assert eventually(lambda: "11:30" in words(people.replies("U2", "C1", suggested)[0]))
    assert eventually(lambda: "Approved by <@U2> and <@U3>" in words(card(people, "U3")))
