"""Administrators change how the bot works in Slack; nobody else does, and nothing is lost or done twice."""

from dataclasses import replace
from typing import Any

import pytest

from bot.app import Bot
from flywheel.channels import ChannelSettings, Mode
from flywheel.core import Core
from flywheel.model import PUBLIC, Document, Kind
from flywheel.store import channels, documents
from tests.integration.bot.panels import acts, opened, press, shown, submit, told
from tests.integration.bot.world import People, eventually, utc_now, words

FILLED = {"values": {"persona:1": {"field": {"type": "plain_text_input", "value": "Mine."}},
                     "daily_answers:1": {"field": {"type": "plain_text_input", "value": "20"}}}}  # fmt: skip


def form(people: People, by: str = "U1", channel: str = "C1") -> dict[str, Any]:
    """Open the form for a channel."""
    view = opened(people, by, "channels", f"<#{channel}>")
    press(people, by, view, "admin_channel_edit", channel)
    return shown(people, by, "When do I speak?")


def settings(core: Core, channel: str = "C1") -> ChannelSettings:
    with core.database.read() as db:
        return channels.find(db, channel)


def know_of(core: Core, name: str) -> None:
    """Have a document in a source of its own."""
    made = Document(f"d-{name}", f"/srv/docs/{name}", "a.md", "A", Kind.TEXT, "hash", frozenset({PUBLIC}))
    with core.database.begin() as db:
        documents.put(db, [(made, ())], version=documents.advance_corpus(db), at=utc_now())


def test_others_are_told_in_one_sentence(people: People) -> None:
    opened(people, "U2", "channels", "Only administrators change how I work")


def test_others_are_told_too_where_a_message_answers(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/flywheel", text="releases")

    told(people, "U2", "Only administrators change how I work")


def test_help_says_what_there_is(people: People) -> None:
    people.act("commands", by="U1", channel="C1", command="/flywheel", text="")

    assert "/flywheel budgets" in words(told(people, "U1", "/flywheel channels"))


def test_a_word_that_is_none_gets_the_help(people: People) -> None:
    people.act("commands", by="U1", channel="C1", command="/flywheel", text="chanels")

    told(people, "U1", "I do not know “chanels”")


def test_the_channels_that_the_bot_is_in_are_listed(people: People) -> None:
    view = opened(people, "U1", "channels", "Answers when asked")

    assert "<#C1>" in words(view)


def test_a_form_changes_a_channel_and_leaves_a_trace(people: People, core: Core) -> None:
    submit(people, "U1", form(people), mode="auto", threshold="0,7", persona="Informal.", experts=["U3"])

    shown(people, "U1", "Saved.")
    now = settings(core)
    assert (now.mode, now.threshold, now.persona, now.experts) == (Mode.AUTO, 0.7, "Informal.", ("U3",))
    assert acts(core)[0] == ("U1", "channel")


def test_a_channel_is_held_to_sources(people: People, core: Core) -> None:
    know_of(core, "handbook")

    submit(people, "U1", form(people), sources=["docs/handbook"])

    assert "Only from docs/handbook" in words(shown(people, "U1", "Saved."))
    assert settings(core).sources == ("/srv/docs/handbook",)


def test_a_channel_is_read_from_a_day_on_until_somebody_stops_it(people: People, core: Core) -> None:
    submit(people, "U1", form(people), read_since="2026-01-05")
    listed = shown(people, "U1", "I am reading <#C1>")
    assert str(settings(core).read_since).startswith("2026-01-05")

    press(people, "U1", listed, "admin_channel_edit", "C1")
    press(people, "U1", shown(people, "U1", "Stop reading"), "admin_channel_stop")

    eventually(lambda: settings(core).read_since is None)


def test_a_form_saved_as_it_is_changes_nothing(people: People, core: Core) -> None:
    submit(people, "U1", form(people))

    shown(people, "U1", "Saved.")
    assert acts(core) == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("threshold", "7", "between 0 and 1"),
        ("threshold", "very", "between 0 and 1"),
        ("daily_answers", "many", "whole number"),
        ("daily_cost", "1.50", "no prices are configured"),
        ("daily_cost", "much", "amount in US dollars"),
        ("read_since", "2999-01-01", "still to come"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(people: People, core: Core, field: str, value: str, said: str) -> None:
    refused = submit(people, "U1", form(people), **{field: value})

    assert said in str(refused["errors"])
    assert settings(core) == ChannelSettings("C1")


def test_the_second_of_two_sees_what_the_first_changed_and_loses_nothing(people: People, core: Core) -> None:
    view = form(people)
    with core.database.begin() as db:
        channels.put(db, replace(settings(core), daily_answers=5), "U9", utc_now())

    submit(people, "U1", view, persona="Brief.")

    again = shown(people, "U1", "has changed the answers a day meanwhile")
    assert settings(core).persona == ""
    submit(people, "U1", again)
    assert eventually(lambda: settings(core).persona) == "Brief."
    assert settings(core).daily_answers == 5


def test_a_form_of_somebody_without_the_right_changes_nothing(people: People, bot: Bot, core: Core) -> None:
    view = form(people)
    sent = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U2"}, "view": {**view, "state": FILLED}}

    _status, answer = bot.ingress.accept(sent)

    assert "Only administrators" in str(answer)
    assert settings(core) == ChannelSettings("C1")


def test_a_deactivated_administrator_has_no_rights_left(people: People, bot: Bot) -> None:
    people.act("people/deactivate", user="U1")

    _status, answer = bot.ingress.accept(
        {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"},
         "view": {"type": "modal", "callback_id": "admin_budgets_form", "private_metadata": "", "state": FILLED}}
    )  # fmt: skip

    assert "Only administrators" in str(answer)


def test_a_channel_that_keeps_quiet_is_let_speak_again(people: People, core: Core) -> None:
    quiet = replace(settings(core), mode=Mode.AUTO, muted_at=utc_now(), muted_why="Three people said No.")
    with core.database.begin() as db:
        channels.put(db, quiet, "flywheel", utc_now())

    view = form(people)
    assert "Three people said No." in words(view)
    press(people, "U1", view, "admin_channel_unmute")

    eventually(lambda: settings(core).muted_at is None)
    assert acts(core)[0] == ("U1", "unmute")
