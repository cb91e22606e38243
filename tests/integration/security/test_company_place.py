"""In a workspace, through the listeners: guests, partners, people who join or go while a question is being answered.

`secret` words stand in what only channel C3 may read (U1 and U3 are in it), `badge` in what is public and `desk` in
what is for guests too. U4 is a guest.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flywheel.answering.ask import Asking
from flywheel.answering.ask import ask as ask_the_core
from flywheel.channels import ChannelSettings
from flywheel.core import Core
from flywheel.model import Answer
from flywheel.store import audit, channels, members, questions
from tests.integration.bot.world import People, eventually, make_guest, utc_now, words, workplace
from tests.integration.security.test_slack_place import delivered, seen_by
from tests.parts import know, make_core

BADGE = "where do I renew my badge?"
DESK = "where do visitors sign in?"
SALARY = "what is the salary of level five?"


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path, now=utc_now, admins=frozenset({"U1"}))
    know(made, "badges.md", "A badge is renewed at the gatehouse, room badge-twelve.")
    know(made, "visitors.md", "Visitors sign in at the front desk-seven.", access=["guests", "public"])
    know(made, "secret-pay.md", "The salary of level five is secret-ninety.", access=["channel:C3"], owner="U2")
    yield made
    made.database.close()


class Pause:
    """Answers questions, and lets something happen between an answer and its posting."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], object] = lambda: None
        self.asked = threading.Event()

    def ask(self, core: Core, asking: Asking) -> Answer:
        made = ask_the_core(core, asking)
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return made


@pytest.fixture
def pause() -> Pause:
    return Pause()


@pytest.fixture
def people(core: Core, pause: Pause) -> Iterator[People]:
    with workplace(core, ask=pause.ask) as (people, _):
        yield people


def ask(people: People, by: str, channel: str, text: str) -> str:
    """Ask the bot in a channel; returns everything that its one reply shows."""
    ts = people.say(by, channel, f"<@UBOT> {text}")
    return words(people.reply(by, channel, ts))


def test_a_channel_without_guests_reads_what_is_public(people: People) -> None:
    assert "badge-twelve" in ask(people, "U1", "C1", BADGE)


def test_a_channel_with_a_guest_reads_nothing_public(people: People) -> None:
    people.act("channels/invite", by="U1", channel="C1", user="U4")

    assert "badge-twelve" not in ask(people, "U1", "C1", BADGE)


def test_a_channel_with_a_guest_reads_what_is_for_guests(people: People) -> None:
    people.act("channels/invite", by="U1", channel="C1", user="U4")

    assert "desk-seven" in ask(people, "U1", "C1", DESK)


def test_a_channel_shared_with_a_partner_reads_nothing_public(people: People) -> None:
    people.act("channels/share", channel="C1")
    eventually(lambda: delivered(people, "channel_shared"))

    assert "badge-twelve" not in ask(people, "U1", "C1", BADGE)


def test_a_guest_alone_reads_what_is_for_guests_only(people: People) -> None:
    first = people.say("U4", people.dm("U4"), BADGE)
    badge = people.answer("U4", people.dm("U4"), first)
    second = people.say("U4", people.dm("U4"), DESK)
    desk = people.answer("U4", people.dm("U4"), second)

    assert ("badge-twelve" in words(badge), "desk-seven" in words(desk)) == (False, True)


def test_who_becomes_a_guest_reads_nothing_public_any_more(people: People, core: Core) -> None:
    people.answer("U2", people.dm("U2"), people.say("U2", people.dm("U2"), BADGE))
    make_guest(people, core, "U2")
    after = people.answer("U2", people.dm("U2"), people.say("U2", people.dm("U2"), BADGE))

    assert "badge-twelve" not in words(after)


def test_who_joins_between_asking_and_posting_is_told_nothing(people: People, pause: Pause) -> None:
    pause.meanwhile = lambda: people.act("channels/invite", by="U1", channel="C1", user="U4")

    shown = ask(people, "U1", "C1", BADGE)

    assert "badge" not in shown.replace("renew my badge", "")
    assert "badge-twelve" not in seen_by(people, "U4")


def test_an_answer_made_anew_is_posted_once(people: People, pause: Pause, core: Core) -> None:
    pause.meanwhile = lambda: people.act("channels/invite", by="U1", channel="C3", user="U2")
    ts = people.say("U1", "C3", f"<@UBOT> {SALARY}")
    eventually(lambda: people.replies("U1", "C3", ts))
    people.reply("U1", "C1", people.say("U1", "C1", f"<@UBOT> {BADGE}"))  # everything before it has been sent

    assert len(people.replies("U1", "C3", ts)) == 1


def test_a_question_keeps_the_narrower_audience(people: People, pause: Pause, core: Core) -> None:
    pause.meanwhile = lambda: people.act("channels/invite", by="U1", channel="C1", user="U4")
    ts = people.say("U1", "C1", f"<@UBOT> {BADGE}")
    people.reply("U1", "C1", ts)

    with core.database.read() as db:
        question = questions.by_message(db, "C1", ts)
    assert question is not None
    assert question.audience.labels == {"guests", "channel:C1"}


def test_a_vote_after_a_guest_has_joined_shows_nothing_new(people: People, core: Core) -> None:
    know(core, "level.md", "Level five: the band of level five is listed under Bands.")
    ts = people.say("U1", "C1", f"<@UBOT> {BADGE}")
    before = people.reply("U1", "C1", ts)
    people.act("channels/invite", by="U1", channel="C1", user="U4")
    people.press("U1", "C1", before, "vote_yes")
    eventually(lambda: people.calls("chat.update"))

    with core.database.read() as db:
        question = questions.by_message(db, "C1", ts)
    assert question is not None
    assert "public" not in question.audience.labels


def test_a_deactivated_person_is_answered_nothing(people: People, core: Core) -> None:
    people.answer("U3", people.dm("U3"), people.say("U3", people.dm("U3"), SALARY))
    people.act("people/deactivate", user="U3")
    eventually(lambda: delivered(people, "user_change"))
    people.reply("U1", "C1", people.say("U1", "C1", f"<@UBOT> {BADGE}"))

    with core.database.read() as db:
        assert (members.channels_of(db, "U3"), members.standing_of(db, "U3")) == (frozenset(), "gone")


def test_a_deactivated_person_is_on_call_no_more(people: People, core: Core) -> None:
    with core.database.begin() as db:
        channels.put(db, ChannelSettings("C1", experts=("U2", "U3")), "U1", core.now())
    people.act("people/deactivate", user="U3")
    eventually(lambda: delivered(people, "user_change"))
    ask(people, "U1", "C1", BADGE)

    with core.database.read() as db:
        assert channels.find(db, "C1").experts == ("U2",)
        assert [(one.person, one.act, one.subject) for one in audit.page(db)] == [("flywheel", "taken off call", "U3")]


def test_more_is_offered_to_the_asker_alone(people: People) -> None:
    ts = people.say("U1", "C1", f"<@UBOT> {SALARY}")
    note = eventually(lambda: notes(people, "U1", "C1"))[0]

    assert "There is more that only you can see." in words(note)
    assert "secret" not in words(note)
    assert notes(people, "U2", "C1") == []
    assert "secret" not in words(people.reply("U2", "C1", ts))


def test_the_note_shows_the_answer_to_the_asker_alone(people: People) -> None:
    people.say("U1", "C1", f"<@UBOT> {SALARY}")
    note = eventually(lambda: notes(people, "U1", "C1"))[0]
    people.press("U1", "C1", note, "private_show")
    eventually(lambda: "secret-ninety" in seen_by(people, "U1"))

    assert "secret-ninety" not in seen_by(people, "U2")


def test_nothing_is_offered_to_who_may_read_no_more(people: People) -> None:
    people.reply("U2", "C1", people.say("U2", "C1", f"<@UBOT> {SALARY}"))
    people.say("U1", "C1", f"<@UBOT> {SALARY}")
    eventually(lambda: notes(people, "U1", "C1"))  # U2's would have come before

    assert notes(people, "U2", "C1") == []


def test_in_a_thread_the_note_comes_as_a_direct_message(people: People) -> None:
    root = people.say("U2", "C1", "Does anybody know about pay?")
    people.say("U1", "C1", f"<@UBOT> {SALARY}", thread_ts=root)

    told = eventually(lambda: [one for one in people.messages("U1", people.dm("U1")) if one.get("bot_id")])[0]
    assert "There is more that only you can see." in words(told)


def test_members_that_slack_does_not_tell_are_waited_for(people: People) -> None:
    people.act("faults", method="conversations.members", times=2, error="internal_error")

    assert "badge-twelve" in ask(people, "U1", "C1", BADGE)


def notes(people: People, person: str, channel: str) -> list[dict[str, Any]]:
    """Return what only this person sees in a channel."""
    return [one for one in people.messages(person, channel) if one.get("ephemeral") and "private_show" in words(one)]
