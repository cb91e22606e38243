"""Feedback at the right moment: what a voter is told, what is said of a source, and who is asked again."""

from datetime import timedelta
from typing import Any

import pytest

from bot import unresolved
from bot.blocks.asking import AGAIN
from flywheel.core import Core
from flywheel.model import SignalKind
from flywheel.signals.votes import votes
from flywheel.store import answers, jobs, questions, signals
from tests.integration.bot.later import face_at, post, waiting
from tests.integration.bot.test_escalations import offered
from tests.integration.bot.test_inviting import adopted
from tests.integration.bot.world import People, eventually, utc_now, words
from tests.parts import know

VPN = "<@UBOT> how do I get on the VPN?"


@pytest.fixture
def asked(people: People) -> str:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    return ts


def given(core: Core, channel: str, ts: str) -> str:
    """Return the id of the answer to a message, once it is posted."""

    def look() -> str | None:
        with core.database.read() as db:
            question = questions.by_message(db, channel, ts)
            found = answers.of_question(db, question.id) if question else None
            return found.id if found and answers.posted_at(db, found.id) else None

    return str(eventually(look))


def alone(people: People, person: str, thread: str) -> list[dict[str, Any]]:
    """Return what only this person sees in a thread of C1."""
    seen = people.look(f"channels/C1/threads/{thread}?as={person}")["messages"] + people.messages(person, "C1")
    return [message for message in seen if message.get("ephemeral")]


def test_a_voter_is_told_alone_what_they_said(people: People, asked: str) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_yes")

    assert "You said yes" in words(eventually(lambda: alone(people, "U3", asked))[0])
    assert alone(people, "U2", asked) == []


def test_the_note_turns_the_vote_around_in_place(people: People, asked: str, core: Core) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_yes")
    people.press("U3", "C1", eventually(lambda: alone(people, "U3", asked))[0], "vote_change")

    assert eventually(lambda: votes(core, given(core, "C1", asked)) == {"U3": False})
    assert eventually(lambda: ["What was wrong" in words(one) for one in alone(people, "U3", asked)] == [True])


def test_the_same_press_again_changes_nothing_and_says_so(people: People, asked: str, core: Core) -> None:
    for _ in range(2):
        people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_yes")

    assert eventually(lambda: [one for one in alone(people, "U3", asked) if "said yes already" in words(one)])
    assert acts(core, asked, SignalKind.THUMBS_UP) == ["U3"]


def acts(core: Core, asked: str, kind: SignalKind) -> list[str]:
    with core.database.read() as db:
        return [one.person for one in signals.of_answer(db, given(core, "C1", asked)) if one.kind is kind]


def test_a_press_stays_when_a_thumb_is_taken_away(people: People, asked: str, core: Core) -> None:
    shown = people.reply("U2", "C1", asked)
    people.act("reactions", by="U3", channel="C1", ts=shown["ts"], name="+1")
    eventually(lambda: votes(core, given(core, "C1", asked)) == {"U3": True})
    people.press("U3", "C1", shown, "vote_yes")
    eventually(lambda: alone(people, "U3", asked))
    people.act("reactions", by="U3", channel="C1", ts=shown["ts"], name="+1", remove=True)

    eventually(lambda: acts(core, asked, SignalKind.REACTION_REMOVED))
    assert votes(core, given(core, "C1", asked)) == {"U3": True}


def press_native(people: People, channel: str, message: dict[str, Any], choice: str) -> None:
    """Press one of Slack's own feedback buttons."""
    half = {"yes": "positive_button", "no": "negative_button"}[choice]
    row = next(block for block in message["blocks"] if block["type"] == "context_actions")
    value = row["elements"][0][half]["value"]
    pressed = {"block_id": row["block_id"], "action_id": "vote_feedback", "value": value}
    people.act("actions", by="U2", channel=channel, ts=message["ts"], **pressed)


def test_a_direct_message_says_in_place_what_was_voted(people: People) -> None:
    own = people.dm("U2")
    ts = people.say("U2", own, "how do I get on the VPN?")
    shown = people.answer("U2", own, ts)
    press_native(people, own, shown, "yes")

    assert eventually(lambda: "You said yes." in words(people.answer("U2", own, ts)))


def test_an_answer_for_one_says_in_place_what_was_voted(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")

    def mine() -> list[dict[str, Any]]:
        return [one for one in people.messages("U2", "C1") if one.get("ephemeral")]

    people.press("U2", "C1", eventually(mine)[0], "vote_yes")
    assert eventually(lambda: ["You said yes." in words(one) for one in mine()] == [True])


def test_feedback_buttons_say_to_a_screen_reader_what_they_mean(people: People) -> None:
    own = people.dm("U2")
    shown = people.answer("U2", own, people.say("U2", own, "how do I get on the VPN?"))
    row = next(block for block in shown["blocks"] if block["type"] == "context_actions")

    assert row["elements"][0]["positive_button"]["accessibility_label"] == "Yes, this answer helped"


def open_source(people: People, asked: str, person: str = "U3") -> dict[str, Any]:
    people.press(person, "C1", people.reply("U2", "C1", asked), "citation_1")
    return people.modal(person)


def press_in(people: People, view: dict[str, Any], action: str, person: str = "U3") -> None:
    rows = ((block, one) for block in view["blocks"] for one in block.get("elements", ()))
    row = next(block["block_id"] for block, one in rows if one.get("action_id") == action)
    people.act("actions", by=person, view_id=view["id"], block_id=row, action_id=action)


def test_a_source_is_called_useful_and_shows_it(people: People, asked: str, core: Core) -> None:
    press_in(people, open_source(people, asked), "source_up")

    assert eventually(lambda: "You said: useful." in str(people.modal("U3")["blocks"]))
    assert acts(core, asked, SignalKind.CITATION_UP) == ["U3"]


def is_idle(core: Core) -> bool:
    with core.database.read() as db:
        return not jobs.counts(db).get("running") and not jobs.due(db, core.now())


def test_a_change_of_mind_about_a_source_is_kept(people: People, asked: str, core: Core) -> None:
    view = open_source(people, asked)
    for action in ("source_up", "source_up", "source_down"):
        press_in(people, view, action)
        eventually(lambda: is_idle(core))

    assert eventually(lambda: "You said: not this." in str(people.modal("U3")["blocks"]))
    assert (len(acts(core, asked, SignalKind.CITATION_UP)), acts(core, asked, SignalKind.CITATION_DOWN)) == (1, ["U3"])


def test_more_like_this_shows_what_the_reader_may_read(people: People, core: Core, asked: str) -> None:
    like = "To get on the VPN, install the Office-2 profile"
    know(core, "remote.md", f"{like} at home too.")
    know(core, "secret.md", f"{like} of the board.", access=("channel:C3",))
    press_in(people, open_source(people, asked, "U2"), "source_more", "U2")

    eventually(lambda: "at home too" in str(people.modal("U2")["blocks"]))
    assert "of the board" not in str(people.modal("U2")["blocks"])
    assert eventually(lambda: acts(core, asked, SignalKind.MORE_LIKE_THIS)) == ["U2"]


def come_again(people: People, core: Core, answer: str, minutes: float = 31) -> bool:
    """Do, so many minutes later, what waits for a quiet thread; return whether it was asked again."""
    face = face_at(people, core, utc_now() + timedelta(minutes=minutes))
    unresolved.ask_again(face, waiting(core, f"ask_again:{answer}"))
    return post(face, f"asked:{answer}")


def say_in(people: People, core: Core, asked: str, text: str) -> None:
    """Have the asker say something in the thread that is no question to the bot."""
    people.say("U2", "C1", text, thread_ts=asked)
    eventually(lambda: acts(core, asked, SignalKind.HUMAN_REPLY))


def test_a_thread_where_it_did_not_work_is_asked_again_once(people: People, core: Core, asked: str) -> None:
    say_in(people, core, asked, "That did not work for me.")

    assert [come_again(people, core, given(core, "C1", asked)) for _ in range(2)] == [True, False]
    assert AGAIN in words(people.replies("U2", "C1", asked)[-1])


@pytest.mark.parametrize("said", ["Thanks, that works!", "Great, fixed."])
def test_a_thread_that_ends_with_thanks_is_left_alone(people: People, core: Core, asked: str, said: str) -> None:
    say_in(people, core, asked, said)

    assert not come_again(people, core, given(core, "C1", asked))


def test_silence_is_left_alone(people: People, core: Core, asked: str) -> None:
    assert not come_again(people, core, given(core, "C1", asked))


def test_a_no_that_nobody_took_up_is_asked_again(people: People, core: Core, asked: str) -> None:
    people.press("U2", "C1", people.reply("U2", "C1", asked), "vote_no")
    eventually(lambda: votes(core, given(core, "C1", asked)))

    assert come_again(people, core, given(core, "C1", asked))


def test_a_thread_that_a_person_looks_after_is_left_alone(people: People, core: Core, asked: str) -> None:
    people.press("U2", "C1", people.reply("U2", "C1", asked), "vote_no")
    people.press("U2", "C1", eventually(lambda: alone(people, "U2", asked))[0], "ask_person")
    offered(people, "U2")
    people.submit("U2")
    eventually(lambda: acts(core, asked, SignalKind.ESCALATE))

    assert not come_again(people, core, given(core, "C1", asked))


def test_where_the_end_of_the_thread_asks_nobody_asks_again(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    ts = people.say("U2", "C1", VPN)
    answer = given(core, "C1", ts)

    with core.database.read() as db:
        assert jobs.find(db, f"ask_again:{answer}") is None
        assert jobs.find(db, f"ask_at_end:{answer}") is not None
