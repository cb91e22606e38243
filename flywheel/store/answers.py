"""Answers in SQL: the row, its citations, and the shortlist it was written from.

*shown* marks the passages of the shortlist that the answer cites; only those were before people's eyes.
Answers are never changed after they are put, except for where Slack shows them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert as plain_insert
from sqlalchemy import or_, select, update

from flywheel.model import Answer, Citation, Hit, Retriever, Routing
from flywheel.store import support
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.question_tables import AnswerRow, CitationRow, QuestionRow, ShortlistRow

SHORTLIST_LENGTH = 40
"""Rows of the shortlist that are kept per answer."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One stored row of a shortlist; `rank` counts from 1."""

    rank: int
    passage_id: str
    external_id: str
    retriever: Retriever
    score: float
    features: Mapping[str, float]
    shown: bool


def put(db: Session, answer: Answer, shortlist: Sequence[Hit] = (), shown: Collection[str] = ()) -> bool:
    """Store an answer with its citations and up to 40 hits; return False if its id is taken (nothing changes then).

    `shown` holds passage ids.
    """
    if not _insert_answer(db, answer):
        return False
    texts = {hit.passage_id: hit.text for hit in shortlist}
    citations = [
        {
            "answer_id": answer.id,
            "n": one.n,
            "passage_id": one.passage_id,
            "external_id": one.external_id,
            "title": one.title,
            "url": one.url,
            "said": support.supporting(answer.text, [texts.get(one.passage_id, "")]),
        }
        for one in answer.citations
    ]
    if citations:
        db.execute(plain_insert(CitationRow), citations)
    rows = [
        _shortlist_row(answer.id, rank, hit, shown=hit.passage_id in shown)
        for rank, hit in enumerate(shortlist[:SHORTLIST_LENGTH], 1)
    ]
    if rows:
        db.execute(plain_insert(ShortlistRow), rows)
    return True


def find(db: Session, answer_id: str) -> Answer | None:
    """Return the answer with its citations, or None."""
    return _first(db, select(AnswerRow).where(AnswerRow.id == answer_id))


def of_question(db: Session, question_id: str) -> Answer | None:
    """Return the newest answer to a question, or None."""
    query = select(AnswerRow).where(AnswerRow.question_id == question_id)
    return _first(db, query.order_by(AnswerRow.answered_at.desc(), AnswerRow.id))


def by_post(db: Session, channel: str, ts: str) -> Answer | None:
    """Return the answer that this Slack message shows, or None."""
    query = select(AnswerRow).where(AnswerRow.posted_channel == channel, AnswerRow.posted_ts == ts)
    return _first(db, query.order_by(AnswerRow.answered_at.desc(), AnswerRow.id))


def in_thread(db: Session, channel: str, thread_ts: str) -> list[Answer]:
    """Return the answers given in a thread, oldest first; the thread's first message may be the question itself."""
    query = (
        select(AnswerRow)
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .where(QuestionRow.channel == channel)
        .where(or_(QuestionRow.thread_ts == thread_ts, QuestionRow.message_ts == thread_ts))
        .order_by(AnswerRow.answered_at, AnswerRow.id)
    )
    return [as_answer(row, citations(db, row.id)) for row in db.scalars(query).all()]


def posted_at(db: Session, answer_id: str) -> tuple[str, str] | None:
    """Return the channel and ts of the message that shows the answer, or None before it is posted."""
    query = select(AnswerRow.posted_channel, AnswerRow.posted_ts).where(AnswerRow.id == answer_id)
    row = db.execute(query).first()
    return (row[0], row[1]) if row and row[0] and row[1] else None


def mark_posted(db: Session, answer_id: str, channel: str, ts: str) -> None:
    """Note which Slack message shows the answer."""
    db.execute(
        update(AnswerRow)
        .where(AnswerRow.id == answer_id)
        .values(posted_channel=channel, posted_ts=ts)
        .execution_options(synchronize_session="fetch")
    )


def citations(db: Session, answer_id: str) -> tuple[Citation, ...]:
    """Return an answer's sources in order of their numbers."""
    rows = db.scalars(select(CitationRow).where(CitationRow.answer_id == answer_id).order_by(CitationRow.n))
    return tuple(Citation(row.n, row.passage_id, row.external_id, row.title, row.url) for row in rows)


def shortlist_of(db: Session, answer_id: str) -> tuple[Listed, ...]:
    """Return the stored shortlist, best first."""
    query = select(ShortlistRow).where(ShortlistRow.answer_id == answer_id).order_by(ShortlistRow.rank)
    return tuple(
        Listed(row.rank, row.passage_id, row.external_id, Retriever(row.retriever), row.score, row.features, row.shown)
        for row in db.scalars(query)
    )


def _insert_answer(db: Session, answer: Answer) -> bool:
    if answer.answered_at is None:
        raise ValueError("an answer is stored with the time it was given")
    values = {
        "id": answer.id,
        "question_id": answer.question_id,
        "text": answer.text,
        "abstained": answer.abstained,
        "confidence": answer.confidence,
        "writer": answer.writer,
        "route": dict(answer.route),
        "versions": dict(answer.versions),
        "timings_ms": dict(answer.timings_ms),
        "trace": list(answer.trace),
        "verified_answer_id": answer.verified_answer_id,
        "answered_at": answer.answered_at,
        "routing": asdict(answer.routing),
        "pictures": list(answer.pictures),
        **({"usage": dict(answer.usage)} if answer.usage is not None else {}),
    }
    return insert_new(db, AnswerRow, values)


def _shortlist_row(answer_id: str, rank: int, hit: Hit, *, shown: bool) -> dict[str, Any]:
    return {
        "answer_id": answer_id,
        "rank": rank,
        "passage_id": hit.passage_id,
        "external_id": hit.external_id,
        "retriever": hit.retriever.value,
        "score": float(hit.score),
        "features": {name: float(value) for name, value in hit.features.items()},
        "shown": shown,
    }


def _first(db: Session, query: Any) -> Answer | None:
    row = db.scalars(query.limit(1)).first()
    return as_answer(row, citations(db, row.id)) if row else None


def as_answer(row: AnswerRow, sources: Iterable[Citation]) -> Answer:
    """Return the value of a row and its sources; for this package alone."""
    return Answer(
        id=row.id,
        question_id=row.question_id,
        text=row.text,
        abstained=row.abstained,
        confidence=row.confidence,
        writer=row.writer,
        citations=tuple(sources),
        route=row.route,
        versions=row.versions,
        timings_ms=row.timings_ms,
        trace=tuple(row.trace),
        verified_answer_id=row.verified_answer_id,
        answered_at=row.answered_at,
        routing=_routing(row.routing),
        pictures=tuple(row.pictures or ()),
        usage=row.usage,
    )


def _routing(stored: Mapping[str, Any] | None) -> Routing:
    """Return how the retrievers were chosen; answers from before there was a choice have the defaults."""
    return Routing(**{**stored, "searched": tuple(stored["searched"])}) if stored else Routing()
