"""The weekly report on a real store."""

from dataclasses import replace
from datetime import timedelta

from flywheel.core import Core
from flywheel.measurement.report import report
from flywheel.model import Answer, Audience, Question, Signal, SignalKind, Surface
from flywheel.store import answers, questions, reports, signals
from flywheel.store.database import Database
from tests.integration.learning.company import NOW, core_on


def ask(
    database: Database,
    name: str,
    *,
    labels: frozenset[str] = frozenset({"public"}),
    days_ago: int = 1,
    writer: str = "none",
) -> None:
    """Store a question that got no answer."""
    at = NOW - timedelta(days=days_ago)
    with database.begin() as db:
        question = Question(f"q-{name}", f"Where is {name}?", "ana", Surface.MENTION, at, Audience(labels))
        questions.put(db, question)
        answer = Answer(f"a-{name}", question.id, "Nothing found.", abstained=True, confidence=0.1, writer=writer)
        answers.put(db, replace(answer, answered_at=at, timings_ms={"total": 250.0}))


def vote(database: Database, name: str, person: str, kind: SignalKind = SignalKind.THUMBS_UP) -> None:
    """Store a vote on an answer."""
    with database.begin() as db:
        signals.put(db, Signal(f"{name}{person}", f"a-{name}", kind, person, NOW, {}))


def figure(core: Core, name: str) -> dict[str, str]:
    """Return one figure of this week's report."""
    return next(one for one in report(core).content["figures"] if one["name"] == name)


def test_an_empty_week_says_so_in_words(database: Database) -> None:
    made = report(core_on(database))

    assert figure(core_on(database), "Satisfied")["value"] == "no data"
    assert "Nobody voted, so nothing can be said about satisfaction." in made.content["notes"]


def test_satisfaction_comes_with_its_n_and_its_interval(database: Database) -> None:
    ask(database, "parking")
    for person in ("ana", "ben", "cem"):
        vote(database, "parking", person)

    told = figure(core_on(database), "Satisfied")

    assert (told["value"], told["note"]) == ("100 %", "3 of 3 votes; 95 % interval 44 to 100 %")


def test_last_week_s_questions_are_not_this_week_s(database: Database) -> None:
    ask(database, "parking", days_ago=8)

    assert figure(core_on(database), "Questions")["value"] == "0"


def test_the_chart_looks_further_back(database: Database) -> None:
    ask(database, "parking", days_ago=8)

    assert [one["abstained"] for one in report(core_on(database)).content["days"]] == [1]


def test_a_private_question_is_counted_and_never_quoted(database: Database) -> None:
    ask(database, "redundancies", labels=frozenset({"public", "channel:C9"}))

    made = report(core_on(database), "C1")

    assert "Where is redundancies" not in str(made.content)
    assert any("1 without an answer cannot be quoted" in note for note in made.content["notes"])


def test_a_deleted_question_is_not_in_the_report(database: Database) -> None:
    ask(database, "parking")
    with database.begin() as db:
        questions.mark_deleted(db, "q-parking", NOW)

    assert "parking" not in str(report(core_on(database)).content)


def test_the_newest_report_is_the_latest(database: Database) -> None:
    core = core_on(database)
    made = report(core)

    with database.read() as db:
        assert reports.latest(db) == made.content


def test_where_a_report_was_posted_survives_making_it_again(database: Database) -> None:
    core = core_on(database)
    made = report(core)
    with database.begin() as db:
        reports.mark_posted(db, made.id, "C1", "1.0")

    report(core)

    with database.read() as db:
        assert reports.posted_at(db, made.id) == ("C1", "1.0")


def test_a_greeting_is_no_question(database: Database) -> None:
    ask(database, "hello", writer="courtesy")

    assert figure(core_on(database), "Questions")["value"] == "0"
