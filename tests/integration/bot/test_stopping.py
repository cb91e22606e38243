"""Who presses the stop button gets nothing more: what stands is kept, and no answer."""

import pytest

from bot import streaming
from flywheel.core import Core
from flywheel.store import answers
from tests.integration.bot.world import eventually, words
from tests.integration.bot.writing import SENTENCE, VPN, AheadClock, Gate, Writer, face_of, settled, writing


def test_a_direct_message_gets_a_stop_button_while_it_is_answered(core: Core) -> None:
    with writing(core, Writer()) as (people, _):
        people.say("U2", people.dm("U2"), "how do I get on the VPN?")

        eventually(lambda: settled(core))
        states = [call["args"].get("status") for call in people.calls("agents.sessions.setStatus")]
        assert states == ["processing", "active"]


def test_a_person_who_stops_the_answer_keeps_what_stands(core: Core) -> None:
    gate, clock = Gate(1), AheadClock()
    with writing(core, Writer([SENTENCE, SENTENCE, SENTENCE], gate), now=clock) as (people, _):
        ts = people.say("U2", "C1", VPN)
        people.reply("U2", "C1", ts)
        people.act("sessions/stop", by="U2", channel="C1", thread_ts=ts)
        clock.advance(2)
        gate.open.set()

        assert eventually(lambda: "Stopped" in words(people.replies("U2", "C1", ts)[0]))
        assert "Office-2" in words(people.replies("U2", "C1", ts)[0])


def test_a_stopped_question_has_no_answer_in_the_ledger(core: Core) -> None:
    gate = Gate(0)
    with writing(core, Writer((SENTENCE,), gate)) as (people, _):
        ts = people.say("U2", "C1", VPN)
        gate.reached.wait(10)
        streaming.stop(face_of(core), "C1", ts)
        gate.open.set()
        eventually(lambda: settled(core))

        with core.database.read() as db:
            assert answers.of_question(db, f"q:T1:C1:{ts}") is None
        assert len(people.replies("U2", "C1", ts)) == 1


@pytest.mark.parametrize("text", ["Nobody said this. ", SENTENCE])
def test_who_stops_before_anything_is_shown_gets_no_answer(core: Core, text: str) -> None:
    gate = Gate(1)
    with writing(core, Writer(("The documents say. ", text), gate)) as (people, _):
        ts = people.say("U2", "C1", VPN)
        gate.reached.wait(10)
        streaming.stop(face_of(core), "C1", ts)
        gate.open.set()

        assert "Stopped" in words(people.reply("U2", "C1", ts))
