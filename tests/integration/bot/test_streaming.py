"""An answer appears while it is being written, and ends as the one message that it would have been anyway."""

import pytest

from bot import opened, streaming
from bot.asking import deleted_mark
from bot.buckets import START, Buckets, Rate
from bot.heard import Heard
from bot.status import TROUBLE
from flywheel.core import Core
from flywheel.knowledge.access import audience_of
from flywheel.model import Surface
from flywheel.store import marks
from tests.integration.bot.faults import encoder
from tests.integration.bot.world import eventually, make_guest, words
from tests.integration.bot.writing import SENTENCE, VPN, AheadClock, Gate, Writer, face_of, settled, writing


def taken_over(clock: AheadClock, calls: list[int]) -> bool:
    """Let the lease of whoever writes run out; tell whether somebody else has begun to write."""
    clock.advance(6)
    return calls.count(0) == 2


def deleted(core: Core, channel: str, ts: str) -> bool:
    with core.database.read() as db:
        return marks.find(db, deleted_mark(channel, ts)) is not None


def test_the_text_is_there_before_the_answer_is_finished(core: Core) -> None:
    gate = Gate(1)
    with writing(core, Writer((SENTENCE, SENTENCE), gate)) as (people, _):
        ts = people.say("U2", "C1", VPN)

        assert "Office-2" in words(people.reply("U2", "C1", ts))
        gate.open.set()


def test_a_streamed_answer_ends_with_its_sources_and_buttons(core: Core) -> None:
    with writing(core, Writer()) as (people, _):
        ts = people.say("U2", "C1", VPN)
        shown = eventually(lambda: [one for one in people.replies("U2", "C1", ts) if "vote_yes" in words(one)])[0]

        assert "citation_1" in words(shown)
        assert len(people.replies("U2", "C1", ts)) == 1
        assert people.calls("chat.postMessage") == []


def test_a_vote_on_a_streamed_answer_shows_under_it(core: Core) -> None:
    with writing(core, Writer()) as (people, _):
        ts = people.say("U2", "C1", VPN)
        shown = eventually(lambda: [one for one in people.replies("U2", "C1", ts) if "vote_yes" in words(one)])[0]
        people.press("U2", "C1", shown, "vote_yes")

        assert eventually(lambda: "Yes · 1" in words(people.replies("U2", "C1", ts)[0]))


def test_a_model_that_breaks_off_leaves_one_message_that_quotes(core: Core) -> None:
    with writing(core, Writer(("Nobody said this. ", "Nor this."))) as (people, _):
        ts = people.say("U2", "C1", VPN)

        assert "Office-2" in words(people.reply("U2", "C1", ts))
        assert people.calls("chat.startStream") == []


def test_text_is_appended_after_a_second(core: Core) -> None:
    clock = AheadClock()
    with writing(core, Writer([SENTENCE] * 4, lambda _: clock.advance(1.1)), now=clock) as (people, _):
        people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        assert len(people.calls("chat.appendStream")) == 3


def test_a_long_answer_takes_few_appends(core: Core) -> None:
    with writing(core, Writer([SENTENCE] * 48)) as (people, _):
        people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        assert len(people.calls("chat.appendStream")) <= 4


def test_after_four_minutes_the_rest_comes_with_the_end(core: Core) -> None:
    clock = AheadClock()
    writer = Writer([SENTENCE] * 4, lambda number: clock.advance(250 if number == 1 else 0))
    with writing(core, writer, now=clock) as (people, _):
        ts = people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        assert people.calls("chat.appendStream") == []
        assert words(people.reply("U2", "C1", ts)).count("Office-2") >= 4


@pytest.mark.parametrize("error", ["unknown_method", "channel_type_not_supported", "missing_recipient_user_id"])
def test_where_nothing_can_be_streamed_the_answer_is_posted_once(core: Core, error: str) -> None:
    with writing(core, Writer()) as (people, _):
        people.act("faults", method="chat.startStream", times=1, error=error)
        ts = people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        assert len(people.replies("U2", "C1", ts)) == 1
        assert len(people.calls("chat.postMessage")) == 1


def test_a_stream_whose_beginning_got_no_reply_is_found_and_finished(core: Core) -> None:
    with writing(core, Writer()) as (people, _):
        people.act("faults", method="chat.startStream", times=1, lose_reply=True)
        ts = people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        [shown] = people.replies("U2", "C1", ts)
        assert "vote_yes" in words(shown)


@pytest.mark.parametrize("error", ["message_not_in_streaming_state", "streaming_state_conflict", "internal_error"])
def test_a_refused_append_leaves_one_whole_answer(core: Core, error: str) -> None:
    clock = AheadClock()
    with writing(core, Writer([SENTENCE] * 3, lambda _: clock.advance(1.1)), now=clock) as (people, _):
        people.act("faults", method="chat.appendStream", times=1, error=error)
        ts = people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        [shown] = people.replies("U2", "C1", ts)
        assert words(shown).count("Office-2") >= 3


def test_an_append_that_comes_too_often_waits_with_its_text(core: Core) -> None:
    clock = AheadClock()
    with writing(core, Writer([SENTENCE] * 6, lambda _: clock.advance(1.1)), now=clock) as (people, _):
        people.act("faults", method="chat.appendStream", times=1, status=429, error="ratelimited", retry_after=2)
        ts = people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        assert len(people.calls("chat.appendStream")) >= 2
        assert words(people.replies("U2", "C1", ts)[0]).count("Office-2") >= 6


def test_a_stream_that_is_gone_is_answered_anew_once(core: Core) -> None:
    with writing(core, Writer()) as (people, _):
        people.act("faults", method="chat.stopStream", times=1, error="message_not_found")
        ts = people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        assert len([one for one in people.replies("U2", "C1", ts) if "vote_yes" in words(one)]) == 1


def test_a_streamed_message_that_cannot_become_the_answer_is_replaced_by_it(core: Core) -> None:
    with writing(core, Writer()) as (people, _):
        people.act("faults", method="chat.update", times=9, error="block_mismatch")
        ts = people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        [shown] = people.replies("U2", "C1", ts)
        assert "vote_yes" in words(shown)


def test_statuses_are_shown_and_cleared(core: Core) -> None:
    with writing(core, Writer()) as (people, _):
        people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        said = [call["args"].get("status") for call in people.calls("assistant.threads.setStatus")]
        assert said == ["is searching…", "is writing…", ""]


def test_an_attempt_that_fails_while_it_writes_leaves_its_message_to_the_next(core: Core) -> None:
    failed: list[int] = []

    def fail_once(number: int) -> None:
        if number == 1 and not failed:
            failed.append(number)
            raise RuntimeError("cut off")

    with writing(core, Writer((SENTENCE, SENTENCE), fail_once)) as (people, _):
        ts = people.say("U2", "C1", VPN)
        shown = eventually(lambda: [one for one in people.replies("U2", "C1", ts) if "vote_yes" in words(one)])

        assert len(people.replies("U2", "C1", ts)) == len(shown) == 1
        assert len(people.calls("chat.startStream")) == 1


def test_a_question_that_is_given_up_while_it_is_written_ends_in_one_apology(core: Core) -> None:
    def fail(number: int) -> None:
        if number == 1:
            raise RuntimeError("cut off")

    with writing(core, Writer((SENTENCE, SENTENCE), fail)) as (people, _):
        ts = people.say("U2", "C1", VPN)

        assert eventually(lambda: [one for one in people.replies("U2", "C1", ts) if "Sorry" in words(one)])
        assert len(people.replies("U2", "C1", ts)) == 1


def test_a_question_deleted_while_it_is_answered_leaves_nothing_written(core: Core) -> None:
    gate = Gate(1)
    with writing(core, Writer((SENTENCE, SENTENCE), gate)) as (people, _):
        ts = people.say("U2", "C1", VPN)
        people.reply("U2", "C1", ts)
        people.act("messages/delete", by="U2", channel="C1", ts=ts)
        eventually(lambda: deleted(core, "C1", ts))
        gate.open.set()

        assert eventually(lambda: not people.replies("U2", "C1", ts))


def test_nothing_is_begun_where_the_minute_has_no_room_for_it(core: Core) -> None:
    heard = Heard("T1", "C1", "8.1", "U2", "lunch?", Surface.MENTION)
    face = face_of(core, buckets=Buckets({START: Rate(1)}))
    face.buckets.take(core.now(), START)
    stream = streaming.Stream(face, heard, "q1")
    stream.audience = audience_of(core.directory, "U2", "C1")
    stream.grow("Lunch is at noon. [1]")

    with core.database.read() as db:
        assert opened.find(db, "q1") is None


def test_nothing_is_begun_once_somebody_came_who_may_not_read_it(core: Core) -> None:
    gate = Gate(0)
    with writing(core, Writer((SENTENCE, SENTENCE), gate)) as (people, _):
        people.say("U2", "C1", VPN)
        eventually(gate.reached.is_set)
        make_guest(people, core, "U1")
        gate.open.set()

        eventually(lambda: settled(core))
        assert people.calls("chat.startStream") == []


def test_what_was_streamed_is_only_text(core: Core) -> None:
    sentence = "To get on the VPN, install <!channel> @here the Office-2 profile from the self service portal [1]. "
    gate = Gate(1)
    with writing(core, Writer((sentence, SENTENCE), gate)) as (people, _):
        people.reply("U2", "C1", people.say("U2", "C1", VPN))
        [began] = people.calls("chat.startStream")
        gate.open.set()

        assert "<!" not in began["args"]["markdown_text"]
        assert "@here" not in began["args"]["markdown_text"]


def test_an_attempt_that_failed_shows_that_there_is_trouble(core: Core) -> None:
    with writing(encoder(1)(core), Writer()) as (people, _):
        people.say("U2", "C1", VPN)

        eventually(lambda: settled(core))
        assert TROUBLE in [call["args"].get("status") for call in people.calls("assistant.threads.setStatus")]


def test_two_workers_at_one_question_never_write_the_same_message(core: Core) -> None:
    clock, gate = AheadClock(), Gate(1)
    calls: list[int] = []

    def hold_the_first(number: int) -> None:
        calls.append(number)
        if calls.count(1) == 1:
            gate(number)

    with writing(core, Writer([SENTENCE] * 3, hold_the_first), now=clock) as (people, _):
        ts = people.say("U2", "C1", VPN)
        gate.reached.wait(10)
        eventually(lambda: taken_over(clock, calls))
        eventually(lambda: "vote_yes" in words(people.replies("U2", "C1", ts)[0]))
        gate.open.set()
        eventually(lambda: settled(core))

        assert len(people.replies("U2", "C1", ts)) == 1
        assert "vote_yes" in words(people.replies("U2", "C1", ts)[0])
        assert len(people.calls("chat.startStream")) == 1


def test_a_direct_message_is_answered_in_one_message(core: Core) -> None:
    with writing(core, Writer()) as (people, _):
        channel = people.dm("U2")
        ts = people.say("U2", channel, "how do I get on the VPN?")
        eventually(lambda: settled(core))

        [shown] = people.replies("U2", channel, ts)
        assert "citation_1" in words(shown)
        assert [one for one in people.messages("U2", channel) if one.get("bot_id")] == []
