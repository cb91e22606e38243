"""A question through the whole station: understood, searched, decided, written, kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from flywheel.answering.ask import Asking, Turn, ask
from flywheel.answering.draft import Progress
from flywheel.core import Core
from flywheel.gateways.openai_chat import Patience
from flywheel.model import PUBLIC, Answer, Audience, Surface, VerifiedAnswer
from flywheel.ports import Encoder, Vectors
from flywheel.registry import Outcome, Release
from flywheel.store import answers, passages, questions, releases, verified
from tests.integration.answering.conftest import NOW, new_core, with_model
from tests.llm_server import Behaviour, Cut, Drip, Flood, Hang, Junk, Refuse, Reply, serving

NUMBERS = count()
EVERYBODY = Audience.everyone()
FINANCE = Audience(frozenset({PUBLIC, "channel:C_FIN"}))
IMPATIENT = Patience(first_token=0.8, short_reply=0.9, long_reply=1.2)
SESSIONS = "When do VPN sessions end?"


def asking(text: str, audience: Audience = EVERYBODY, *, thread: tuple[Turn, ...] = ()) -> Asking:
    return Asking(text, "U1", Surface.MENTION, audience, f"q{next(NUMBERS)}", channel="C1", thread=thread)


def test_a_question_is_answered_with_its_source(core: Core) -> None:
    answer = ask(core, asking(SESSIONS))

    assert "VPN sessions end after 12 hours. [1]" in answer.text
    assert answer.citations[0].external_id == "vpn.md"
    assert not answer.abstained


def test_everything_about_an_answer_is_kept(core: Core) -> None:
    asked = asking(SESSIONS)
    answer = ask(core, asked)

    with core.database.read() as db:
        kept, question, rows = (
            answers.find(db, answer.id),
            questions.find(db, asked.question_id),
            answers.shortlist_of(db, answer.id),
        )
    assert kept == answer
    assert question is not None
    assert question.standalone == SESSIONS
    assert {row.passage_id for row in rows if row.shown} == {one.passage_id for one in answer.citations}
    assert {"dense", "bm25"} <= rows[0].features.keys()


def test_an_answer_says_how_it_came_to_be(core: Core) -> None:
    answer = ask(core, asking(SESSIONS))

    assert answer.timings_ms.keys() == {"understand", "retrieve", "decide", "write", "total"}
    assert {"encoder", "code", "writer", "fusion"} <= answer.versions.keys()
    assert any("Confidence" in line for line in answer.trace)


def test_the_same_question_id_has_one_answer(core: Core) -> None:
    asked = asking(SESSIONS)
    first = ask(core, asked)
    assert ask(core, replace(asked, text="Something else entirely?")) == first


class Meanwhile:
    """An encoder that lets something happen before it encodes for the first time."""

    def __init__(self, encoder: Encoder, happen: Callable[[], object]) -> None:
        self.name, self.dimensions = encoder.name, encoder.dimensions
        self._encoder, self._happenings = encoder, [happen]

    def encode(self, texts: Sequence[str]) -> Vectors:
        while self._happenings:
            self._happenings.pop()()
        return self._encoder.encode(texts)


def test_a_question_asked_twice_at_once_keeps_the_words_that_were_answered(core: Core) -> None:
    asked = asking(SESSIONS)
    other = replace(asked, text="How long is a VPN session?")

    ask(replace(core, encoder=Meanwhile(core.encoder, lambda: ask(core, asked))), other)
    with core.database.read() as db:
        question = questions.find(db, asked.question_id)
    assert question is not None
    assert question.text == SESSIONS


def test_a_follow_up_is_answered_as_a_question_of_its_own(core: Core) -> None:
    thread = (Turn("U1", "How much can I spend on meals while travelling in Canada?"),)
    assert "NOK 620" in ask(core, asking("and in Norway?", thread=thread)).text


def test_the_newer_of_two_documents_is_followed(core: Core) -> None:
    text = ask(core, asking("How much do meals cost while travelling in Canada per day?")).text

    assert text.index("CAD 75") < text.index("4 March 2024")


def test_what_nobody_wrote_down_is_not_answered(core: Core) -> None:
    answer = ask(core, asking("Which penguin species breeds on Bouvet?"))

    assert answer.abstained
    assert answer.citations == ()
    assert "I found nothing" in answer.text
    assert "3 documents" in answer.text


def test_a_private_document_answers_only_those_who_may_read_it(core: Core) -> None:
    question = "Where does the salary band E4 end?"

    assert "118,000" in ask(core, asking(question, FINANCE)).text
    hidden = ask(core, asking(question))
    assert hidden.abstained
    assert "Salary" not in hidden.text


@pytest.mark.parametrize(
    "text", ["", "hi", "thanks!", "???", "word " * 1500, "💥" * 50, "\x00", "where is \x00 it \ud800?", "a" * 20_000]
)
def test_every_message_gets_some_reply(core: Core, text: str) -> None:
    assert ask(core, asking(text)).text.strip()


def test_without_documents_the_reply_says_so(tmp_path: Path) -> None:
    empty = new_core(tmp_path)
    assert "no document yet" in ask(empty, asking(SESSIONS)).text


def test_a_released_threshold_is_obeyed(tmp_path: Path, core: Core) -> None:
    artefact = {"answer": 0.9999, "slope": 1.0, "intercept": -20.0}
    strict = Release(
        releases.identity("thresholds", artefact), "thresholds", artefact, {}, "s", NOW, Outcome.RELEASED, serving=False
    )
    with core.database.begin() as db:
        releases.put(db, strict)
        releases.promote(db, strict.id)
    answer = ask(core, asking(SESSIONS))
    with core.database.begin() as db:
        releases.roll_back(db, "thresholds")

    assert answer.abstained


def approve(core: Core, question: str, text: str, access: frozenset[str]) -> VerifiedAnswer:
    with core.database.read() as db:
        source = next(one.id for one in passages.changed_since(db, 0) if "sessions end" in one.text)
    approved = VerifiedAnswer(
        f"v{next(NUMBERS)}",
        question,
        text,
        access,
        "U2",
        "U_SANNE",
        datetime(2026, 11, 1, tzinfo=UTC),
        passage_ids=(source,),
    )
    with core.database.begin() as db:
        verified.put(db, approved, core.encoder.name, np.asarray(core.encoder.encode([question])[0]))
    return approved


def test_a_verified_answer_is_repeated_word_for_word(core: Core) -> None:
    approved = approve(core, "Which fruit does the canteen serve?", "Pears, see note [7].", frozenset({PUBLIC}))
    answer = ask(core, asking("Which fruit does the canteen serve?"))

    assert answer.text == "Pears, see note (7). [1]"
    assert answer.verified_answer_id == approved.id
    assert any("U_SANNE on 2026-11-01" in line for line in answer.trace)


def test_a_verified_answer_stays_with_those_who_may_read_its_source(core: Core) -> None:
    approve(core, "Which ship carries the gold?", "The Albatross.", frozenset({"channel:C_FIN"}))
    assert "Albatross" not in ask(core, asking("Which ship carries the gold?")).text


def test_a_model_writes_when_there_is_one(core: Core) -> None:
    seen: list[str] = []
    with serving(Reply("VPN sessions end after 12 hours. [1]")) as server:
        told = replace(asking(SESSIONS), progress=Progress(text=seen.append))
        answer = ask(with_model(core, server), told)

    assert answer.writer == "small"
    assert answer.text == "VPN sessions end after 12 hours [1]."
    assert seen[-1] == answer.text


def test_a_model_that_finds_no_answer_abstains(core: Core) -> None:
    with serving(Reply("NOT ANSWERED")) as server:
        assert ask(with_model(core, server), asking(SESSIONS)).abstained


def test_private_passages_never_reach_the_model_for_others(core: Core) -> None:
    with serving(Reply("NOT ANSWERED")) as server:
        ask(with_model(core, server), asking("Where do VPN sessions and the salary band E4 end?"))
        assert "118,000" not in str([request.body for request in server.log])


FAULTS = [
    Refuse(429, {"retry-after": "30"}),
    Refuse(500),
    Hang(),
    Drip(),
    Cut("VPN sessions end after"),
    Junk(),
    Flood(3_000_000),
    Reply(""),
    Reply("I think you should simply restart it."),
    Reply("They end after 999 hours. [1]"),
    Reply("They end after 12 hours. [44]"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault}"[:50])
def test_a_model_that_fails_is_replaced_by_quotes_and_the_trace_says_why(core: Core, fault: Behaviour) -> None:
    with serving(fault) as server:
        answer: Answer = ask(with_model(core, server, IMPATIENT), asking(SESSIONS))

    assert "VPN sessions end after 12 hours. [1]" in answer.text
    assert answer.writer == "extractive"
    assert any("The language model was not used" in line for line in answer.trace)
    assert "sk-secret" not in str(answer)
