"""Shortcuts: a message that somebody points at is answered once, and a form is answered in direct messages."""

from typing import Any

import pytest

from bot.app import Bot
from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.curation import person as a_person
from flywheel.model import Answer, Surface
from flywheel.store import answers, jobs, questions
from tests.integration.bot.surfaces import ASKED, VPN, alone, open_form, point, told
from tests.integration.bot.world import People, eventually, words, workplace


def test_pointing_at_a_message_answers_it_in_its_thread(people: People) -> None:
    ts = people.say("U2", "C1", ASKED)
    point(people, "U3", "C1", ts)

    assert "Office-2" in words(people.reply("U2", "C1", ts))


def test_the_answer_says_who_wanted_it(people: People) -> None:
    ts = people.say("U2", "C1", ASKED)
    point(people, "U3", "C1", ts)

    assert "<@U3> asked me to answer this" in words(people.reply("U2", "C1", ts))


def test_who_points_is_who_asked(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", ASKED)
    point(people, "U3", "C1", ts)
    people.reply("U2", "C1", ts)

    with core.database.read() as db:
        asked = questions.by_message(db, "C1", ts)
    assert asked is not None
    assert (asked.person, asked.surface) == ("U3", Surface.SHORTCUT)


@pytest.mark.parametrize("channel", ["C1", "C2"], ids=["in its thread", "alone"])
def test_a_question_in_somebodys_words_goes_with_them(people: People, core: Core, channel: str) -> None:
    ts = people.say("U2", channel, ASKED)
    point(people, "U1", channel, ts)
    eventually(lambda: stored(core, "U1"))

    exported = a_person.export(core, "U2")["questions"]
    a_person.forget(core, "U2")

    assert [one["person"] for one in exported] == ["U1"]
    assert stored(core, "U1") == []


def stored(core: Core, person: str) -> list[str]:
    """Return the questions of a person that have an answer which was delivered."""
    with core.database.read() as db:
        asked = questions.recent_of(db, person)
        return [one.text for one in asked if answers.of_question(db, one.id) and not jobs.counts(db).get("running")]


def test_two_people_who_point_get_one_answer_and_the_second_is_told(people: People) -> None:
    ts = people.say("U2", "C1", ASKED)
    point(people, "U3", "C1", ts)
    people.reply("U2", "C1", ts)
    point(people, "U1", "C1", ts)

    told(people, "U1", "C1", "answered that message already")
    assert len(people.replies("U2", "C1", ts)) == 1


def test_two_people_who_point_at_one_moment_get_one_answer(people: People, bot: Bot) -> None:
    ts = people.say("U2", "C1", ASKED)
    for person in ("U1", "U3"):
        bot.ingress.accept({**pointed(ts), "user": {"id": person}})
    people.reply("U2", "C1", ts)

    second = eventually(lambda: [one for who in ("U1", "U3") for one in people.messages(who, people.dm(who))])
    assert "ago" in words(second[0]) or "already" in words(second[0])
    assert len(people.replies("U2", "C1", ts)) == 1


def test_pointing_at_a_mention_that_was_answered_answers_no_second_time(people: People) -> None:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    point(people, "U2", "C1", ts)

    told(people, "U2", "C1", "answered that message already")
    assert len(people.replies("U2", "C1", ts)) == 1


def test_pointing_in_a_channel_reads_only_what_the_channel_may(people: People) -> None:
    ts = people.say("U2", "C1", "what is the salary band of level 5?")
    point(people, "U1", "C1", ts)

    assert "ninety" not in words(people.reply("U2", "C1", ts))


def test_where_the_bot_is_not_who_points_is_answered_alone(people: People) -> None:
    ts = people.say("U2", "C2", ASKED)
    point(people, "U1", "C2", ts)

    told(people, "U1", "C2", "Office-2")
    assert alone(people, "U2", "C2") == []
    assert people.replies("U2", "C2", ts) == []


def test_alone_one_reads_with_ones_own_rights(people: People) -> None:
    ts = people.say("U2", "C2", "what is the salary band of level 5?")
    point(people, "U1", "C2", ts)

    told(people, "U1", "C2", "ninety")


def test_in_an_archived_channel_who_points_is_answered_alone(people: People) -> None:
    ts = people.say("U2", "C1", ASKED)
    people.act("channels/archive", channel="C1")
    point(people, "U2", "C1", ts)

    told(people, "U2", "C1", "Office-2")


def test_where_posting_is_restricted_who_points_gets_the_answer_alone(people: People) -> None:
    ts = people.say("U2", "C1", ASKED)
    people.act("faults", method="chat.postMessage", error="restricted_action")
    point(people, "U3", "C1", ts)

    assert "Office-2" in words(eventually(lambda: people.messages("U3", people.dm("U3")))[0])
    assert people.replies("U2", "C1", ts) == []


def test_pointing_at_the_bots_own_message_gets_a_word(people: People) -> None:
    ts = people.say("U2", "C1", VPN)
    own = people.reply("U2", "C1", ts)
    point(people, "U2", "C1", own["ts"])

    told(people, "U2", "C1", "one of my own messages")


def test_pointing_at_a_message_without_words_gets_a_word(people: People, bot: Bot) -> None:
    bot.ingress.accept(pointed(people.say("U2", "C1", ASKED), text=""))

    told_by_message = eventually(lambda: people.messages("U2", people.dm("U2")))
    assert "no text in that message" in words(told_by_message[0])


def test_pointing_at_a_message_that_is_gone_gets_a_word(people: People, bot: Bot) -> None:
    ts = people.say("U2", "C1", ASKED)
    people.act("messages/delete", by="U2", channel="C1", ts=ts)
    bot.ingress.accept(pointed(ts))

    told_by_message = eventually(lambda: people.messages("U2", people.dm("U2")))
    assert "was deleted" in words(told_by_message[0])


def pointed(ts: str, text: str = ASKED) -> dict[str, Any]:
    message = {"type": "message", "user": "U2", "text": text, "ts": ts}
    return {
        "type": "message_action", "callback_id": "answer_message", "trigger_id": "1.1", "message_ts": ts,
        "team": {"id": "T1"}, "user": {"id": "U2"}, "channel": {"id": "C1", "name": "general"}, "message": message,
    }  # fmt: skip


def test_the_form_is_answered_in_direct_messages(people: People) -> None:
    open_form(people, "U1")
    people.submit("U1", question="what is the salary band of level 5?")

    answer = eventually(lambda: people.messages("U1", people.dm("U1")))[0]
    assert "ninety" in words(answer)
    assert "You asked" in words(answer)


def test_what_was_asked_in_the_form_can_be_followed_up_in_the_direct_message(people: People, core: Core) -> None:
    open_form(people, "U2")
    people.submit("U2", question=ASKED)
    channel = people.dm("U2")
    eventually(lambda: people.messages("U2", channel))

    with core.database.read() as db:
        assert questions.recent_of(db, "U2")[0].channel == channel


def test_a_form_that_slack_does_not_open_is_said_so(people: People) -> None:
    people.act("faults", method="views.open", error="internal_error")
    people.act("shortcuts", by="U2", type="global", callback_id="ask_global")

    assert "too slow" in words(eventually(lambda: people.messages("U2", people.dm("U2")))[0])


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_form_is_refused(people: People, text: str) -> None:
    open_form(people, "U2")

    assert people.submit("U2", question=text)["response_action"] == "errors"


def broken(_core: Core, _asking: Asking) -> Answer:
    raise RuntimeError("the index is gone")


def test_a_second_attempt_answers_what_the_first_could_not(core: Core) -> None:
    attempts = iter([broken, ask])

    def at_last(core: Core, asking: Asking) -> Answer:
        return next(attempts)(core, asking)

    with workplace(core, ask=at_last) as (people, _):
        ts = people.say("U2", "C1", ASKED)
        point(people, "U3", "C1", ts)

        assert "Office-2" in words(people.reply("U2", "C1", ts))
        assert alone(people, "U3", "C1") == []


def test_who_points_in_vain_is_told_once(core: Core) -> None:
    with workplace(core, ask=broken) as (people, _):
        point(people, "U3", "C1", people.say("U2", "C1", ASKED))

        told(people, "U3", "C1", "something went wrong")
        assert len(alone(people, "U3", "C1")) == 1


def test_who_fills_in_the_form_in_vain_is_told_once(core: Core) -> None:
    with workplace(core, ask=broken) as (people, _):
        open_form(people, "U2")
        people.submit("U2", question=ASKED)

        said = eventually(lambda: people.messages("U2", people.dm("U2")))
        assert ["something went wrong" in words(one) for one in said] == [True]
