"""What the bot hears in a message."""

from typing import Any

import pytest

from bot.heard import heard, spoken
from bot.identity import Identity
from flywheel.model import Surface

BOT = Identity("T1", "UBOT", "B1")


def said(text: str, **more: Any) -> Any:
    event = {"type": "message", "channel": "C1", "ts": "5.000001", "user": "U1", "text": text} | more
    return heard({"team_id": "T1", "event": event}, BOT)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<@UBOT> how?", "how?"),
        ("<@UBOT|flywheel> how?", "how?"),
        ("ask <@U2|ben> in <#C1|general>", "ask @U2 in #general"),
        ("see <https://x.y|the page> or <https://z.w>", "see the page or https://z.w"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("<!here> hi", "@here hi"),
        ("a\x00b\ud800", "ab"),
        ("how do I get in, <@U2>?", "how do I get in?"),
        ("how do I get in? cc <@U2> <@U3>", "how do I get in?"),
        ("who knows more, <@U2> or <@U3>?", "who knows more, @U2 or @U3?"),
        ("what does <@U2> do?", "what does @U2 do?"),
    ],
)
def test_markup_is_read_aloud(raw: str, text: str) -> None:
    assert spoken(raw, BOT) == text


def test_a_mention_addresses_the_bot() -> None:
    assert said("<@UBOT> hi").addressed


def test_a_direct_message_addresses_the_bot() -> None:
    assert said("hi", channel="D1", channel_type="im").surface is Surface.DIRECT


def test_a_group_message_is_a_surface_of_its_own() -> None:
    assert said("<@UBOT> hi", channel="G1", channel_type="mpim").surface is Surface.GROUP


def test_a_group_message_addresses_the_bot_only_where_it_names_it() -> None:
    assert not said("hi", channel="G1", channel_type="mpim").addressed


def test_talk_among_people_does_not() -> None:
    assert not said("hi <@U2>", thread_ts="1.0").addressed


def test_naming_somebody_else_is_noticed() -> None:
    assert said("<@UBOT> or <@U2>?").names_others


def test_a_reply_belongs_in_its_thread() -> None:
    assert said("hi", thread_ts="1.000001").thread == "1.000001"


def test_a_root_starts_its_own_thread() -> None:
    assert said("hi", thread_ts="5.000001").thread == "5.000001"


@pytest.mark.parametrize("text", ["and lunch?", "how do I", "Where is it"])
def test_questions_are_recognised(text: str) -> None:
    assert said(text).asks


def test_a_statement_is_no_question() -> None:
    assert not said("thanks a lot").asks
