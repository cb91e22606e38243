"""Ask a person: who is asked, with what, how their reply comes back, and what happens when none comes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import escalating, request
from bot.blocks.escalation import LOOKING
from flywheel.channels import ChannelSettings
from flywheel.core import Core
from flywheel.model import CorrectionState, SignalKind
from flywheel.store import answers, channels, corrections, escalations, profiles, questions, signals
from flywheel.store.escalations import Escalation, EscalationState
from tests.integration.bot.later import face_at, post, waiting
from tests.integration.bot.world import People, eventually, utc_now, words

VPN = "<@UBOT> how do I get on the VPN?"
UNKNOWN = "<@UBOT> who painted the ceiling of the Sistine chapel in Rome?"
REPLY = "Install the Office-3 profile, the old one is switched off."


@pytest.fixture
def asked(people: People) -> str:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    return ts


def choose(people: People, by: str, channel: str, message: dict[str, Any], choice: str) -> None:
    """Choose from the menu in an answer's last row."""
    rows = [
        (block, one) for block in message["blocks"] for one in block.get("elements", ()) if one["type"] == "overflow"
    ]
    block, menu = rows[-1]
    option = next(one for one in menu["options"] if one["value"].endswith(choice))
    chosen = {"block_id": block["block_id"], "action_id": menu["action_id"], "selected_option": option}
    people.act("actions", by=by, channel=channel, ts=message["ts"], **chosen)


def offered(people: People, by: str) -> dict[str, Any]:
    """Wait for the modal that says whom the bot would ask."""
    return dict(eventually(lambda: None if LOOKING in str(view := people.modal(by)) else view))


def ask_person(people: People, asked: str, by: str = "U2", **texts: str) -> dict[str, Any]:
    """Have a person asked from the menu of the answer in C1; returns the modal that was submitted."""
    choose(people, by, "C1", people.reply(by, "C1", asked), "ask_person")
    view = offered(people, by)
    people.submit(by, **texts)
    return view


def request_in_thread(people: People, asked: str, expert: str = "U3") -> dict[str, Any]:
    """Wait for the message that asks an expert in the thread."""
    found = eventually(
        lambda: [one for one in people.replies("U2", "C1", asked) if f"<@{expert}>, can you" in words(one)]
    )
    return dict(found[0])


def the_request(core: Core, asked: str, number: int = 0) -> Escalation:
    """Return what is stored of a request about the answer to a message."""

    def look() -> list[Escalation]:
        with core.database.read() as db:
            question = questions.by_message(db, "C1", asked)
            given = answers.of_question(db, question.id) if question else None
            return escalations.of_answer(db, given.id)[number:] if given else []

    found: list[Escalation] = eventually(look)
    return found[0]


def test_the_offer_names_whom_it_would_ask_and_why(people: People, asked: str) -> None:
    choose(people, "U2", "C1", people.reply("U2", "C1", asked), "ask_person")

    assert "*Cleo Costa*, who owns “vpn”" in str(offered(people, "U2")["blocks"])


def test_the_expert_is_asked_in_the_thread(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)

    assert "<@U3>, can you help <@U2>" in words(request_in_thread(people, asked))
    assert the_request(core, asked).thread_ts == asked


def test_that_a_person_was_asked_for_is_a_signal(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)

    answer_id = the_request(core, asked).answer_id
    with core.database.read() as db:
        done = [one.person for one in signals.of_answer(db, answer_id) if one.kind is SignalKind.ESCALATE]
    assert done == ["U2"]


def test_two_who_ask_at_once_ask_one_person(people: People, asked: str, core: Core) -> None:
    for person in ("U1", "U2"):
        choose(people, person, "C1", people.reply(person, "C1", asked), "ask_person")
        offered(people, person)
    for person in ("U1", "U2"):
        people.submit(person)
    request_in_thread(people, asked)

    assert "asked Cleo Costa" in offer_again(people, asked)
    assert len([one for one in people.replies("U2", "C1", asked) if "can you help" in words(one)]) == 1


def offer_again(people: People, asked: str) -> str:
    choose(people, "U2", "C1", people.reply("U2", "C1", asked), "ask_person")
    return str(offered(people, "U2")["blocks"])


def test_a_reply_becomes_a_suggestion_in_the_experts_name(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    request_in_thread(people, asked)
    people.say("U3", "C1", REPLY, thread_ts=asked)

    made = eventually(lambda: the_request(core, asked).correction_id)
    with core.database.read() as db:
        found = corrections.find(db, made)
    assert found is not None
    assert (found.person, found.text, found.state) == ("U3", REPLY, CorrectionState.PENDING)


def test_a_reply_is_shown_and_noted_as_a_persons(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    request_in_thread(people, asked)
    people.say("U3", "C1", REPLY, thread_ts=asked)

    assert eventually(lambda: "<@U3> replied." in words(request_in_thread(people, asked)))
    with core.database.read() as db:
        done = signals.of_answer(db, the_request(core, asked).answer_id)
    assert [one.person for one in done if one.kind is SignalKind.HUMAN_REPLY] == ["U3"]


def test_a_question_back_is_no_suggestion(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    request_in_thread(people, asked)
    people.say("U3", "C1", "Which office are you in today?", thread_ts=asked)

    eventually(lambda: the_request(core, asked).state is EscalationState.REPLIED)
    assert the_request(core, asked).correction_id is None


def test_an_approved_reply_becomes_the_answer(people: People, asked: str) -> None:
    ask_person(people, asked)
    request_in_thread(people, asked)
    people.say("U3", "C1", REPLY, thread_ts=asked)
    own = people.dm("U3")
    card = eventually(lambda: [one for one in people.messages("U3", own) if "A suggested answer" in words(one)])[0]
    people.press("U3", own, card, "review_approve")

    assert eventually(lambda: "Office-3" in words(people.replies("U2", "C1", asked)[0]))


def test_who_passes_it_on_has_the_next_one_asked(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    people.press("U3", "C1", request_in_thread(people, asked), "escalation_not_me")

    assert request_in_thread(people, asked, "U1")
    assert the_request(core, asked, 1).expert == "U1"
    assert eventually(lambda: "cannot help with this" in words(request_in_thread(people, asked)))


def test_what_waits_for_somebody_who_is_deactivated_goes_to_the_next(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    request_in_thread(people, asked)
    people.act("people/deactivate", user="U3")

    assert request_in_thread(people, asked, "U1")
    assert the_request(core, asked, 1).expert == "U1"


def test_only_the_expert_passes_it_on(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    people.press("U2", "C1", request_in_thread(people, asked), "escalation_not_me")

    assert eventually(lambda: "Only <@U3> can" in str(people.look(f"channels/C1/threads/{asked}?as=U2")))
    assert the_request(core, asked).state is EscalationState.WAITING


def test_the_asker_closes_it(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    people.press("U2", "C1", request_in_thread(people, asked), "escalation_resolved")

    assert eventually(lambda: "Resolved, says <@U2>." in words(request_in_thread(people, asked)))
    assert the_request(core, asked).state is EscalationState.CLOSED


def test_where_nobody_is_left_the_asker_is_told(people: People, asked: str) -> None:
    ask_person(people, asked)
    people.press("U3", "C1", request_in_thread(people, asked), "escalation_not_me")
    people.press("U1", "C1", request_in_thread(people, asked, "U1"), "escalation_not_me")

    said = eventually(
        lambda: [one for one in people.replies("U2", "C1", asked) if "cannot help with this. I" in words(one)]
    )
    assert "Ana Alvarez" in words(said[0])


def test_who_does_not_want_to_be_named_is_not_asked(people: People, asked: str, core: Core) -> None:
    with core.database.begin() as db:
        profiles.hide(db, "U3", utc_now(), hidden=True)

    assert "Cleo" not in offer_again(people, asked)


def test_those_on_call_take_turns(people: People, core: Core) -> None:
    with core.database.begin() as db:
        channels.put(db, ChannelSettings("C1", experts=("U1", "U3")), "U1", utc_now())
    named = []
    for _ in range(3):
        ts = people.say("U2", "C1", VPN)
        people.reply("U2", "C1", ts)
        ask_person(people, ts)
        named.append(the_request(core, ts).expert)

    assert named == ["U1", "U3", "U1"]


def test_an_abstention_offers_a_person(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", UNKNOWN)
    people.press("U2", "C1", people.reply("U2", "C1", ts), "ask_person")

    assert "I know nobody who works on this. I would ask *Ana Alvarez*" in str(offered(people, "U2")["blocks"])


def in_private(people: People, text: str = "how do I get on the VPN?") -> tuple[str, dict[str, Any]]:
    """Ask alone, and have a person asked in other words; returns the conversation and the expert's message."""
    own = people.dm("U2")
    ts = people.say("U2", own, text)
    choose(people, "U2", own, people.answer("U2", own, ts), "ask_person")
    offered(people, "U2")
    people.submit("U2", question="Which VPN profile do I need?")
    theirs = people.dm("U3")
    found = eventually(lambda: [one for one in people.messages("U3", theirs) if "asks for your help" in words(one)])
    return own, dict(found[0])


def test_a_private_question_is_shown_in_the_askers_words(people: People) -> None:
    _, shown = in_private(people)

    assert "Which VPN profile do I need?" in words(shown)
    assert "how do I get on" not in words(shown)


def test_a_reply_in_private_comes_back_to_the_asker(people: People, core: Core) -> None:
    own, shown = in_private(people)
    people.say("U3", people.dm("U3"), REPLY, thread_ts=shown["ts"])

    back = eventually(lambda: [one for one in people.messages("U2", own) if "Office-3" in words(one)])
    assert "<@U3> replied to your question" in words(back[0])


def test_an_edited_reply_takes_the_place_of_the_first(people: People) -> None:
    own, shown = in_private(people)
    theirs = people.dm("U3")
    ts = people.say("U3", theirs, REPLY, thread_ts=shown["ts"])
    eventually(lambda: [one for one in people.messages("U2", own) if "Office-3" in words(one)])
    people.act("messages/edit", by="U3", channel=theirs, ts=ts, text="Take Office-4, not Office-3.")

    assert eventually(lambda: "Office-4" in words(people.messages("U2", own)[-1]))


def test_reviewers_see_the_words_that_were_shared(people: People, core: Core) -> None:
    in_private(people)
    theirs = people.dm("U3")
    shown = people.messages("U3", theirs)[-1]
    people.press("U3", theirs, shown, "escalation_reply")
    people.submit("U3", answer=REPLY)

    def suggested() -> list[str]:
        with core.database.read() as db:
            return [one.question for one in corrections.every(db)]

    assert eventually(suggested) == ["Which VPN profile do I need?"]


def test_an_answer_to_what_was_settled_meanwhile_comes_back_to_who_wrote_it(people: People, core: Core) -> None:
    own, shown = in_private(people)
    theirs = people.dm("U3")
    people.press("U3", theirs, shown, "escalation_reply")
    people.modal("U3")
    told = eventually(lambda: [one for one in people.messages("U2", own) if "escalation_resolved" in words(one)])
    people.press("U2", own, told[0], "escalation_resolved")
    eventually(lambda: "Resolved, says" in words(people.messages("U3", theirs)[-1]))
    people.submit("U3", answer=REPLY)

    assert eventually(lambda: "settled while you wrote" in words(people.messages("U3", theirs)[-1]))


def test_titles_that_the_expert_may_not_read_are_left_out(people: People, core: Core) -> None:
    _, shown = in_private(people)

    assert "salary" not in words(shown)


def remind(people: People, core: Core, found: Escalation, step: str, days: float) -> bool:
    """Do what is due so many days later; return whether something was said."""
    job = waiting(core, f"escalation:{found.id}:{step}")
    face = face_at(people, core, utc_now() + timedelta(days=days))
    escalating.come_due(face, job)
    return post(face, f"escalation_{'reminder' if step == request.REMIND else 'overdue'}:{found.id}")


def test_who_does_not_reply_is_reminded_once(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    found = the_request(core, asked)

    assert [remind(people, core, found, request.REMIND, days) for days in (4, 5)] == [True, False]
    assert [one for one in people.replies("U2", "C1", asked) if "<@U3>, a reminder" in words(one)]


def test_an_administrator_hears_once_of_who_was_reminded_in_vain(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    found = the_request(core, asked)
    remind(people, core, found, request.REMIND, 4)

    assert [remind(people, core, found, request.OVERDUE, days) for days in (8, 9)] == [True, False]
    assert "has waited for <@U3>" in words(people.messages("U1", people.dm("U1"))[-1])


def test_a_colleague_who_helped_saves_the_reminder(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    found = the_request(core, asked)
    request_in_thread(people, asked)
    people.say("U1", "C1", "Take the Office-3 profile from the portal.", thread_ts=asked)
    eventually(lambda: SignalKind.HUMAN_REPLY in kinds(core, found))

    assert not remind(people, core, found, request.REMIND, 4)
    assert the_request(core, asked).reply_by == "U1"


def kinds(core: Core, found: Escalation) -> set[SignalKind]:
    with core.database.read() as db:
        return {one.kind for one in signals.of_answer(db, found.answer_id)}


def test_a_deleted_question_waits_for_nobody(people: People, asked: str, core: Core) -> None:
    ask_person(people, asked)
    found = the_request(core, asked)
    with core.database.begin() as db:
        questions.mark_deleted(db, found.question_id, utc_now())
    remind(people, core, found, request.REMIND, 4)

    assert the_request(core, asked).state is EscalationState.CLOSED


def test_what_a_person_had_asked_is_shown_and_forgotten_with_them(core: Core) -> None:
    with core.database.begin() as db:
        made = Escalation("e1", "a1", "q1", "U2", "U2", "U3", "Which profile?", utc_now())
        escalations.put(db, made)
        escalations.put(db, replace(made, id="e2", asker="U1", asked_by="U1", closed_by="U2"))
        assert len(escalations.of_person(db, "U2")) == 2
        escalations.forget(db, "U2")
        left = escalations.of_person(db, "U3")

    assert [(one["id"], one["closed_by"]) for one in left] == [("e2", None)]
