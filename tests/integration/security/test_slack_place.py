"""In a workspace, through the listeners: who sees what, when memberships change, and what becomes live.

`secret` words stand in what only channel C3 may read (U1 and U3 are in it, U2 is not).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import Bot
from flywheel.core import Core
from flywheel.store import answers
from tests.integration.bot.world import People, eventually, utc_now, words, workplace
from tests.integration.security.liveness import live_parts
from tests.integration.security.payloads import payloads
from tests.parts import know, make_core

_THREAD = r"<http://127\.0\.0\.1:\d+/archives/\w+/p\d+\|Open the thread>"
OURS = re.compile(rf"<@(?:U[123]|UBOT)>|<https://wiki\.example/[\w.%\-]+\|Open the source>|{_THREAD}")
SALARY = "what is the salary of level five?"


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path, now=utc_now, admins=frozenset({"U1"}))
    know(made, "lunch.md", "Lunch is served in the canteen on the second floor.", owner="U1")
    know(made, "secret-pay.md", "The salary of level five is secret-ninety.", access=["channel:C3"], owner="U2")
    yield made
    made.database.close()


@pytest.fixture
def place(core: Core) -> Iterator[tuple[People, Bot]]:
    with workplace(core) as (people, bot):
        yield people, bot


@pytest.fixture
def people(place: tuple[People, Bot]) -> People:
    return place[0]


def test_an_answer_in_a_channel_tells_nobody_outside(people: People) -> None:
    people.reply("U1", "C3", people.say("U1", "C3", f"<@UBOT> {SALARY}"))
    shown = people.reply("U1", "C1", people.say("U1", "C1", f"<@UBOT> {SALARY}"))

    assert "secret" not in words(shown)
    assert "secret" not in seen_by(people, "U2")


def test_those_who_may_read_it_get_it(people: People) -> None:
    assert "secret-ninety" in words(people.reply("U1", "C3", people.say("U1", "C3", f"<@UBOT> {SALARY}")))


def test_a_shared_answer_holds_what_the_channel_may_read(people: People) -> None:
    people.act("commands", by="U1", channel="C1", command="/ask", text=SALARY)
    mine = eventually(lambda: [one for one in people.messages("U1", "C1") if "secret-ninety" in words(one)])[0]
    people.press("U1", "C1", mine, "share")
    eventually(lambda: "everybody in this channel may read" in seen_by(people, "U1"))

    assert "secret" not in seen_by(people, "U2")


def test_somebody_else_cannot_open_a_source(place: tuple[People, Bot], core: Core) -> None:
    people, bot = place
    ts = people.say("U1", "C3", f"<@UBOT> {SALARY}")
    people.reply("U1", "C3", ts)
    for person in ("U2", "U3"):
        bot.ingress.accept(clicked(core, ts, person))

    eventually(lambda: len(people.calls("views.open")) == 2)
    opened = sorted("secret" in json.dumps(call["args"]) for call in people.calls("views.open"))
    assert opened == [False, True]


def test_a_membership_that_ends_takes_its_sources_along(people: People) -> None:
    first = people.answer("U3", people.dm("U3"), people.say("U3", people.dm("U3"), SALARY))
    people.act("channels/leave", by="U3", channel="C3")
    eventually(lambda: delivered(people, "member_left_channel"))
    again = people.say("U3", people.dm("U3"), SALARY)

    assert "secret-ninety" in words(first)
    assert "secret" not in words(people.answer("U3", people.dm("U3"), again))


def test_an_owner_outside_reviews_without_reading_what_was_answered(people: People) -> None:
    ts = people.say("U1", "C3", f"<@UBOT> {SALARY}")
    suggest(people, "U1", ts, "Ask the people team.")
    review = eventually(lambda: people.messages("U2", people.dm("U2")))[0]

    assert "Ask the people team." in words(review)
    assert "secret-ninety" not in words(review)


def test_a_correction_is_not_told_to_somebody_who_has_left(people: People) -> None:
    people.answer("U3", people.dm("U3"), people.say("U3", people.dm("U3"), SALARY))
    people.act("channels/leave", by="U3", channel="C3")
    eventually(lambda: delivered(people, "member_left_channel"))
    ts = people.say("U1", "C3", f"<@UBOT> {SALARY}")
    suggest(people, "U1", ts, "It is secret-hundred now.")
    review = eventually(lambda: people.messages("U2", people.dm("U2")))[0]
    people.press("U2", people.dm("U2"), review, "review_approve")
    eventually(lambda: "Corrected by" in words(people.replies("U1", "C3", ts)[0]))

    assert "secret-hundred" not in seen_by(people, "U3")


def test_home_shows_only_ones_own_questions(people: People) -> None:
    people.answer("U1", people.dm("U1"), people.say("U1", people.dm("U1"), "Is the secret plan ready?"))
    people.act("home/open", by="U2", tab="home")
    view = eventually(lambda: people.look("home?as=U2")["view"])

    assert "secret" not in json.dumps(view)


def test_nothing_that_the_bot_ever_sent_is_live(people: People, core: Core) -> None:
    texts = [text for text in payloads() if len(text) < 300][::12]
    for number, text in enumerate(texts):
        know(core, f"rule-{number}.md", f"Rule number{number} of the canteen is {text}", owner=text)
    for number, text in enumerate(texts[:8]):
        shown = people.reply("U2", "C1", people.say("U2", "C1", f"<@UBOT> what is rule number{number} of the canteen?"))
        people.press("U2", "C1", shown, "citation_1") if "citation_1" in words(shown) else None
        people.say("U2", "C1", f"<@UBOT> {text}")
    suggest(people, "U1", str(people.say("U1", "C1", "<@UBOT> where is lunch served?")), texts[0], channel="C1")
    people.act("commands", by="U2", channel="C1", command="/ask", text=f"rule number3 {texts[3]}")
    people.act("home/open", by="U2", tab="home")
    eventually(lambda: people.calls("views.publish"))
    sent = [call["args"] for call in people.look("calls")["calls"] if call["method"] in _SENDING]

    assert len(sent) > 15
    assert [found for one in sent if (found := live_parts(decoded(one), OURS))] == []


_SENDING = frozenset({"chat.postMessage", "chat.update", "views.open", "views.publish"})


def decoded(args: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call, with blocks and views as objects."""
    return {
        name: json.loads(value) if isinstance(value, str) and name in {"blocks", "view"} else value
        for name, value in args.items()
        if name not in {"metadata", "trigger_id", "channel", "user_id", "ts", "thread_ts"}
    }


def seen_by(people: People, person: str) -> str:
    """Return everything that the bot shows a person anywhere."""
    shown: list[Any] = [people.look(f"views?as={person}"), people.look(f"home?as={person}")]
    people.dm(person)
    for channel in people.look(f"state?as={person}")["channels"]:
        for message in people.messages(person, channel["id"]):
            shown += [one for one in (message, *thread_of(people, person, channel["id"], message)) if one.get("bot_id")]
    return json.dumps(shown, ensure_ascii=False)


def thread_of(people: People, person: str, channel: str, message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a message's thread; an ephemeral message has none."""
    if message.get("ephemeral"):
        return []
    return list(people.look(f"channels/{channel}/threads/{message['ts']}?as={person}")["messages"])


def suggest(people: People, person: str, ts: str, text: str, channel: str = "C3") -> None:
    """Say No to an answer and write a better one."""
    people.press(person, channel, people.reply(person, channel, ts), "vote_no")
    form = eventually(lambda: ephemeral(people, person, channel, ts))[0]
    people.press(person, channel, form, "suggest")
    people.submit(person, answer=text)


def ephemeral(people: People, person: str, channel: str, ts: str) -> list[dict[str, Any]]:
    seen = people.look(f"channels/{channel}/threads/{ts}?as={person}")["messages"] + people.messages(person, channel)
    return [message for message in seen if message.get("ephemeral") and "suggest" in words(message)]


def delivered(people: People, kind: str) -> bool:
    """Tell whether an event of a kind has reached the bot."""
    return any(one["type"] == kind and one["status"] == 200 for one in people.look("deliveries")["deliveries"])


def clicked(core: Core, thread_ts: str, person: str) -> dict[str, Any]:
    """Return a click on the first source of an answer, as Slack delivers it."""
    with core.database.read() as db:
        answer = answers.in_thread(db, "C3", thread_ts)[0]
    action = {"action_id": "citation_1", "value": f"{answer.id}#1", "action_ts": f"{1.5}", "block_id": "sources"}
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": person},
        "trigger_id": f"1.{person}",
        "container": {"message_ts": thread_ts, "channel_id": "C3"},
        "actions": [{**action, "type": "button"}],
    }
