"""Verified answers, each with the vector of its question so that it can be found again."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import or_, select

from flywheel.model import VerifiedAnswer
from flywheel.store import support
from flywheel.store.database import Session
from flywheel.store.question_tables import AnswerRow, CorrectionRow, VerifiedAnswerRow

_FLOAT32 = np.dtype("<f4")


def put(db: Session, verified: VerifiedAnswer, encoder: str, vector: NDArray[np.float32]) -> None:
    """Add a verified answer, and remember what supports it in the source that it names.

    `vector` is its question under `encoder`, shape (dimensions,), length 1.
    """
    db.add(
        VerifiedAnswerRow(
            id=verified.id,
            question=verified.question,
            text=verified.text,
            access=sorted(verified.access),
            author=verified.author,
            approved_by=verified.approved_by,
            approved_at=verified.approved_at,
            correction_id=verified.correction_id,
            source=verified.source,
            passage_ids=list(verified.passage_ids),
            active=True,
            encoder=encoder,
            vector=vector.astype(_FLOAT32).tobytes(),
        )
    )
    support.keep(db, verified)
    db.flush()


def active(db: Session, encoder: str) -> list[tuple[VerifiedAnswer, NDArray[np.float32]]]:
    """Return all that serve under an encoder, each with its vector, shape (dimensions,)."""
    wanted = (
        select(VerifiedAnswerRow)
        .where(VerifiedAnswerRow.active, VerifiedAnswerRow.encoder == encoder)
        .order_by(VerifiedAnswerRow.approved_at, VerifiedAnswerRow.id)
    )
    return [(_verified(row), np.frombuffer(row.vector, dtype=_FLOAT32)) for row in db.scalars(wanted)]


def under_other_encoders(db: Session, encoder: str) -> list[VerifiedAnswer]:
    """Return active ones whose vector belongs to another encoder, so that they can be encoded anew."""
    wanted = select(VerifiedAnswerRow).where(VerifiedAnswerRow.active, VerifiedAnswerRow.encoder != encoder)
    return [_verified(row) for row in db.scalars(wanted)]


def place(db: Session, verified_id: str, encoder: str, vector: NDArray[np.float32]) -> None:
    """Replace the vector of one verified answer."""
    row = db.get(VerifiedAnswerRow, verified_id)
    if row is not None:
        row.encoder, row.vector = encoder, vector.astype(_FLOAT32).tobytes()


def find(db: Session, verified_id: str) -> VerifiedAnswer | None:
    """Return a verified answer, serving or not, or None."""
    row = db.get(VerifiedAnswerRow, verified_id)
    return _verified(row) if row else None


def of_correction(db: Session, correction_id: str) -> VerifiedAnswer | None:
    """Return the verified answer that came from a correction, or None."""
    row = db.scalar(select(VerifiedAnswerRow).where(VerifiedAnswerRow.correction_id == correction_id))
    return _verified(row) if row else None


def every(db: Session) -> list[VerifiedAnswer]:
    """Return all that serve, oldest first."""
    wanted = select(VerifiedAnswerRow).where(VerifiedAnswerRow.active).order_by(VerifiedAnswerRow.approved_at)
    return [_verified(row) for row in db.scalars(wanted)]


def resting(db: Session) -> list[VerifiedAnswer]:
    """Return all that do not serve, oldest first."""
    wanted = select(VerifiedAnswerRow).where(~VerifiedAnswerRow.active).order_by(VerifiedAnswerRow.approved_at)
    return [_verified(row) for row in db.scalars(wanted)]


def is_active(db: Session, verified_id: str) -> bool:
    """Tell whether a verified answer serves."""
    return bool(db.scalar(select(VerifiedAnswerRow.active).where(VerifiedAnswerRow.id == verified_id)))


def renew(db: Session, verified_id: str, passage_ids: Sequence[str]) -> None:
    """Serve a retired answer again, resting on these passages from now on."""
    row = db.get(VerifiedAnswerRow, verified_id)
    if row is not None:
        row.active, row.passage_ids = True, list(passage_ids)
        support.keep(db, _verified(row))


def retire(db: Session, verified_ids: Sequence[str]) -> None:
    """Stop serving these."""
    for row in db.scalars(select(VerifiedAnswerRow).where(VerifiedAnswerRow.id.in_(verified_ids))):
        row.active = False


def forget(db: Session, person: str) -> None:
    """Delete what one person wrote, and take their name off what they approved."""
    wrote = or_(VerifiedAnswerRow.author == person, VerifiedAnswerRow.approved_by == person)
    for row in db.scalars(select(VerifiedAnswerRow).where(wrote)):
        if row.author == person:
            support.drop(db, row.id)
            db.delete(row)
        else:
            row.approved_by = ""


def corrected_answers(db: Session, correction_id: str) -> list[str]:
    """Return the answers that an approved correction amends: the one it was made on, and those with the same text."""
    correction = db.get(CorrectionRow, correction_id)
    if correction is None:
        return []
    corrected = db.get(AnswerRow, correction.answer_id)
    if corrected is None:
        return []
    same = select(AnswerRow.id).where(AnswerRow.text == corrected.text, ~AnswerRow.abstained)
    return sorted({corrected.id, *(db.scalars(same) if not corrected.abstained else ())})


def _verified(row: VerifiedAnswerRow) -> VerifiedAnswer:
    return VerifiedAnswer(
        id=row.id,
        question=row.question,
        text=row.text,
        access=frozenset(row.access),
        author=row.author,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        correction_id=row.correction_id,
        source=row.source,
        passage_ids=tuple(row.passage_ids),
    )
