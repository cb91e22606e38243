"""Turn a question's vector a little towards what people wanted: q' = normalise(q + share * W q).

Passages keep their vectors, so nothing is indexed anew, and rolling back costs nothing. Only the dense search sees the
turned vector; the router, the verified answers and the memory compare questions with questions and keep the plain one.

W is stored as `left` (dimensions, rank) times `right` (rank, dimensions). There may be one per kind of passage: a
question whose likeliest kind has its own W is turned by that, any other by the general one, whose kind is "".
As with the memory, an artefact holds what serves and, under `judged`, what the gate judged: the one that had not seen
the newest questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError
from flywheel.retrieval.arrays import Array, count, number, unpacked

Turns = Mapping[str, tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class QueryAdapter:
    """The turns by kind of passage, "" for any; `share` in [0, 1] says how much of them counts."""

    encoder: str
    share: float
    turns: Turns
    judged_turns: Turns

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "QueryAdapter":
        """Read an artefact.

        Raises:
            ArtefactError: something is missing, or an array has another shape than it should.
        """
        dimensions = count(artefact.get("dimensions"))
        share = number(artefact.get("share"), 0, 1)
        turns = _turns(artefact.get("turns"), dimensions)
        judged = artefact.get("judged")
        return cls(str(artefact.get("encoder")), share, turns, _turns(judged, dimensions) if judged else turns)

    @property
    def judged(self) -> "QueryAdapter":
        """Return the adapter as the gate judged it."""
        return replace(self, turns=self.judged_turns)

    def turned(self, vector: NDArray[np.float32], kind: str = "") -> NDArray[np.float32]:
        """Return a question's vector, length 1, as the dense search gets it; `kind` is the likeliest kind's value."""
        left, right = self.turns.get(kind) or self.turns[""]
        moved = vector + self.share * (left @ (right @ vector))
        length = float(np.linalg.norm(moved))
        return np.asarray(moved / length, dtype=np.float32) if length > 0 else vector


def _turns(stored: object, dimensions: int) -> Turns:
    if not isinstance(stored, Mapping) or "" not in stored:
        raise ArtefactError("the adapter's artefact has no general turn")
    return {str(kind): _turn(one, dimensions) for kind, one in stored.items()}


def _turn(stored: object, dimensions: int) -> tuple[Array, Array]:
    if not isinstance(stored, Mapping):
        raise ArtefactError("a turn of the adapter's artefact is no table")
    rank = count(stored.get("rank"))
    return unpacked(stored.get("left"), (dimensions, rank)), unpacked(stored.get("right"), (rank, dimensions))
