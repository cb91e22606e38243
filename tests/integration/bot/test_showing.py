"""What people are shown, from the question to the message in the channel."""

from typing import Any

from slack_sdk import WebClient

from bot.blocks.message import Message
from bot.face import Face
from bot.identity import Identity
from bot.showing import answer_of
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.model import Document, Kind, Passage
from flywheel.store import answers, documents, embeddings
from tests.integration.bot.world import People, eventually, words
from tests.parts import answered


def test_a_greeting_is_answered_without_a_vote(people: People) -> None:
    ts = people.say("U2", "C1", "<@UBOT> hello")

    assert "Did we answer" not in words(people.reply("U2", "C1", ts))


def test_two_passages_of_one_document_are_told_apart(core: Core) -> None:
    store_bikes(core)
    answered(core, cites=("bikes:0", "bikes:1"))
    with core.database.read() as db:
        answer = answers.find(db, "a1")

    assert answer is not None
    shown = labels(answer_of(Face(core, WebClient(), Identity("T1", "UBOT", "B1"), ask, lambda: None, print), answer))
    assert shown[:2] == ["[1] bikes › Keys", "[2] bikes › Locks"]


def test_an_author_is_told_that_the_words_were_changed(people: People) -> None:
    suggest(people, "Install the Office-3 profil.")
    people.press("U3", people.dm("U3"), review(people), "review_edit")
    people.submit("U3", answer="Install the profile named Office-3.")

    assert eventually(lambda: told(people, "edited and approved"))


def test_an_author_is_told_that_the_words_were_taken_as_they_were(people: People) -> None:
    suggest(people, "Install the Office-3 profile.")
    people.press("U3", people.dm("U3"), review(people), "review_approve")

    assert eventually(lambda: told(people, "<@U3> approved your suggestion"))


def test_a_verified_answer_names_its_author_and_calls_nobody(people: People) -> None:
    suggest(people, "Install the Office-3 profile.")
    people.press("U3", people.dm("U3"), review(people), "review_approve")
    eventually(lambda: told(people, "approved"))
    ts = people.say("U2", "C1", "<@UBOT> how do I get on the VPN?")

    assert "written by Ana Alvarez, approved by Cleo Costa" in words(people.reply("U2", "C1", ts))


def store_bikes(core: Core) -> None:
    texts = {"Keys": "The bike key is at reception.", "Locks": "The bike lock code is 4711."}
    document = Document("d-bikes", "tests", "bikes.md", "Bikes", Kind.TEXT, "hash", frozenset({"public"}))
    passages = [
        Passage(f"bikes:{n}", document.id, n, text, Kind.TEXT, heading_path=("Bikes", heading))
        for n, (heading, text) in enumerate(texts.items())
    ]
    vectors = core.encoder.encode(list(texts.values()))
    with core.database.begin() as db:
        documents.put(db, [(document, passages)], version=documents.advance_corpus(db), at=core.now())
        embeddings.put(db, core.encoder.name, {one.id: row for one, row in zip(passages, vectors, strict=True)})


def suggest(people: People, text: str) -> None:
    asked = people.say("U2", "C1", "<@UBOT> how do I get on the VPN?")
    people.press("U1", "C1", people.reply("U1", "C1", asked), "vote_no")
    form = eventually(lambda: [one for one in seen_in_thread(people, asked) if one.get("ephemeral")])[0]
    people.press("U1", "C1", form, "suggest")
    people.submit("U1", answer=text)


def seen_in_thread(people: People, ts: str) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = people.look(f"channels/C1/threads/{ts}?as=U1")["messages"]
    return seen + people.messages("U1", "C1")


def review(people: People) -> dict[str, Any]:
    waiting: list[dict[str, Any]] = eventually(lambda: people.messages("U3", people.dm("U3")))
    return waiting[0]


def told(people: People, text: str) -> list[dict[str, Any]]:
    return [one for one in people.messages("U1", people.dm("U1")) if text in words(one)]


def labels(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row if "text" in button]
