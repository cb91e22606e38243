"""What a person's Home shows besides the ledger: what came of their suggestions, and how much is going on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, distinct, func, or_, select

from flywheel.model import SignalKind
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import GenerationRow
from flywheel.store.question_tables import AnswerRow, CorrectionRow, QuestionRow, SignalRow

_VOTES = (SignalKind.THUMBS_UP.value, SignalKind.THUMBS_DOWN.value)


@dataclass(frozen=True, slots=True)
class Lately:
    """How many questions were asked, how many answers somebody voted on, and how many suggestions were made."""

    questions: int
    voted: int
    suggested: int


def suggested_by(db: Session, person: str, limit: int = 10) -> list[str]:
    """Return the ids of what a person suggested last, newest first."""
    wanted = select(CorrectionRow.id).where(CorrectionRow.person == person)
    return list(db.scalars(wanted.order_by(CorrectionRow.at.desc(), CorrectionRow.id).limit(limit)))


def people_helped(db: Session, verified_id: str, amended: Collection[str], author: str) -> int:
    """Return how many people but its author got a verified answer, or saw it take the place of one of `amended`."""
    query = (
        select(func.count(distinct(QuestionRow.person)))
        .join(AnswerRow, AnswerRow.question_id == QuestionRow.id)
        .where(or_(AnswerRow.verified_answer_id == verified_id, AnswerRow.id.in_(amended)))
        .where(QuestionRow.person != author)
    )
    return _count(db, query)


def lately(db: Session, since: datetime) -> Lately:
    """Return what happened at or after a moment."""
    asked = select(func.count()).select_from(QuestionRow)
    voted = select(func.count(distinct(SignalRow.answer_id))).where(SignalRow.kind.in_(_VOTES))
    suggested = select(func.count()).select_from(CorrectionRow)
    return Lately(
        _count(db, asked.where(QuestionRow.asked_at >= since, QuestionRow.deleted_at.is_(None))),
        _count(db, voted.where(SignalRow.at >= since)),
        _count(db, suggested.where(CorrectionRow.at >= since)),
    )


def indexed_at(db: Session) -> datetime | None:
    """Return when the newest index was built, or None before the first."""
    return db.scalar(select(GenerationRow.built_at).order_by(GenerationRow.built_at.desc()).limit(1))


def _count(db: Session, query: Select[int]) -> int:
    return db.scalar(query) or 0
