"""Read the questions of verified answers for retrieval: plain columns only, since all of them are read per question."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, select

from flywheel.model import Audience
from flywheel.ports import Vectors
from flywheel.store.direct import Reader
from flywheel.store.question_tables import VerifiedAnswerRow

_Query = Select[*tuple[Any, ...]]
_FLOAT32 = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class VerifiedQuestions:
    """Ids and questions the audience may read; `matrix` holds their vectors, shape (n, dimensions)."""

    ids: tuple[str, ...]
    questions: tuple[str, ...]
    matrix: Vectors

    def cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of each question with a unit vector, in [-1, 1], shape (n,)."""
        similarities: NDArray[np.float32] = self.matrix @ vector
        return similarities


def readable(db: Reader, encoder: str, dimensions: int, audience: Audience) -> VerifiedQuestions:
    """Return the serving verified questions that carry one of the audience's labels."""
    rows = [one for one in db.execute(_serving(), {"encoder": encoder}) if not audience.labels.isdisjoint(one[2])]
    joined = b"".join([vector for _, _, _, vector in rows])
    matrix = np.frombuffer(joined, dtype=_FLOAT32).reshape(len(rows), dimensions)
    return VerifiedQuestions(tuple(row[0] for row in rows), tuple(row[1] for row in rows), matrix)


@cache
def _serving() -> _Query:
    row = VerifiedAnswerRow.__table__.c  # a plain table spares the mapper's share
    return select(row.id, row.question, row.access, row.vector).where(row.active, row.encoder == bindparam("encoder"))
