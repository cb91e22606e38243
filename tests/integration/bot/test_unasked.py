"""Auto mode: questions nobody put to the bot are answered in channels that want it, and nothing else is."""

import time
from dataclasses import replace

import pytest

from bot import unasked
from bot.app import Bot
from bot.heard import Heard
from bot.simulator.install import Transport
from flywheel.channels import ChannelSettings, Mode
from flywheel.core import Core
from flywheel.model import Surface
from flywheel.store import audit, channels, jobs, questions
from flywheel.store import unasked as stored
from tests.integration.bot.world import People, eventually, words, workplace

QUESTION = "How do I get on the VPN, and where is the Office-2 profile?"


def settle(core: Core) -> None:
    """Wait until every job is done."""
    time.sleep(0.15)
    eventually(lambda: _is_quiet(core))


def _is_quiet(core: Core) -> bool:
    with core.database.read() as db:
        return not jobs.counts(db).get("running") and not jobs.due(db, core.now())


def set_up(core: Core, channel: str = "C1", **settings: object) -> ChannelSettings:
    """Have the bot answer unasked in a channel."""
    chosen = replace(ChannelSettings(channel, mode=Mode.AUTO, threshold=0.3), **settings)  # type: ignore[arg-type]
    with core.database.begin() as db:
        channels.put(db, chosen, "U1", core.now())
    return chosen


def counts(core: Core) -> dict[str, float]:
    with core.database.read() as db:
        return dict(stored.counts(db))


def settings_of(core: Core, channel: str = "C1") -> ChannelSettings:
    with core.database.read() as db:
        return channels.find(db, channel)


@pytest.fixture
def auto(people: People, core: Core) -> People:
    set_up(core)
    return people


def test_a_question_to_nobody_is_answered_in_its_thread(auto: People) -> None:
    ts = auto.say("U2", "C1", QUESTION)

    assert "Office-2" in words(auto.reply("U2", "C1", ts))


def test_it_answers_unasked_over_socket_mode_too(core: Core) -> None:
    set_up(core)
    with workplace(core, Transport.SOCKET) as (people, _):
        ts = people.say("U2", "C1", QUESTION)

        assert "Office-2" in words(people.reply("U2", "C1", ts))


def test_an_unasked_answer_offers_to_mute_the_thread_and_asks_for_nothing(auto: People) -> None:
    shown = words(auto.reply("U2", "C1", auto.say("U2", "C1", QUESTION)))

    assert "Mute in this thread" in shown
    assert "Did we answer" not in shown


def test_nothing_is_answered_where_auto_mode_is_off(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", QUESTION)
    settle(core)

    assert not people.replies("U2", "C1", ts)


@pytest.mark.parametrize(
    "text",
    ["how are you?", "thanks!", "did you see the game?", "<@U3> how do I get on the VPN with the Office-2 profile?"],
)
def test_talk_is_left_alone(auto: People, core: Core, text: str) -> None:
    ts = auto.say("U2", "C1", text)
    settle(core)

    assert eventually(lambda: counts(core) == {"talk": 1.0})
    assert not auto.replies("U2", "C1", ts)


def test_a_question_that_nothing_answers_is_left_alone(auto: People, core: Core) -> None:
    ts = auto.say("U2", "C1", "How do I apply for a fishing licence in Norway?")
    settle(core)

    assert eventually(lambda: counts(core) == {"unsure": 1.0})
    assert not auto.replies("U2", "C1", ts)


def test_of_what_is_left_alone_nothing_is_kept(auto: People, core: Core) -> None:
    ts = auto.say("U2", "C1", "How do I apply for a fishing licence in Norway?")
    settle(core)

    with core.database.read() as db:
        kept = jobs.find(db, f"answer:T1:C1:{ts}")
        assert questions.by_message(db, "C1", ts) is None
        assert kept is not None
        assert "fishing" not in str(kept.body)


def test_an_unasked_question_is_known_as_one(auto: People, core: Core) -> None:
    ts = auto.say("U2", "C1", QUESTION)
    auto.reply("U2", "C1", ts)

    with core.database.read() as db:
        asked = questions.by_message(db, "C1", ts)
    assert asked is not None
    assert asked.surface is Surface.AUTO


def test_a_burst_of_messages_gets_one_answer(auto: People, core: Core) -> None:
    asked = [auto.say("U2", "C1", QUESTION) for _ in range(3)]
    assert eventually(lambda: counts(core) == {"answered": 1.0, "burst": 2.0})
    settle(core)

    assert sum(bool(auto.replies("U2", "C1", ts)) for ts in asked) == 1


def test_the_cap_on_answers_holds_when_several_ask_at_once(people: People, core: Core) -> None:
    set_up(core, daily_answers=1)
    asked = [people.say(person, "C1", QUESTION) for person in ("U1", "U2", "U3")]
    settle(core)

    assert eventually(lambda: counts(core) == {"answered": 1.0, "capped": 2.0})
    settle(core)
    assert sum(bool(people.replies("U2", "C1", ts)) for ts in asked) == 1


def test_it_keeps_quiet_where_somebody_has_answered(people: People, bot: Bot, core: Core) -> None:
    ts = people.say("U2", "C1", QUESTION)
    people.say("U3", "C1", "Ask Ana, she knows", thread_ts=ts)
    set_up(core)
    unasked.hear(bot.upkeep._face, Heard("T1", "C1", ts, "U2", QUESTION, Surface.THREAD))

    assert not people.replies("U2", "C1", ts)
    assert set(counts(core)) == {"replied"}


def test_anybody_mutes_a_thread_by_its_button(auto: People, core: Core) -> None:
    ts = auto.say("U2", "C1", QUESTION)
    answer = auto.reply("U2", "C1", ts)
    auto.press("U3", "C1", answer, "mute_thread")
    eventually(lambda: len(auto.replies("U2", "C1", ts)) == 2)
    auto.say("U2", "C1", "and where do I get the Office-2 profile for the VPN?", thread_ts=ts)
    settle(core)

    assert len(auto.replies("U2", "C1", ts)) == 2


@pytest.mark.parametrize("plea", ["mute", "please stop", "<@UBOT> please be quiet"])
def test_a_thread_is_muted_in_words(auto: People, core: Core, plea: str) -> None:
    ts = auto.say("U2", "C1", QUESTION)
    auto.reply("U2", "C1", ts)
    auto.say("U3", "C1", plea, thread_ts=ts)
    said = eventually(lambda: auto.replies("U2", "C1", ts)[1:])

    assert "nothing more in this thread" in words(said[0])


def test_a_no_raises_the_threshold_and_is_audited(auto: People, core: Core) -> None:
    answer = auto.reply("U2", "C1", auto.say("U2", "C1", QUESTION))
    auto.act("reactions", by="U3", channel="C1", ts=answer["ts"], name="-1")
    eventually(lambda: (settings_of(core).threshold or 0) > 0.3)

    with core.database.read() as db:
        assert any(act.act == "auto threshold" for act in audit.latest(db, [_subject(core)]).values())


def _subject(core: Core) -> str:
    return f"C1: 0.30 to {settings_of(core).threshold:.2f}"


def judged_badly(people: People, core: Core, times: int) -> None:
    """Have the bot answer several people unasked, each time to somebody's displeasure."""
    for asker in ("U1", "U2", "U3", "U1")[:times]:
        set_up(core)
        answer = people.reply("U2", "C1", people.say(asker, "C1", QUESTION))
        people.act("reactions", by="U3", channel="C1", ts=answer["ts"], name="-1")
        settle(core)
        people.act("clock", advance=45)


def test_one_displeased_person_does_not_mute_it(auto: People, core: Core) -> None:
    judged_badly(auto, core, 1)

    assert settings_of(core).muted_at is None


def test_it_mutes_itself_says_so_once_and_is_audited(auto: People, core: Core) -> None:
    judged_badly(auto, core, 4)
    said = eventually(lambda: [one for one in auto.messages("U2", "C1") if "only answer here" in words(one)])

    assert settings_of(core).muted_why == "4 of the last 4 answers that people judged here did not help"
    assert len(said) == 1
    assert "/flywheel channels" in words(said[0])


def test_a_muted_channel_gets_no_more_answers(people: People, core: Core) -> None:
    set_up(core, muted_at=core.now(), muted_why="It was enough")
    ts = people.say("U2", "C1", QUESTION)
    settle(core)

    assert not people.replies("U2", "C1", ts)


def test_a_cost_cap_holds_without_a_price(people: People, core: Core) -> None:
    set_up(core, daily_cost=0.0)
    ts = people.say("U2", "C1", QUESTION)

    assert "Office-2" in words(people.reply("U2", "C1", ts)), "no model is asked, so nothing is spent"


def answered_in_thread(people: People, text: str, by: str) -> tuple[str, int]:
    """Ask the bot, have somebody write in its thread, and return the thread and how many replies it had before."""
    ts = people.say("U2", "C1", f"<@UBOT> {QUESTION}")
    people.reply("U2", "C1", ts)
    people.say(by, "C1", text, thread_ts=ts)
    return ts, 1


@pytest.mark.parametrize("by", ["U2", "U3"])
def test_a_question_in_its_thread_is_answered_whoever_asks(people: People, by: str) -> None:
    ts, before = answered_in_thread(people, "and when is lunch served in the canteen?", by)

    assert eventually(lambda: len(people.replies("U2", "C1", ts)) > before)


def test_who_asked_may_have_it_say_more(people: People) -> None:
    ts, before = answered_in_thread(people, "could you explain the first step?", "U2")

    assert eventually(lambda: len(people.replies("U2", "C1", ts)) > before)


def test_somebody_else_may_mean_the_person_who_asked(people: People, core: Core) -> None:
    ts, before = answered_in_thread(people, "could you explain that again?", "U3")
    settle(core)

    assert len(people.replies("U2", "C1", ts)) == before


@pytest.mark.parametrize("text", ["thanks, that worked", "did you try it?", "<@U2> how do I get on the VPN from home?"])
def test_people_talking_in_its_thread_are_left_alone(people: People, core: Core, text: str) -> None:
    ts, before = answered_in_thread(people, text, "U3")
    settle(core)

    assert len(people.replies("U2", "C1", ts)) == before
