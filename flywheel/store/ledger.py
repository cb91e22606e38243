"""Read the ledger as one picture: what was asked, what was answered, and what people did about it.

An *exchange* is a question with one answer to it. Questions that their askers deleted are left out, everywhere.
The picture is read in one unit of work and, per table, in a few statements.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, select

from flywheel.model import Answer, Citation, Correction, Question, Retriever, Signal
from flywheel.store import corrections, review_verdicts, signals
from flywheel.store.answers import Listed, as_answer
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import DocumentRow, PassageRow
from flywheel.store.question_tables import AnswerRow, CitationRow, CorrectionRow, QuestionRow, ShortlistRow, SignalRow
from flywheel.store.questions import as_question
from flywheel.store.review_verdicts import Reviewed
from flywheel.store.sources import passages_named

_AT_ONCE = 400
"""Values in one IN list; SQLite before 3.32 takes 999 (sqlite.org/limits.html)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, an answer to it and, where it was asked for, the stored shortlist, best first."""

    question: Question
    answer: Answer
    shortlist: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything a turn learns from, oldest first.

    `sources` maps a correction's id to the passages its source names; `known` holds those external and passage ids
    named by signals that exist in the corpus; `first_passages` maps those external ids to the first passage of their
    document; `reviewed` is what reviewers said of answers.
    """

    exchanges: tuple[Exchange, ...]
    signals: tuple[Signal, ...]
    corrections: tuple[Correction, ...]
    sources: Mapping[str, tuple[str, ...]]
    known: frozenset[str]
    first_passages: Mapping[str, str] = field(default_factory=dict)
    reviewed: tuple[Reviewed, ...] = ()


def read(db: Session) -> Ledger:
    """Return all signals and corrections and what reviewers said, with the exchanges they are about."""
    reviewed = review_verdicts.on_answers(db)
    about = select(SignalRow.answer_id).union(select(CorrectionRow.answer_id))
    found = _exchanges(db, AnswerRow.id.in_(about))
    silent = {one.answer_id for one in reviewed} - {one.answer.id for one in found}
    if silent:
        found += [one for some in _portions(silent) for one in _exchanges(db, AnswerRow.id.in_(some))]
        found.sort(key=lambda one: (one.answer.answered_at or one.question.asked_at, one.answer.id))
    complete = tuple(with_shortlists(db, found))
    answered = {one.answer.id for one in complete}
    done = tuple(one for one in signals.every(db) if one.answer_id in answered)
    suggested = tuple(one for one in corrections.every(db) if one.answer_id in answered)
    sources = {one.id: tuple(passages_named(db, one.source)) for one in suggested if one.source}
    known = _known(db, done)
    said = tuple(one for one in reviewed if one.answer_id in answered)
    return Ledger(complete, done, suggested, sources, known, _first_passages(db, known), said)


def between(db: Session, start: datetime, end: datetime) -> tuple[Exchange, ...]:
    """Return the exchanges answered at or after `start` and before `end`, oldest first, without shortlists."""
    return tuple(_exchanges(db, (AnswerRow.answered_at >= start) & (AnswerRow.answered_at < end)))


def signals_about(db: Session, exchanges: Sequence[Exchange]) -> dict[str, list[Signal]]:
    """Return the signals of each exchange's answer, oldest first, by answer id."""
    about: dict[str, list[Signal]] = {one.answer.id: [] for one in exchanges}
    for some in _portions(about):
        for signal in signals.of_answers(db, some):
            about[signal.answer_id].append(signal)
    return about


def with_shortlists(db: Session, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Return exchanges with their stored shortlists."""
    listed = _shortlists(db, [one.answer.id for one in exchanges])
    return [replace(one, shortlist=listed[one.answer.id]) for one in exchanges]


def _exchanges(db: Session, condition: ColumnElement[bool]) -> list[Exchange]:
    query = (
        select(QuestionRow, AnswerRow)
        .join(AnswerRow, AnswerRow.question_id == QuestionRow.id)
        .where(QuestionRow.deleted_at.is_(None), condition)
        .order_by(AnswerRow.answered_at, AnswerRow.id)
    )
    rows = db.execute(query).all()
    cited = _citations(db, [answer.id for _, answer in rows])
    return [Exchange(as_question(question), as_answer(answer, cited[answer.id])) for question, answer in rows]


def _citations(db: Session, answer_ids: Iterable[str]) -> dict[str, tuple[Citation, ...]]:
    found: dict[str, list[Citation]] = defaultdict(list)
    for some in _portions(answer_ids):
        query = select(CitationRow).where(CitationRow.answer_id.in_(some)).order_by(CitationRow.n)
        for row in db.scalars(query):
            found[row.answer_id].append(Citation(row.n, row.passage_id, row.external_id, row.title, row.url))
    return defaultdict(tuple, {answer_id: tuple(cited) for answer_id, cited in found.items()})


def _shortlists(db: Session, answer_ids: Iterable[str]) -> dict[str, tuple[Listed, ...]]:
    """Return shortlists by answer; columns, not rows, because ten thousand answers have 400,000 of them."""
    found: dict[str, list[Listed]] = defaultdict(list)
    retrievers = {one.value: one for one in Retriever}
    row = ShortlistRow
    columns = (
        row.answer_id,
        row.rank,
        row.passage_id,
        row.external_id,
        row.retriever,
        row.score,
        row.features,
        row.shown,
    )
    for some in _portions(answer_ids):
        wanted = select(*columns).where(row.answer_id.in_(some)).order_by(row.answer_id, row.rank)
        for answer_id, rank, passage_id, external_id, retriever, score, features, shown in db.execute(wanted):
            listed = Listed(rank, passage_id, external_id, retrievers[retriever], score, features, shown)
            found[answer_id].append(listed)
    return defaultdict(tuple, {answer_id: tuple(listed) for answer_id, listed in found.items()})


def _known(db: Session, done: Iterable[Signal]) -> frozenset[str]:
    named = {signal.detail[key] for signal in done for key in ("external_id", "passage_id") if key in signal.detail}
    known: set[str] = set()
    for some in _portions(named):
        known.update(db.scalars(select(DocumentRow.external_id).where(DocumentRow.external_id.in_(some))))
        known.update(db.scalars(select(PassageRow.id).where(PassageRow.id.in_(some))))
    return frozenset(known)


def _first_passages(db: Session, names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _portions(names):
        first = (
            select(DocumentRow.external_id, PassageRow.id)
            .join(PassageRow, PassageRow.document_id == DocumentRow.id)
            .where(DocumentRow.external_id.in_(some), PassageRow.ordinal == 0)
            .order_by(DocumentRow.external_id, PassageRow.id)
        )
        found.update((name, passage) for name, passage in db.execute(first))
    return found


def _portions(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
