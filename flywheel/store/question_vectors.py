"""Keep the vector that a question was searched with: a turn over ten thousand questions encodes none of them again."""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select

from flywheel.store.curation_tables import QuestionVectorRow
from flywheel.store.database import Session
from flywheel.store.question_tables import QuestionRow

_FLOAT32 = np.dtype("<f4")


def put(db: Session, encoder: str, said: Mapping[str, tuple[str, NDArray[np.float32]]]) -> None:
    """Store vectors, shape (dimensions,), with the wording that they are of, by question id; replace older ones."""
    if not said:
        return
    known = select(QuestionVectorRow).where(
        QuestionVectorRow.encoder == encoder, QuestionVectorRow.question_id.in_(list(said))
    )
    rows = {row.question_id: row for row in db.scalars(known)}
    for question_id, (text, vector) in said.items():
        row = rows.get(question_id) or QuestionVectorRow(question_id=question_id, encoder=encoder)
        row.text_hash, row.vector = _hash(text), vector.astype(_FLOAT32).tobytes()
        db.add(row)
    db.flush()


def by_text(db: Session, encoder: str) -> dict[str, NDArray[np.float32]]:
    """Return the vectors under an encoder by the wording that they are of, shape (dimensions,) each."""
    wanted = select(QuestionRow.standalone, QuestionRow.text, QuestionVectorRow.text_hash, QuestionVectorRow.vector)
    wanted = wanted.join(QuestionVectorRow, QuestionVectorRow.question_id == QuestionRow.id)
    found = {}
    for standalone, text, text_hash, vector in db.execute(wanted.where(QuestionVectorRow.encoder == encoder)):
        said = standalone or text
        if _hash(said) == text_hash:
            found[said] = np.frombuffer(vector, dtype=_FLOAT32)
    return found


def forget(db: Session, question_ids: list[str]) -> None:
    """Delete the vectors of questions."""
    db.execute(delete(QuestionVectorRow).where(QuestionVectorRow.question_id.in_(question_ids)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
