"""Cases made by hand: who asked what, when, and what people said of the answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flywheel.measurement.understanding.cases import Case
from flywheel.model import Answer, Audience, Question, Signal, SignalKind, Surface
from flywheel.store.ledger import Exchange

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def case(number: int, person: str = "ana", *, text: str = "", week: int = 0, **given: object) -> Case:
    """Return an answered question without any signal; `given` are fields of its case, question or answer."""
    at = MONDAY + timedelta(weeks=week, minutes=number)
    question = Question(
        f"q{number}", text or "How do I get on the VPN?", person, Surface.MENTION, at, Audience.everyone()
    )
    answer = Answer(
        f"a{number}", question.id, "So.", abstained=False, confidence=0.9, writer="extractive", answered_at=at
    )
    of_question = {name: value for name, value in given.items() if name in Question.__slots__}
    of_answer = {name: value for name, value in given.items() if name in Answer.__slots__}
    of_case = {name: value for name, value in given.items() if name in Case.__slots__}
    exchange = Exchange(replace(question, **{"channel": "C1", **of_question}), replace(answer, **of_answer))  # type: ignore[arg-type]
    made = Case(exchange, week >= 0, week, (), {}, corrected=False, is_quotable=True)
    return replace(made, **of_case)  # type: ignore[arg-type]


def voted(one: Case, votes: Mapping[str, bool]) -> Case:
    """Return a case with these votes."""
    done = tuple(
        Signal(f"{one.id} {who}", one.id, SignalKind.THUMBS_UP if yes else SignalKind.THUMBS_DOWN, who, MONDAY)
        for who, yes in votes.items()
    )
    return replace(one, votes=votes, done=done)
