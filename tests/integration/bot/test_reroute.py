"""Look in…: a question is looked up again where a person says, in the same message."""

from functools import partial
from typing import Any

import pytest

from bot import showing
from bot.face import Face
from bot.identity import whoami
from bot.outbox import slack_client
from bot.simulator.install import AppInstall
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.model import PUBLIC, Answer, Document, Kind, Passage, SignalKind
from flywheel.signals.votes import votes
from flywheel.store import answers, documents, embeddings, questions, signals
from tests.integration.bot.world import People, eventually, make_guest, words

VPN = "<@UBOT> how do I get on the VPN?"


@pytest.fixture
def core(core: Core) -> Core:
    """The core, and some code, so that there is a choice."""
    code = Document("d-connect", "tests", "connect.sh", "connect.sh", Kind.CODE, "hash", frozenset({PUBLIC}))
    passage = Passage("connect:0", code.id, 0, "wg-quick up harbour", Kind.CODE)
    with core.database.begin() as db:
        documents.put(db, [(code, [passage])], version=documents.advance_corpus(db), at=core.now())
        embeddings.put(db, core.encoder.name, {passage.id: core.encoder.encode([passage.text])[0]})
    return core


@pytest.fixture
def asked(people: People) -> str:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    return ts


def test_a_choice_is_answered_in_the_same_message(people: People, asked: str) -> None:
    choose(people, "U3", asked, "documents")

    shown = eventually(lambda: shows(people, asked, "Looked in documents, as you asked"))
    assert "Office-2" in words(shown)
    assert len(people.replies("U2", "C1", asked)) == 1


def test_a_choice_is_a_label_on_the_answer_that_was_there(people: People, asked: str, core: Core) -> None:
    before = standing(core, people, asked)
    choose(people, "U3", asked, "code")

    stored = eventually(lambda: [one for one in ledger(core, before.id) if one.kind is SignalKind.REROUTE])
    assert (stored[0].person, stored[0].detail) == ("U3", {"retriever": "code"})


def test_the_bot_says_where_it_is_looking(people: People, asked: str) -> None:
    choose(people, "U3", asked, "tables")

    assert eventually(lambda: statuses(people) == ["is looking in tables…", ""])


def test_a_retriever_that_finds_nothing_says_so_and_offers_the_answer_before(people: People, asked: str) -> None:
    choose(people, "U3", asked, "tables")
    nothing = eventually(lambda: shows(people, asked, "I found nothing"))

    people.press("U2", "C1", nothing, "back")

    assert "Office-2" in words(eventually(lambda: shows(people, asked, "Did we answer")))


def test_after_two_choices_that_find_nothing_the_first_answer_is_offered(people: People, asked: str) -> None:
    for retriever in ("tables", "images"):
        choose(people, "U3", asked, retriever)
        nothing = eventually(partial(shows, people, asked, f"Looked in {retriever}, as"))
    people.press("U2", "C1", nothing, "back")

    assert "Office-2" in words(eventually(lambda: shows(people, asked, "Did we answer")))


def test_a_vote_counts_for_the_answer_that_stands_there_now(people: People, asked: str, core: Core) -> None:
    before = standing(core, people, asked)
    choose(people, "U3", asked, "documents")
    people.press("U2", "C1", eventually(lambda: shows(people, asked, "as you asked")), "vote_yes")

    assert "Yes · 1" in words(eventually(lambda: shows(people, asked, "Yes · 1")))
    assert votes(core, before.id) == {}


def test_a_reaction_counts_for_the_answer_that_was_brought_back(people: People, asked: str, core: Core) -> None:
    before = standing(core, people, asked)
    choose(people, "U3", asked, "tables")
    people.press("U2", "C1", eventually(lambda: shows(people, asked, "I found nothing")), "back")
    shown = eventually(lambda: shows(people, asked, "Did we answer"))
    people.act("reactions", by="U2", channel="C1", ts=shown["ts"], name="+1")

    assert eventually(lambda: votes(core, before.id) == {"U2": True})


def test_a_late_vote_on_the_old_answer_does_not_bring_it_back(people: People, asked: str, core: Core) -> None:
    before = standing(core, people, asked)
    choose(people, "U3", asked, "tables")
    eventually(lambda: shows(people, asked, "I found nothing"))

    showing.refresh(faced(core, people), before.id)

    assert shows(people, asked, "I found nothing")


def test_when_two_choose_at_once_the_last_one_wins(people: People, asked: str, core: Core) -> None:
    for person, retriever in (("U1", "tables"), ("U2", "images"), ("U3", "documents")):
        choose(people, person, asked, retriever)

    eventually(lambda: len(given(core, asked)) == 4)
    assert eventually(lambda: shows(people, asked, "Looked in documents, as you asked"))
    assert len(people.replies("U2", "C1", asked)) == 1


def test_nothing_is_looked_up_for_a_question_that_was_deleted(people: People, asked: str, core: Core) -> None:
    shown, question = people.reply("U2", "C1", asked), standing(core, people, asked).question_id
    people.act("messages/delete", by="U2", channel="C1", ts=asked)
    eventually(lambda: is_deleted(core, question))
    pick(people, "U3", "C1", shown, "tables")

    replies = eventually(lambda: [one for one in people.replies("U3", "C1", asked) if one.get("ephemeral")])
    assert "was deleted" in words(replies[0])


def test_a_private_answer_is_replaced_for_its_asker_alone(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")
    pick(people, "U2", "C1", eventually(lambda: private(people, "Office-2")), "tables")
    nothing = eventually(lambda: private(people, "I found nothing"))

    people.press("U2", "C1", nothing, "back")

    assert eventually(lambda: private(people, "Office-2"))
    assert len(people.messages("U2", "C1")) == 1


def test_a_private_answer_is_shared_as_it_was_looked_up(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")
    pick(people, "U2", "C1", eventually(lambda: private(people, "Office-2")), "documents")
    people.press("U2", "C1", eventually(lambda: private(people, "as you asked")), "share")

    posted = eventually(lambda: [one for one in people.messages("U3", "C1") if "asked:" in words(one)])
    assert "Looked in documents, as you asked" in words(posted[0])


def test_a_choice_shows_nothing_that_a_guest_may_not_read_who_came_since(
    people: People, asked: str, core: Core
) -> None:
    make_guest(people, core, "U1")
    choose(people, "U3", asked, "documents")

    shown = eventually(lambda: shows(people, asked, "Looked in documents, as you asked"))
    assert "Office-2" not in words(shown)


def test_what_is_brought_back_shows_nothing_that_a_guest_may_not_read_who_came_since(
    people: People, asked: str, core: Core
) -> None:
    choose(people, "U3", asked, "tables")
    nothing = eventually(lambda: shows(people, asked, "I found nothing"))
    make_guest(people, core, "U1")

    people.press("U2", "C1", nothing, "back")

    eventually(lambda: len(given(core, asked)) == 3)
    assert eventually(lambda: '"back"' not in words(people.reply("U2", "C1", asked)))
    assert not shows(people, asked, "Office-2")


def choose(people: People, by: str, asked: str, retriever: str) -> None:
    pick(people, by, "C1", people.reply(by, "C1", asked), retriever)


def pick(people: People, by: str, channel: str, message: dict[str, Any], retriever: str) -> None:
    """Choose a retriever in the menu of a message."""
    menu = next(
        (block["block_id"], element)
        for block in message["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == "look_in"
    )
    option = next(one for one in menu[1]["options"] if one["value"].endswith(f"#{retriever}"))
    chosen = {"block_id": menu[0], "action_id": "look_in", "selected_option": option}
    people.act("actions", by=by, channel=channel, ts=message["ts"], **chosen)


def statuses(people: People) -> list[str]:
    return [str(call["args"]["status"]) for call in people.calls("assistant.threads.setStatus")]


def shows(people: People, asked: str, text: str) -> dict[str, Any] | None:
    found = people.replies("U2", "C1", asked)
    return found[0] if found and text in words(found[0]) else None


def private(people: People, text: str) -> dict[str, Any] | None:
    seen = [one for one in people.messages("U2", "C1") if one.get("ephemeral") and text in words(one)]
    return seen[-1] if seen else None


def standing(core: Core, people: People, asked: str) -> Answer:
    ts = people.reply("U2", "C1", asked)["ts"]

    def found() -> Answer | None:
        with core.database.read() as db:
            return answers.by_post(db, "C1", ts)

    answer: Answer = eventually(found)
    return answer


def given(core: Core, asked: str) -> list[Answer]:
    with core.database.read() as db:
        return answers.in_thread(db, "C1", asked)


def ledger(core: Core, answer_id: str) -> list[Any]:
    with core.database.read() as db:
        return list(signals.of_answer(db, answer_id))


def is_deleted(core: Core, question_id: str) -> bool:
    with core.database.read() as db:
        return questions.is_deleted(db, question_id)


def faced(core: Core, people: People) -> Face:
    client = slack_client(AppInstall().bot_token, f"{people.url}/api/")
    return Face(core, client, whoami(client), ask, lambda: None, print)
