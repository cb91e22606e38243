"""Counts for operators: how much was asked, answered, done and is still waiting. No text, no people."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, func, select

from flywheel.store.curation_tables import ReviewItemRow
from flywheel.store.database import Session
from flywheel.store.jobs import JobState
from flywheel.store.knowledge_tables import DocumentRow, GenerationRow, PassageRow
from flywheel.store.learning_tables import RecordRow, ReleaseRow, ReportRow, TurnRow
from flywheel.store.question_tables import AnswerRow, QuestionRow, SignalRow
from flywheel.store.reviews import ReviewState
from flywheel.store.work_tables import JobRow


def totals(db: Session) -> Mapping[str, float]:
    """Return the number of documents, passages, questions, answers and abstentions."""
    return {
        "documents": _count(db, select(func.count()).select_from(DocumentRow)),
        "passages": _count(db, select(func.count()).select_from(PassageRow)),
        "questions": _count(db, select(func.count()).select_from(QuestionRow)),
        "answers": _count(db, select(func.count()).select_from(AnswerRow)),
        "abstentions": _count(db, select(func.count()).select_from(AnswerRow).where(AnswerRow.abstained)),
    }


def signals_by_kind(db: Session) -> Mapping[str, float]:
    """Return how many signals of each kind the ledger holds."""
    found = db.execute(select(SignalRow.kind, func.count()).group_by(SignalRow.kind))
    return {kind: float(count) for kind, count in found}


def jobs_by_state(db: Session) -> Mapping[str, float]:
    """Return how many jobs stand in each state."""
    found = db.execute(select(JobRow.state, func.count()).group_by(JobRow.state))
    return {state: float(count) for state, count in found}


def waiting_since(db: Session) -> datetime | None:
    """Return since when the oldest job that could run has been due, or None where none waits."""
    due: datetime | None = db.scalar(select(func.min(JobRow.run_at)).where(JobRow.state == JobState.READY.value))
    return due


def last_done(db: Session) -> Mapping[str, float]:
    """Return when (seconds since 1970) the last turn ended, and the last report, index and release were made."""
    found: dict[str, datetime | None] = {
        "turn": db.scalar(select(func.max(TurnRow.finished_at))),
        "report": db.scalar(select(func.max(ReportRow.made_at))),
        "index": db.scalar(select(func.max(GenerationRow.built_at))),
        "release": db.scalar(select(func.max(ReleaseRow.served_since))),
    }
    return {name: moment.timestamp() for name, moment in found.items() if moment is not None}


def reviews_waiting(db: Session) -> Mapping[str, float]:
    """Return how many items of each kind wait for a reviewer."""
    row = ReviewItemRow
    found = db.execute(select(row.kind, func.count()).where(row.state == ReviewState.OPEN.value).group_by(row.kind))
    return {kind: float(count) for kind, count in found}


def newest_values(db: Session, since: datetime) -> Mapping[tuple[str, str, str], float]:
    """Return the newest value in the metric log by metric, segment and data set, as far as recorded since."""
    row = RecordRow
    newest = select(func.max(row.id)).where(row.at >= since).group_by(row.metric, row.segment, row.dataset)
    found = select(row.metric, row.segment, row.dataset, row.value).where(row.id.in_(newest)).order_by(row.id)
    return {(metric, segment, dataset): value for metric, segment, dataset, value in db.execute(found)}


def _count(db: Session, query: Select[int]) -> float:
    return float(db.scalar(query) or 0)
