"""Counts for operators: how much was asked, answered, done and is still waiting. No text, no people."""

from collections.abc import Mapping

from sqlalchemy import Select, func, select

from flywheel.store.database import Session
from flywheel.store.knowledge_tables import DocumentRow, PassageRow
from flywheel.store.question_tables import AnswerRow, QuestionRow, SignalRow
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


def _count(db: Session, query: Select[int]) -> float:
    return float(db.scalar(query) or 0)
