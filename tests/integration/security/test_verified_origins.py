"""A verified answer is for those who may read everything it came from, whatever happened to that since."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.curation.candidates import Quality, candidates
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.model import Audience, Surface
from flywheel.retrieval.search import shortlist
from flywheel.store import documents
from tests.parts import answered, know, make_core

QUESTION = "When is the salary paid?"
INSIDE = Audience(frozenset({"public", "channel:C3"}))


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path, admins=frozenset({"U9"}))
    know(made, "pay.md", "The salary is paid on the 25th.")
    yield made
    made.database.close()


def verify(core: Core, answer_id: str, text: str, source: str | None = None) -> str:
    """Correct an answer and approve it; return the verified answer's id."""
    correction = suggest(core, Suggestion(f"k-{answer_id}", answer_id, "U1", text, source))
    return approve(core, correction.id, "U9").id


def found(core: Core, audience: Audience) -> str:
    return repr(shortlist(core, QUESTION, audience).hits)


def test_it_closes_with_what_the_corrected_answer_cited(core: Core) -> None:
    verify(core, answered(core, question=QUESTION, cites=["pay.md:0"]), "On the 24th.")
    assert "On the 24th." in found(core, Audience.everyone())

    know(core, "pay.md", "The salary is paid on the 25th.", access=["channel:C3"])
    assert "On the 24th." not in found(core, Audience.everyone())
    assert "On the 24th." in found(core, INSIDE)


def test_it_closes_with_a_document_whose_words_changed_too(core: Core) -> None:
    verify(core, answered(core, question=QUESTION, cites=["pay.md:0"]), "On the 24th.")
    with core.database.begin() as db:  # new words make new passages under other names
        documents.remove(db, ["d-pay.md"], version=documents.advance_corpus(db))
    know(core, "pay.md", access=["channel:C3"])

    assert "On the 24th." not in found(core, Audience.everyone())


def test_it_closes_with_the_source_that_the_suggestion_names(core: Core) -> None:
    know(core, "dates.md", "All dates.")
    verify(core, answered(core, question=QUESTION, cites=["pay.md:0"]), "On the 24th.", source="dates.md")
    know(core, "dates.md", "All dates.", access=["channel:C3"])

    assert "On the 24th." not in found(core, Audience.everyone())


def test_it_closes_with_the_origins_of_the_answer_that_it_corrects(core: Core) -> None:
    first = verify(core, answered(core, question=QUESTION, cites=["pay.md:0"]), "On the 24th.")
    verify(core, answered(core, "a2", question=QUESTION, repeats=first), "On the 23rd.")
    know(core, "pay.md", "The salary is paid on the 25th.", access=["channel:C3"])

    assert "On the 23rd." not in found(core, Audience.everyone())
    assert "On the 23rd." in found(core, INSIDE)


def test_a_correction_of_a_closed_one_is_born_closed(core: Core) -> None:
    first = verify(core, answered(core, question=QUESTION, cites=["pay.md:0"]), "On the 24th.")
    know(core, "pay.md", "The salary is paid on the 25th.", access=["channel:C3"])
    verify(core, answered(core, "a2", question=QUESTION, repeats=first), "On the 23rd.")

    assert "On the 23rd." not in found(core, Audience.everyone())


def test_a_document_that_is_deleted_leaves_the_answer_to_its_readers(core: Core) -> None:
    verify(core, answered(core, question=QUESTION, cites=["pay.md:0"]), "On the 24th.")
    with core.database.begin() as db:
        documents.remove(db, ["d-pay.md"], version=documents.advance_corpus(db))

    assert "On the 24th." in found(core, Audience.everyone())


def test_a_closed_one_trains_nothing(core: Core) -> None:
    verify(core, answered(core, question=QUESTION, cites=["pay.md:0"]), "On the 24th.")
    know(core, "pay.md", "The salary is paid on the 25th.", access=["channel:C3"])

    assert "24th" not in repr(candidates(core, Quality.MEDIUM))


def test_a_closed_one_is_not_repeated(core: Core) -> None:
    verify(core, answered(core, question=QUESTION, cites=["pay.md:0"]), "On the 24th.")
    know(core, "pay.md", "The salary is paid on the 25th.", access=["channel:C3"])
    asking = Asking(QUESTION, "U2", Surface.DIRECT, Audience.everyone(), "q-new", channel="D2")

    assert "24th" not in repr(ask(core, asking))
