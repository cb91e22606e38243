"""Corrections: what people say answers should be, and what reviewers decided."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, or_, select

from flywheel.errors import NotFound
from flywheel.model import Correction, CorrectionState
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.question_tables import CorrectionRow


def put(db: Session, correction: Correction) -> bool:
    """Add a correction; return False when its id was stored before."""
    return insert_new(
        db,
        CorrectionRow,
        {
            "id": correction.id,
            "answer_id": correction.answer_id,
            "question": correction.question,
            "text": correction.text,
            "person": correction.person,
            "at": correction.at,
            "source": correction.source,
            "state": correction.state.value,
            "reviewer": correction.reviewer,
            "reviewed_at": correction.reviewed_at,
        },
    )


def find(db: Session, correction_id: str) -> Correction | None:
    """Return a correction, or None."""
    row = db.get(CorrectionRow, correction_id)
    return _correction(row) if row else None


def decide(db: Session, decided: Correction) -> bool:
    """Store a reviewer's decision on a pending correction; return False when it was decided before.

    Raises:
        NotFound: there is no such correction.
    """
    row = db.get(CorrectionRow, decided.id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no correction {decided.id}")
    if row.state != CorrectionState.PENDING:
        return False
    row.state, row.text, row.question = decided.state.value, decided.text, decided.question
    row.reviewer, row.reviewed_at = decided.reviewer, decided.reviewed_at
    return True


def of_answer(db: Session, answer_id: str) -> list[Correction]:
    """Return an answer's corrections, oldest first."""
    rows = db.scalars(select(CorrectionRow).where(CorrectionRow.answer_id == answer_id).order_by(CorrectionRow.at))
    return [_correction(row) for row in rows]


def since(db: Session, at: datetime) -> list[Correction]:
    """Return corrections suggested or decided at or after a moment, oldest first."""
    fresh = or_(CorrectionRow.at >= at, CorrectionRow.reviewed_at >= at)
    return [_correction(row) for row in db.scalars(select(CorrectionRow).where(fresh).order_by(CorrectionRow.at))]


def every(db: Session) -> list[Correction]:
    """Return all corrections, oldest first."""
    return [_correction(row) for row in db.scalars(select(CorrectionRow).order_by(CorrectionRow.at, CorrectionRow.id))]


def forget(db: Session, person: str) -> None:
    """Delete one person's corrections and take their name off decisions."""
    db.execute(delete(CorrectionRow).where(CorrectionRow.person == person))
    for row in db.scalars(select(CorrectionRow).where(CorrectionRow.reviewer == person)):
        row.reviewer = None


def place_review(db: Session, correction_id: str, channel: str, ts: str) -> None:
    """Remember where the review message of a correction stands."""
    row = db.get(CorrectionRow, correction_id)
    if row is not None:
        row.review_channel, row.review_ts = channel, ts


def review_place(db: Session, correction_id: str) -> tuple[str, str] | None:
    """Return (channel, ts) of the review message, or None."""
    row = db.get(CorrectionRow, correction_id)
    if row is None or row.review_channel is None or row.review_ts is None:
        return None
    return row.review_channel, row.review_ts


def _correction(row: CorrectionRow) -> Correction:
    pending = Correction(
        id=row.id,
        answer_id=row.answer_id,
        question=row.question,
        text=row.text,
        person=row.person,
        at=row.at,
        source=row.source,
    )
    return replace(pending, state=CorrectionState(row.state), reviewer=row.reviewer, reviewed_at=row.reviewed_at)
