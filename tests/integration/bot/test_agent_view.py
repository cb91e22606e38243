"""The agent view: suggested questions, the channel that is open beside it, names of conversations."""

import logging
from typing import Any

from bot import prompting
from bot.app import Bot
from flywheel.core import Core
from flywheel.store import expertise, marks, questions
from flywheel.store import people as stored_people
from tests.integration.bot.surfaces import ASKED, VPN
from tests.integration.bot.world import People, eventually, words


def prompts(people: People, by: str) -> list[str]:
    own = people.dm(by)
    shown = [one for one in people.look(f"state?as={by}")["prompts"] if one["channel"] == own]
    return [prompt["message"] for prompt in shown[0]["prompts"]] if shown else []


def test_the_agent_view_offers_questions_from_the_first_day(people: People) -> None:
    people.act("home/open", by="U2", tab="messages")

    assert "What can you do?" in eventually(lambda: prompts(people, "U2"))


def test_the_fixed_prompts_can_be_answered(people: People) -> None:
    channel = people.dm("U2")
    for prompt in prompting.FIXED:
        ts = people.say("U2", channel, prompt.message)

        assert "Flywheel" in words(people.answer("U2", channel, ts))


def test_what_helped_others_is_suggested(people: People, core: Core) -> None:
    liked(people, "U2", "C1", VPN)
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C1", "C2"])
    people.act("home/open", by="U3", tab="messages")

    assert ASKED in eventually(lambda: prompts(people, "U3"))


def test_what_was_asked_in_a_private_channel_is_never_suggested(people: People, core: Core) -> None:
    liked(people, "U1", "C3", "<@UBOT> what is the salary band of level 5?")
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C1", "C2"])
    people.act("home/open", by="U2", tab="messages")

    assert not [one for one in eventually(lambda: prompts(people, "U2")) if "salary" in one]


def liked(people: People, by: str, channel: str, text: str) -> None:
    ts = people.say(by, channel, text)
    answer = people.reply(by, channel, ts)
    people.press(by, channel, answer, "vote_yes")
    eventually(lambda: "Yes · 1" in words(people.reply(by, channel, ts)))


def test_a_workspace_without_agents_answers_all_the_same(people: People) -> None:
    people.act("faults", method="assistant.threads.setSuggestedPrompts", error="unknown_method", times=1)
    people.act("home/open", by="U2", tab="messages")
    eventually(lambda: people.calls("assistant.threads.setSuggestedPrompts"))
    channel = people.dm("U2")

    assert "Office-2" in words(people.answer("U2", channel, people.say("U2", channel, ASKED)))


def test_what_a_workspace_does_not_have_is_asked_for_once_a_day(people: People, caplog: Any) -> None:
    caplog.set_level(logging.INFO, "bot.cosmetic")
    people.act("faults", method="assistant.threads.setSuggestedPrompts", error="missing_scope", times=9)
    for person in ("U2", "U3", "U1"):
        people.act("home/open", by=person, tab="messages")
        people.answer(person, people.dm(person), people.say(person, people.dm(person), "thanks"))

    assert len(people.calls("assistant.threads.setSuggestedPrompts")) == 1
    assert len([one for one in caplog.records if "missing_scope" in one.message]) == 1


def test_what_somebody_looks_at_is_remembered_for_half_an_hour(people: People, core: Core) -> None:
    people.act("context", by="U1", channel="C3")

    assert eventually(lambda: seen(core, "U1")) == "C3"
    with core.database.read() as db:
        assert prompting.open_channel(db, "U1", core.now() + prompting.LOOKS_FOR) is None


def test_a_channel_that_somebody_only_looks_into_does_not_count(people: People, core: Core) -> None:
    people.act("context", by="U1", channel="C1")
    eventually(lambda: seen(core, "U1"))
    people.act("channels/create", by="U2", name="news")
    news = next(one["id"] for one in people.look("state?as=U2")["channels"] if one["name"] == "news")
    people.act("context", by="U1", channel=news)

    eventually(lambda: seen(core, "U1") is None)


def test_looking_at_nothing_forgets_what_was_looked_at(people: People, core: Core) -> None:
    people.act("context", by="U1", channel="C3")
    eventually(lambda: seen(core, "U1"))
    people.act("context", by="U1")

    eventually(lambda: seen(core, "U1") is None)


def test_this_channel_means_the_one_that_is_open(people: People, core: Core) -> None:
    people.act("context", by="U1", channel="C3")
    eventually(lambda: seen(core, "U1"))
    channel = people.dm("U1")
    ts = people.say("U1", channel, "where is lunch served for this channel?")
    people.answer("U1", channel, ts)

    with core.database.read() as db:
        asked = questions.by_message(db, channel, ts)
    assert asked is not None
    assert "#finance" in asked.text


def test_a_message_itself_may_say_what_is_open(people: People, bot: Bot, core: Core) -> None:
    channel = people.dm("U1")
    message = {"channel_id": "C3", "message_ts": "1.0"}
    entity = {"type": "slack#/types/message_context", "value": message}
    said = {"type": "message", "channel": channel, "channel_type": "im", "user": "U1", "text": ASKED, "ts": "9.000001"}
    event = {**said, "app_context": {"entities": [entity]}}
    bot.ingress.accept({"type": "event_callback", "event_id": "EvSays", "team_id": "T1", "event": event})

    assert eventually(lambda: seen(core, "U1")) == "C3"


def test_who_looks_is_known_where_the_event_does_not_say(people: People, bot: Bot, core: Core) -> None:
    context = {"entities": [{"type": "slack#/types/channel_id", "value": "C3"}]}
    body = {"type": "event_callback", "event_id": "EvLooks", "team_id": "T1"}
    event = {"type": "app_context_changed", "context": context}
    bot.ingress.accept({**body, "event": event, "authorizations": [{"user_id": "U1", "is_bot": False}]})

    assert eventually(lambda: seen(core, "U1")) == "C3"


def test_a_conversation_is_named_after_its_question(people: People) -> None:
    channel = people.dm("U2")
    people.answer("U2", channel, people.say("U2", channel, ASKED))

    named = eventually(lambda: people.calls("agents.sessions.rename"))
    assert named[0]["args"]["title"] == ASKED


def test_the_older_pane_gets_prompts_in_its_thread(people: People, bot: Bot) -> None:
    channel = people.dm("U2")
    root = people.say("U2", channel, "hello")
    thread = {"user_id": "U2", "channel_id": channel, "thread_ts": root, "context": {"channel_id": "C1"}}
    event = {"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": root}
    bot.ingress.accept({"type": "event_callback", "event_id": "EvOlder", "team_id": "T1", "event": event})

    called = eventually(lambda: people.calls("assistant.threads.setSuggestedPrompts"))
    assert called[0]["args"]["thread_ts"] == root


def test_what_somebody_looked_at_goes_with_them(people: People, core: Core) -> None:
    people.act("context", by="U1", channel="C3")
    eventually(lambda: seen(core, "U1"))
    with core.database.begin() as db:
        stored_people.forget(db, "U1")

    with core.database.read() as db:
        assert marks.find(db, "looks:U1") is None


def seen(core: Core, person: str) -> str | None:
    with core.database.read() as db:
        return prompting.open_channel(db, person, core.now())
