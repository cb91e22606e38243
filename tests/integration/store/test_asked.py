"""The newest questions of people: none that was deleted, asked in a terminal, or that nothing was searched for."""

from datetime import timedelta

import pytest

from flywheel.model import Answer, Audience, Hit, Question, Retriever, Surface
from flywheel.store import answers, asked, questions
from flywheel.store.database import Database
from tests.parts import MOMENT

FOUND = (Hit("p1", "d1", "vpn.md", "VPN", "", Retriever.DOCUMENTS, 1.0),)
LONG_AGO = MOMENT - timedelta(hours=5)


def ask(
    database: Database,
    hours_ago: int,
    hits: tuple[Hit, ...] = FOUND,
    *,
    surface: Surface = Surface.MENTION,
    abstained: bool = False,
) -> None:
    """Store a question, its id telling how many hours ago it was asked, and its answer."""
    name, at = str(hours_ago), MOMENT - timedelta(hours=hours_ago)
    with database.begin() as db:
        questions.put(db, Question(name, f"Question {name}?", "U1", surface, at, Audience.everyone()))
        answers.put(db, Answer(f"a{name}", name, "So.", abstained, 0.5, "extractive", answered_at=at), hits)


def newest(database: Database, limit: int = 9) -> list[str]:
    with database.read() as db:
        return [one.id for one in asked.newest(db, LONG_AGO, limit)]


@pytest.mark.parametrize("limit", [1, 2])
def test_the_newest_come_first_and_no_more_than_wanted(database: Database, limit: int) -> None:
    for hours_ago in (3, 1, 2):
        ask(database, hours_ago)

    assert newest(database, limit) == ["1", "2"][:limit]


def test_what_was_asked_before_in_a_terminal_or_deleted_is_left_out(database: Database) -> None:
    ask(database, 1, surface=Surface.TERMINAL)
    for hours_ago in (2, 3, 8):
        ask(database, hours_ago)
    with database.begin() as db:
        questions.mark_deleted(db, "2", MOMENT)

    assert newest(database) == ["3"]


def test_a_greeting_is_left_out_and_a_question_that_found_nothing_is_not(database: Database) -> None:
    ask(database, 1, hits=())
    ask(database, 2, hits=(), abstained=True)

    assert newest(database) == ["2"]
