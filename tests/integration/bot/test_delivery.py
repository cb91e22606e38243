"""Deliveries and calls that go wrong: doubled, late, refused, unanswered; and the other way in."""

import dataclasses
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.app import Bot
from bot.ingress import SLACK_JOB
from bot.outbox import POST_JOB
from bot.simulator.install import Transport
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from flywheel.answering.ask import Asking
from flywheel.answering.ask import ask as ask_the_core
from flywheel.core import Core
from flywheel.errors import ConfigurationError
from flywheel.model import Answer
from flywheel.store import jobs, questions
from flywheel.store.jobs import JobState
from tests.integration.bot.world import People, assembled, eventually, install_at, utc_now, words, workplace

VPN = "<@UBOT> how do I get on the VPN?"


def test_socket_mode_answers_a_mention(core: Core) -> None:
    with workplace(core, Transport.SOCKET) as (people, _):
        ts = people.say("U2", "C1", VPN)

        assert "Office-2" in words(people.reply("U2", "C1", ts))


def test_socket_mode_opens_a_source(core: Core) -> None:
    with workplace(core, Transport.SOCKET) as (people, _):
        shown = people.reply("U2", "C1", people.say("U2", "C1", VPN))
        people.press("U2", "C1", shown, "citation_1")

        assert "self service portal" in str(people.modal("U2"))


def test_socket_mode_refuses_an_empty_suggestion(core: Core) -> None:
    with workplace(core, Transport.SOCKET) as (people, _):
        channel = people.dm("U2")
        asked = people.say("U2", channel, "which colour has the moon base helicopter?")
        people.press("U2", channel, people.answer("U2", channel, asked), "suggest")

        assert "answer" in people.submit("U2", answer=" ").get("errors", {})


def test_socket_mode_runs_the_command(core: Core) -> None:
    with workplace(core, Transport.SOCKET) as (people, _):
        people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")

        assert "Office-2" in words(eventually(lambda: people.messages("U2", "C1"))[0])


def test_a_message_from_before_the_line_was_cut_is_looked_for_at_once(core: Core) -> None:
    with workplace(core, Transport.SOCKET) as (people, bot):
        people.reply("U2", "C1", people.say("U2", "C1", VPN))
        people.act("delivery", drop=1.0, seed=1)
        ts = people.say("U2", "C1", VPN)
        socket = bot.socket
        assert socket is not None
        socket.reconnect()

        assert people.reply("U2", "C1", ts)


def test_a_wrong_app_token_is_said_at_once(core: Core) -> None:
    install = install_at("http://127.0.0.1:9/", Transport.SOCKET)
    with running(Workspace.small(utc_now), install) as url:
        bot = assembled(core, url, dataclasses.replace(install, app_token="xapp-wrong"))

        with pytest.raises(ConfigurationError, match="SLACK_APP_TOKEN"):
            bot.start()


def test_doubled_and_reordered_deliveries_change_nothing(people: People) -> None:
    people.act("delivery", duplicate=1.0, reorder=0.5, seed=3)
    asked = [people.say("U2", "C1", VPN) for _ in range(3)]

    eventually(lambda: all(people.replies("U2", "C1", ts) for ts in asked))
    time.sleep(1)
    assert [len(people.replies("U2", "C1", ts)) for ts in asked] == [1, 1, 1]


def test_a_message_whose_reply_was_lost_is_not_posted_again(people: People, core: Core) -> None:
    people.act("faults", method="chat.postMessage", times=1, lose_reply=True)
    ts = people.say("U2", "C1", VPN)

    eventually(lambda: all_done(core))
    assert len(people.replies("U2", "C1", ts)) == 1


def test_a_server_error_is_tried_again(people: People) -> None:
    people.act("faults", method="chat.postMessage", times=1, status=500)
    ts = people.say("U2", "C1", VPN)

    assert people.reply("U2", "C1", ts)


def test_nothing_is_posted_before_retry_after(people: People) -> None:
    people.act("faults", method="chat.postMessage", times=1, status=429, error="ratelimited", retry_after=2)
    people.reply("U2", "C1", people.say("U2", "C1", VPN))

    refused, posted = [call["at"] for call in people.calls("chat.postMessage")][:2]
    assert posted - refused >= 2


def test_a_burst_into_one_channel_keeps_slacks_pace(people: People) -> None:
    asked = [people.say("U2", "C1", VPN) for _ in range(3)]
    eventually(lambda: all(people.replies("U2", "C1", ts) for ts in asked))

    times = [call["at"] for call in people.calls("chat.postMessage")]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.95


def test_the_sweep_finds_what_was_never_delivered(people: People, bot: Bot) -> None:
    people.act("delivery", drop=1.0, seed=1)
    channel = people.dm("U3")
    ts, direct = people.say("U2", "C1", VPN), people.say("U3", channel, "how do I get on the VPN?")

    bot.sweep.once()
    assert people.reply("U2", "C1", ts)
    assert people.answer("U3", channel, direct)


def test_the_sweep_finds_a_mention_in_a_thread(people: People, bot: Bot) -> None:
    root = people.say("U3", "C1", "morning")
    people.act("delivery", drop=1.0, seed=1)
    people.say("U2", "C1", VPN, thread_ts=root)

    bot.sweep.once()
    assert people.reply("U2", "C1", root)


def test_the_sweep_answers_nothing_a_second_time(people: People, bot: Bot) -> None:
    people.reply("U2", "C1", people.say("U2", "C1", VPN))

    assert bot.sweep.once() == 0


def test_a_failing_answer_ends_in_a_plain_word(core: Core) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the answerer is broken")

    with workplace(core, ask=broken) as (people, _):
        ts = people.say("U2", "C1", VPN)

        assert "something went wrong" in words(people.reply("U2", "C1", ts))
        assert [job.error for job in dead(core)] == ["RuntimeError: the answerer is broken"]


def test_an_edit_that_overtakes_its_question_is_answered_once(people: People, bot: Bot, core: Core) -> None:
    people.act("delivery", drop=1.0, seed=1)
    ts = people.say("U2", "C1", VPN)
    changed = {"type": "message", "user": "U2", "text": VPN + "!", "ts": ts, "edited": {"user": "U2", "ts": ts}}
    event = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": ts, "message": changed}
    bot.ingress.accept({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": event})
    people.reply("U2", "C1", ts)
    bot.sweep.once()

    eventually(lambda: all_done(core))
    assert len(people.replies("U2", "C1", ts)) == 1


def test_a_question_deleted_before_it_was_read_is_not_answered(people: People, bot: Bot, core: Core) -> None:
    event = {"type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "9.1", "deleted_ts": "8.000001"}
    bot.ingress.accept({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": event})
    eventually(lambda: all_done(core))
    late = {"type": "app_mention", "user": "U2", "text": VPN, "ts": "8.000001", "channel": "C1"}
    bot.ingress.accept({"type": "event_callback", "event_id": "Ev2", "team_id": "T1", "event": late})

    eventually(lambda: all_done(core))
    assert people.calls("chat.postMessage") == []


def test_a_deleted_question_with_replies_is_not_answered_anew(people: People, bot: Bot, core: Core) -> None:
    ts = people.say("U2", "C1", VPN)
    said = words(people.reply("U2", "C1", ts))
    stone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "It was deleted.", "ts": ts}
    before = {"type": "message", "user": "U2", "text": VPN, "ts": ts}
    changed = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "9.1", "event_ts": "9.1"}
    event = {**changed, "message": stone, "previous_message": before}
    bot.ingress.accept({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": event})

    eventually(lambda: all_done(core))
    assert [words(one) for one in people.replies("U2", "C1", ts)] == [said]
    with core.database.read() as db:
        assert questions.is_deleted(db, f"q:T1:C1:{ts}")


def test_an_edit_that_is_read_beside_its_question_wins(core: Core) -> None:
    with workplace(core, ask=slow_when("lunch")) as (people, bot):
        people.act("delivery", drop=1.0, seed=1)
        ts = people.say("U2", "C1", VPN)
        changed = {"type": "message", "user": "U2", "text": "<@UBOT> when is lunch?", "ts": ts, "edited": {"ts": ts}}
        event = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": ts, "message": changed}
        bot.ingress.accept({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": event})
        first = {"type": "app_mention", "user": "U2", "text": VPN, "ts": ts, "channel": "C1"}
        bot.ingress.accept({"type": "event_callback", "event_id": "Ev2", "team_id": "T1", "event": first})

        assert eventually(lambda: "12:00" in words(people.reply("U2", "C1", ts)))


def test_a_question_deleted_while_it_is_answered_gets_no_answer(core: Core) -> None:
    with workplace(core, ask=slow_when("VPN")) as (people, bot):
        asked = {"type": "app_mention", "user": "U2", "text": VPN, "ts": "8.000001", "channel": "C1"}
        gone = {"type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "9.1", "deleted_ts": "8.000001"}
        for number, event in enumerate((asked, gone)):
            bot.ingress.accept({"type": "event_callback", "event_id": f"Ev{number}", "team_id": "T1", "event": event})

        eventually(lambda: all_done(core))
        assert people.calls("chat.postMessage") == []


def test_the_bot_does_not_answer_itself_where_messages_carry_no_bot_id(people: People, bot: Bot, core: Core) -> None:
    echo = {
        "type": "message",
        "channel_type": "im",
        "user": "UBOT",
        "text": "lunch?",
        "ts": "8.000001",
        "channel": "D1",
    }
    bot.ingress.accept({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": echo})

    eventually(lambda: all_done(core))
    assert people.calls("chat.postMessage") == []


def test_a_notice_that_names_the_bot_is_not_a_question(people: People, bot: Bot, core: Core) -> None:
    notice = {"type": "app_mention", "subtype": "channel_join", "user": "U2", "text": VPN, "ts": "8.1", "channel": "C1"}
    bot.ingress.accept({"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": notice})

    eventually(lambda: all_done(core))
    assert people.calls("chat.postMessage") == []


def test_the_asker_hears_of_an_answer_that_came_too_late_for_its_command(people: People, bot: Bot) -> None:
    command = {
        "command": "/ask",
        "text": "lunch?",
        "user_id": "U2",
        "channel_id": "C1",
        "trigger_id": "1.2",
        "team_id": "T1",
    }
    bot.ingress.accept(command | {"response_url": f"{people.url}/used/up"})

    told = eventually(lambda: people.messages("U2", people.dm("U2")))
    assert "could not post my answer" in words(told[0])


def slow_when(word: str) -> Callable[[Core, Asking], Answer]:
    """Return an answerer that takes its time over questions with a word."""

    def ask_slowly(core: Core, asking: Asking) -> Answer:
        if word in asking.text:
            time.sleep(1)
        return ask_the_core(core, asking)

    return ask_slowly


def all_done(core: Core) -> bool:
    """Tell whether everything that was said is handled and everything there was to say is sent."""
    with core.database.read() as db:
        waiting = [*jobs.in_state(db, JobState.READY), *jobs.in_state(db, JobState.RUNNING)]
        counts = jobs.counts(db)
    is_quiet = not any(job.kind in (SLACK_JOB, POST_JOB) for job in waiting)
    return bool(counts) and is_quiet and not counts.keys() & {"dead", "late"}


def dead(core: Core) -> list[jobs.Job]:
    with core.database.read() as db:
        return jobs.in_state(db, JobState.DEAD)
