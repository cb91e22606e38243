"""Questions in direct messages of several people, and commands with whatever people type."""

import pytest

from bot.app import Bot
from bot.heard import LONGEST_QUESTION
from flywheel.core import Core
from flywheel.model import Surface
from flywheel.store import questions
from tests.integration.bot.surfaces import ASKED, VPN, group, told
from tests.integration.bot.world import People, eventually, words

BEYOND = "x" * (LONGEST_QUESTION + 1)


def test_a_group_message_that_names_the_bot_is_answered_there(people: People) -> None:
    channel = group(people)
    ts = people.say("U2", channel, VPN)

    assert "Office-2" in words(people.reply("U1", channel, ts))


def test_a_question_in_a_group_message_counts_as_one(people: People, core: Core) -> None:
    channel = group(people)
    ts = people.say("U2", channel, VPN)
    people.reply("U2", channel, ts)

    with core.database.read() as db:
        asked = questions.by_message(db, channel, ts)
    assert asked is not None
    assert asked.surface is Surface.GROUP


def test_people_who_talk_in_a_group_message_are_left_alone(people: People, bot: Bot) -> None:
    channel = group(people)
    ts = people.say("U2", channel, ASKED)
    answered = people.say("U1", channel, VPN)
    people.reply("U1", channel, answered)

    assert people.replies("U1", channel, ts) == []


def test_a_group_message_that_was_never_delivered_is_found(people: People, bot: Bot) -> None:
    channel = group(people)
    people.act("delivery", drop=1)
    ts = people.say("U2", channel, VPN)
    people.act("delivery")
    bot.sweep.once()

    assert "Office-2" in words(people.reply("U1", channel, ts))


def test_a_thread_in_a_group_message_goes_on_without_the_bots_name(people: People) -> None:
    channel = group(people)
    ts = people.say("U2", channel, VPN)
    people.reply("U2", channel, ts)
    people.say("U2", channel, "when is lunch served in the canteen?", thread_ts=ts)

    assert eventually(lambda: [one for one in people.replies("U2", channel, ts) if "12:00" in words(one)])


def test_a_command_with_far_too_much_text_gets_a_sentence(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text=BEYOND)

    told(people, "U2", "C1", "too long for one question")


def test_a_mention_with_far_too_much_text_gets_a_sentence(people: People) -> None:
    ts = people.say("U2", "C1", f"<@UBOT> {BEYOND}")

    assert "too long for one question" in words(people.reply("U2", "C1", ts))


def test_a_command_without_a_question_gets_help(people: People) -> None:
    people.act("commands", by="U2", channel="C2", command="/ask", text="")

    told(people, "U2", "C2", "Ask me a question")


@pytest.mark.parametrize(
    "text",
    [
        'how do I get on the "VPN"?',
        "how do I get on the VPN, <@U3>?",
        "how do I get on the VPN? see <https://example.com|here>",
        "payload: how do I get on the VPN?",
        "how do I get on the VPN? * _ ~ ` < > & \\ {} :wave:",
    ],
)
def test_a_command_takes_any_wording_anywhere(people: People, text: str) -> None:
    people.act("commands", by="U2", channel="C2", command="/ask", text=text)

    told(people, "U2", "C2", "Office-2")
