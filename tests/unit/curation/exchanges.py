"""Small exchanges for label tests: one question, an answer citing two passages, a shortlist of four."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flywheel.model import Answer, Audience, Citation, Correction, Question, Retriever, Signal, SignalKind, Surface
from flywheel.store.answers import Listed
from flywheel.store.ledger import Exchange, Ledger

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def exchange(number: int = 0, *, text: str = "", thread: str | None = None) -> Exchange:
    """Return a question whose answer cites passages p1 and p2 of documents d1 and d2, out of p1 to p4."""
    at = START + timedelta(hours=number)
    question = Question(f"q{number}", text or f"Question {number}?", "asker", Surface.API, at, Audience.everyone())
    question = replace(question, channel="C1" if thread else None, thread_ts=thread)
    cited = tuple(Citation(n, f"p{n}", f"d{n}", f"Document {n}") for n in (1, 2))
    answer = Answer(f"a{number}", question.id, "Yes. [1]", abstained=False, confidence=0.9, writer="extractive")
    rows = tuple(
        Listed(n, f"p{n}", f"d{n}", Retriever.DOCUMENTS, 1 / n, {"dense_norm": 1 / n, "bm25_norm": 0.5}, n < 3)
        for n in (1, 2, 3, 4)
    )
    return Exchange(question, replace(answer, citations=cited, answered_at=at), rows)


def did(kind: SignalKind, person: str = "ana", *, number: int = 0, minute: int = 1, **detail: str) -> Signal:
    """Return what a person did about the answer to a question."""
    at = START + timedelta(hours=number, minutes=minute)
    return Signal(f"{kind}:{person}:{number}:{minute}:{sorted(detail.items())}", f"a{number}", kind, person, at, detail)


def ledger(
    *signals: Signal,
    exchanges: tuple[Exchange, ...] = (),
    corrections: tuple[Correction, ...] = (),
    known: frozenset[str] = frozenset(),
) -> Ledger:
    """Return a ledger of one exchange unless told otherwise; corrections name passage p3."""
    sources = {one.id: ("p3",) for one in corrections if one.source}
    return Ledger(exchanges or (exchange(),), signals, corrections, sources, known)
