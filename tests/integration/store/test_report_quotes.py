"""A deleted question stands in no report any more; everything else in it does."""

from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.store import questions, report_quotes, reports
from flywheel.store.report_quotes import DELETED
from flywheel.store.reports import Report
from tests.parts import MOMENT, answered, make_core

SAID = "How do I tell\n my chief that I am ill? " + "It hurts. " * 30
PLAIN = " ".join(SAID.split())[:160]
QUOTING = {
    "unanswered": [{"text": SAID, "times": 2}],
    "notes": [f"Not answered: “{SAID[:160]}” (2 times)", "7 questions"],
    "threads": {"a1": {"channel": "C1", "ts": "1.0", "question": SAID[:160]}},
    "sections": [{"lines": [{"text": f"“tell chief”: 12 questions. For example “{PLAIN}”."}]}],
    "numbers": {"topics": [{"examples": [PLAIN, "How do I park?"], "questions": 12}]},
}


@pytest.fixture
def content(tmp_path: Path) -> dict[str, object]:
    """Return what a report quotes after its question was deleted."""
    core = make_core(tmp_path)
    answered(core, question=SAID)
    with core.database.begin() as db:
        reports.put(db, Report("r1", "2026-W47", MOMENT + timedelta(days=1), QUOTING))
        questions.mark_deleted(db, "q-a1", MOMENT)
        found = reports.find(db, "r1")
    core.database.close()
    assert found is not None
    return dict(found.content)


def test_no_words_of_a_deleted_question_are_left(content: dict[str, object]) -> None:
    assert "hurts" not in str(content)
    assert "chief that" not in str(content)


def test_everything_else_stays(content: dict[str, object]) -> None:
    assert content["numbers"] == {"topics": [{"examples": [DELETED, "How do I park?"], "questions": 12}]}
    assert content["notes"] == [f"Not answered: “{DELETED}” (2 times)", "7 questions"]


def test_a_question_of_one_word_changes_no_value_that_is_called_the_same(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    with core.database.begin() as db:
        reports.put(db, Report("r1", "2026-W47", MOMENT, {"numbers": {"routes": [{"route": "code"}]}, "text": "code"}))
        report_quotes.unquote(db, ["code"], MOMENT)
        found = reports.find(db, "r1")
    core.database.close()

    assert found is not None
    assert found.content == {"numbers": {"routes": [{"route": "code"}]}, "text": DELETED}
