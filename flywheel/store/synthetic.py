"""Keep questions that were made from passages, each with its vector: what is measured before anybody has asked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, exists, select

from flywheel.store.curation_tables import SyntheticQuestionRow
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import PassageRow

_FLOAT32 = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class SyntheticQuestion:
    """A question that a passage answers. `made_by` is a language model's name, or `index`."""

    passage_id: str
    text: str
    made_by: str
    at: datetime

    @property
    def id(self) -> str:
        """Return the hash of passage and text."""
        return sha256(f"{self.passage_id}\n{self.text}".encode()).hexdigest()


def put(db: Session, encoder: str, made: Iterable[tuple[SyntheticQuestion, NDArray[np.float32]]]) -> None:
    """Store questions with their unit vectors under an encoder, shape (dimensions,)."""
    for one, vector in made:
        db.merge(
            SyntheticQuestionRow(
                id=one.id,
                passage_id=one.passage_id,
                text=one.text,
                made_by=one.made_by,
                encoder=encoder,
                vector=vector.astype(_FLOAT32).tobytes(),
                at=one.at,
            )
        )
    db.flush()


def every(db: Session, encoder: str) -> list[tuple[SyntheticQuestion, NDArray[np.float32]]]:
    """Return all under an encoder with their vectors, by id."""
    wanted = select(SyntheticQuestionRow).where(SyntheticQuestionRow.encoder == encoder)
    return [
        (SyntheticQuestion(row.passage_id, row.text, row.made_by, row.at), np.frombuffer(row.vector, dtype=_FLOAT32))
        for row in db.scalars(wanted.order_by(SyntheticQuestionRow.id))
    ]


def drop_stale(db: Session, encoder: str) -> None:
    """Delete questions whose passage is gone, and those whose vector is of another encoder."""
    there = exists().where(PassageRow.id == SyntheticQuestionRow.passage_id)
    db.execute(delete(SyntheticQuestionRow).where(~there | (SyntheticQuestionRow.encoder != encoder)))


def drop(db: Session, passage_ids: Collection[str]) -> None:
    """Delete the questions made from some passages."""
    db.execute(delete(SyntheticQuestionRow).where(SyntheticQuestionRow.passage_id.in_(sorted(passage_ids))))
