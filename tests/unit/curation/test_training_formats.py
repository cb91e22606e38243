"""Training data hold what people said, mined negatives beside it, and nothing private."""

from itertools import count
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.candidates import Quality, candidates
from flywheel.curation.training_formats import GradedList, Triplet, beside, graded, of_lists, triplets
from flywheel.model import Answer as AnswerRow
from flywheel.model import Audience, Citation, Hit, Question, Retriever, Signal, SignalKind, Surface
from flywheel.signals.record import record
from flywheel.store import answers, questions
from tests.parts import MOMENT, know, make_core

NUMBERS = count()
COSINES = {"vpn.md:0": 0.8, "vpn.md:1": 0.78, "lunch.md:0": 0.5, "pay.md:0": 0.6, "copy.md:0": 0.4}


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core where "How do I connect?" found five passages, and cited the first."""
    made = make_core(tmp_path)
    know(made, "vpn.md", "Install the client. Ask ada@example.com.", "Start the client.")
    know(made, "lunch.md", "Lunch is at noon.")
    know(made, "pay.md", "Pay day is secret.", access=["channel:C1"])
    know(made, "copy.md", "Install the client. Ask ada@example.com.")
    asked(made, "a1", "How do I connect?")
    return made


def asked(core: Core, name: str, text: str) -> None:
    question = Question(f"q{name}", text, "U1", Surface.API, MOMENT, Audience.everyone(), text)
    hits = [
        Hit(one, one.split(":")[0], one, one, "", Retriever.DOCUMENTS, cosine, features={"dense": cosine})
        for one, cosine in COSINES.items()
    ]
    cited = (Citation(1, "vpn.md:0", "vpn.md", "vpn"),)
    made = AnswerRow(name, question.id, "Install it. [1]", False, 0.9, "extractive", cited, answered_at=MOMENT)
    with core.database.begin() as db:
        questions.put(db, question)
        answers.put(db, made, hits, {"vpn.md:0"})


def did(core: Core, kind: SignalKind, answer_id: str = "a1", **detail: str) -> None:
    record(core, Signal(f"{next(NUMBERS)}", answer_id, kind, "U2", MOMENT, detail))


def found(core: Core) -> list[Triplet]:
    return list(triplets(core, candidates(core, Quality.MEDIUM)))


def test_a_negative_is_mined_beyond_the_margin_and_never_from_private_or_equal_text(core: Core) -> None:
    did(core, SignalKind.THUMBS_UP)

    assert found(core) == [Triplet("How do I connect?", "Install the client. Ask [email].", "Lunch is at noon.")]


def test_what_people_called_right_for_the_same_words_is_never_a_negative(core: Core) -> None:
    asked(core, "a2", "how do I CONNECT")
    did(core, SignalKind.CITATION_UP, "a2", passage_id="lunch.md:0")
    did(core, SignalKind.THUMBS_UP)

    assert "Lunch is at noon." not in {one.negative for one in found(core)}


def test_a_source_that_was_called_wrong_is_a_negative_at_any_distance(core: Core) -> None:
    did(core, SignalKind.CITATION_UP, passage_id="vpn.md:0")
    did(core, SignalKind.CITATION_DOWN, passage_id="vpn.md:1")

    assert found(core)[0].negative == "Start the client."


def test_a_graded_list_has_what_people_said_and_mined_zeros(core: Core) -> None:
    did(core, SignalKind.CITATION_UP, passage_id="vpn.md:0")
    did(core, SignalKind.CITATION_DOWN, passage_id="vpn.md:1")

    [one] = graded(core)
    assert [(row.text, row.grade) for row in one.passages] == [
        ("Install the client. Ask [email].", 3.0),
        ("Lunch is at noon.", 0.0),
        ("Start the client.", 0.0),
    ]


def test_a_question_whose_right_passage_is_private_makes_no_list(core: Core) -> None:
    did(core, SignalKind.CITATION_UP, passage_id="pay.md:0")

    assert graded(core) == list[GradedList]()


def test_a_source_that_was_pointed_out_makes_triplets_where_nobody_liked_the_answer(core: Core) -> None:
    did(core, SignalKind.CITATION_UP, passage_id="vpn.md:0")
    did(core, SignalKind.CITATION_DOWN, passage_id="vpn.md:1")

    made = list(of_lists(beside(core, ())))
    assert {one.positive for one in made} == {"Install the client. Ask [email]."}
    assert {one.negative for one in made} == {"Start the client.", "Lunch is at noon."}


def test_a_question_that_is_a_candidate_is_no_list_beside_it(core: Core) -> None:
    did(core, SignalKind.THUMBS_UP)

    assert beside(core, candidates(core, Quality.MEDIUM)) == []
