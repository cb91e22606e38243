"""Verified answers: years by the clock, and the passage that speaks for one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.model import Audience, Hit
from flywheel.retrieval import answers
from flywheel.retrieval.answers import Memory
from flywheel.store.database import Database
from flywheel.store.direct import direct
from tests.parts import StoppedClock, answered, know, make_core

QUESTION = "How much is the travel budget?"
LIKE_IT = "what is the travel budget for this"
"""Cosine about .6 under the tests' encoder: near, but less likely than not."""


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    made = make_core(tmp_path, database=database, admins=frozenset({"U9"}))
    know(made, "budget.md", "The travel budget is 500.", "Trains first.")
    return made


def verify(core: Core, question: str = QUESTION) -> None:
    answer = answered(core, question=question, cites=["budget.md:0"])
    approve(core, suggest(core, Suggestion("k", answer, "U1", "It is 600.")).id, "U9")


def nearest(core: Core, question: str, now: datetime | None = None) -> list[Hit]:
    memory = Memory(core.database, core.encoder.name, core.encoder.dimensions, now)
    with direct(core.database) as db:
        return answers.nearest(db, memory, question, core.encoder.encode([question])[0], Audience.everyone())


def test_an_answer_for_this_year_serves_a_question_without_a_year(core: Core) -> None:
    verify(core, "How much is the travel budget for 2026?")

    assert nearest(core, "How much is the travel budget?", core.now())


def test_it_serves_no_more_when_the_year_is_over(core: Core) -> None:
    verify(core, "How much is the travel budget for 2026?")

    assert not nearest(core, "How much is the travel budget?", core.now() + timedelta(days=60))


def test_without_a_clock_a_year_must_stand_in_both(core: Core) -> None:
    verify(core, "How much is the travel budget for 2026?")

    assert not nearest(core, "How much is the travel budget?")


def test_an_answer_of_last_year_does_not_serve_this_year(database: Database, tmp_path: Path) -> None:
    last_year = StoppedClock(datetime(2025, 5, 1, tzinfo=UTC))
    core = make_core(tmp_path, database=database, admins=frozenset({"U9"}), now=last_year)
    know(core, "budget.md", "The travel budget is 500.")
    verify(core)

    assert not nearest(core, "How much is the travel budget for 2026?", datetime(2026, 5, 1, tzinfo=UTC))


def test_an_answer_is_likely_when_the_question_leads_to_what_it_was_made_from(core: Core) -> None:
    verify(core)
    [hit] = nearest(core, LIKE_IT)

    [raised] = answers.backed(core.database, [hit], "budget.md:0")

    assert hit.score < 0.5 < raised.score


@pytest.mark.parametrize("first", ["budget.md:1", None])
def test_it_stays_unlikely_when_the_question_leads_elsewhere(core: Core, first: str | None) -> None:
    verify(core)
    found = nearest(core, LIKE_IT)

    assert answers.backed(core.database, found, first) == found


def test_what_a_corrected_answer_wrongly_cited_does_not_speak_for_the_right_one(core: Core) -> None:
    know(core, "travel.md", "Ask the travel desk.")
    answer = answered(core, question=QUESTION, cites=["budget.md:0"])
    approve(core, suggest(core, Suggestion("k", answer, "U1", "It is 600.", source="travel.md")).id, "U9")
    found = nearest(core, LIKE_IT)

    assert answers.backed(core.database, found, "budget.md:0") == found
    assert answers.backed(core.database, found, "travel.md:0") != found
