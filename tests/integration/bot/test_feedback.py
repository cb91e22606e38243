"""What people do with an answer: votes, reasons, reactions, sources, suggestions, reviews."""

import time
from typing import Any

import pytest

from flywheel.core import Core
from flywheel.model import Answer, SignalKind
from flywheel.signals.votes import votes
from flywheel.store import answers, signals
from tests.integration.bot.world import People, eventually, words

VPN = "<@UBOT> how do I get on the VPN?"


@pytest.fixture
def asked(people: People) -> str:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    return ts


def test_a_yes_is_counted_in_the_message(people: People, asked: str) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_yes")

    assert eventually(lambda: "Yes · 1" in words(people.reply("U2", "C1", asked)))


def test_the_last_vote_of_a_person_counts(people: People, asked: str, core: Core) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_yes")
    people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_no")

    assert eventually(lambda: votes(core, answer_id(core, asked)) == {"U3": False})


def test_a_no_asks_the_voter_alone_what_was_wrong(people: People, asked: str) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_no")

    assert "outdated" in words(eventually(lambda: ephemeral(people, "U3", asked))[0])
    assert ephemeral(people, "U2", asked) == []


def test_a_reason_is_kept_with_the_vote(people: People, asked: str, core: Core) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "vote_no")
    form = eventually(lambda: ephemeral(people, "U3", asked))[0]
    people.press("U3", "C1", form, "reason_outdated")

    assert eventually(lambda: [one for one in ledger(core, asked) if one.detail.get("reason") == "outdated"])


def test_a_thumb_is_a_vote_and_its_removal_takes_it_away(people: People, asked: str, core: Core) -> None:
    ts = people.reply("U2", "C1", asked)["ts"]
    people.act("reactions", by="U3", channel="C1", ts=ts, name="+1")
    eventually(lambda: votes(core, answer_id(core, asked)) == {"U3": True})
    people.act("reactions", by="U3", channel="C1", ts=ts, name="+1", remove=True)

    assert eventually(lambda: votes(core, answer_id(core, asked)) == {})


def test_any_other_reaction_is_kept_as_what_it_is(people: People, asked: str, core: Core) -> None:
    ts = people.reply("U2", "C1", asked)["ts"]
    people.act("reactions", by="U3", channel="C1", ts=ts, name="eyes")

    stored = eventually(lambda: [one for one in ledger(core, asked) if one.kind is SignalKind.REACTION_ADDED])
    assert stored[0].detail == {"reaction": "eyes"}


def test_a_reaction_that_is_faster_than_the_bot_is_kept(people: People, asked: str, core: Core) -> None:
    ts = people.reply("U2", "C1", asked)["ts"]
    answer = eventually(lambda: _posted(core, ts))
    _place(core, answer, "1.0")  # as if the bot had not noted yet where its answer stands
    people.act("reactions", by="U3", channel="C1", ts=ts, name="eyes")
    time.sleep(0.5)

    _place(core, answer, ts)
    assert eventually(lambda: [one for one in ledger(core, asked) if one.kind is SignalKind.REACTION_ADDED])


def _posted(core: Core, ts: str) -> Answer | None:
    with core.database.read() as db:
        return answers.by_post(db, "C1", ts)


def _place(core: Core, answer: Answer, ts: str) -> None:
    with core.database.begin() as db:
        answers.mark_posted(db, answer.id, "C1", ts)


def test_a_source_opens_at_once_and_counts_as_a_click(people: People, asked: str, core: Core) -> None:
    people.press("U3", "C1", people.reply("U2", "C1", asked), "citation_1")

    view = people.modal("U3")
    assert "self service portal" in str(view["blocks"])
    assert eventually(lambda: [one for one in ledger(core, asked) if one.kind is SignalKind.CITATION_CLICK])


def test_a_source_stays_closed_to_those_who_may_not_read_it(people: People, core: Core) -> None:
    ts = people.say("U1", "C3", "<@UBOT> what is the salary band of level 5?")
    shown = people.reply("U1", "C3", ts)
    people.act("channels/leave", by="U3", channel="C3")
    people.act("channels/join", by="U3", channel="C1")
    people.press("U1", "C3", shown, "citation_1")

    assert "ninety" in str(people.modal("U1")["blocks"])


def test_an_empty_suggestion_is_refused_in_the_form(people: People, asked: str) -> None:
    people.press("U2", "C1", people.reply("U2", "C1", asked), "vote_no")
    people.press("U2", "C1", eventually(lambda: ephemeral(people, "U2", asked))[0], "suggest")

    assert "answer" in people.submit("U2", answer="  ").get("errors", {})


def test_a_suggestion_goes_to_the_owner_and_becomes_the_answer(people: People, asked: str) -> None:
    suggest(people, asked, "Install the Office-3 profile.")
    review = eventually(lambda: people.messages("U3", people.dm("U3")))[0]
    people.press("U3", people.dm("U3"), review, "review_approve")

    amended = eventually(lambda: amended_reply(people, asked))
    assert "Office-3" in words(amended)
    assert "Corrected by <@U1>, approved by <@U3>" in words(amended)


def test_the_asker_is_told_once_in_the_thread(people: People, asked: str) -> None:
    suggest(people, asked, "Install the Office-3 profile.")
    review = eventually(lambda: people.messages("U3", people.dm("U3")))[0]
    people.press("U3", people.dm("U3"), review, "review_approve")
    people.press("U3", people.dm("U3"), review, "review_approve")

    told = eventually(lambda: [one for one in people.replies("U2", "C1", asked) if "<@U2>" in words(one)])
    assert len(told) == 1


def test_an_approved_answer_is_found_in_other_words(people: People, asked: str) -> None:
    suggest(people, asked, "Install the Office-3 profile.")
    review = eventually(lambda: people.messages("U3", people.dm("U3")))[0]
    people.press("U3", people.dm("U3"), review, "review_approve")
    eventually(lambda: amended_reply(people, asked))

    ts = people.say("U2", "C1", "<@UBOT> how do I get on the VPN then?")
    assert "Office-3" in words(people.reply("U2", "C1", ts))


def test_a_reviewer_may_change_the_words(people: People, asked: str) -> None:
    suggest(people, asked, "Install the Office-3 profil.")
    review = eventually(lambda: people.messages("U3", people.dm("U3")))[0]
    people.press("U3", people.dm("U3"), review, "review_edit")
    people.submit("U3", answer="Install the profile named Office-3.")

    assert "profile named Office-3" in words(eventually(lambda: amended_reply(people, asked)))


def test_a_rejected_suggestion_changes_nothing_and_its_author_is_told(people: People, asked: str) -> None:
    suggest(people, asked, "Ask Bob.")
    review = eventually(lambda: people.messages("U3", people.dm("U3")))[0]
    people.press("U3", people.dm("U3"), review, "review_reject")

    told = eventually(lambda: [one for one in people.messages("U1", people.dm("U1")) if "not to use it" in words(one)])
    assert len(told) == 1
    assert amended_reply(people, asked) is None


def suggest(people: People, asked: str, text: str) -> None:
    people.press("U1", "C1", people.reply("U1", "C1", asked), "vote_no")
    people.press("U1", "C1", eventually(lambda: ephemeral(people, "U1", asked))[0], "suggest")
    people.submit("U1", answer=text)


def amended_reply(people: People, asked: str) -> dict[str, Any] | None:
    shown = people.replies("U2", "C1", asked)[0]
    return shown if "Corrected by" in words(shown) else None


def ephemeral(people: People, person: str, thread_ts: str) -> list[dict[str, Any]]:
    seen = people.look(f"channels/C1/threads/{thread_ts}?as={person}")["messages"] + people.messages(person, "C1")
    return [message for message in seen if message.get("ephemeral")]


def answer_id(core: Core, thread_ts: str) -> str:
    with core.database.read() as db:
        return answers.in_thread(db, "C1", thread_ts)[0].id


def ledger(core: Core, thread_ts: str) -> list[Any]:
    with core.database.read() as db:
        return signals.of_answer(db, answers.in_thread(db, "C1", thread_ts)[0].id)
