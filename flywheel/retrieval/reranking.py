"""Reorder a shortlist with the learned linear model: score = sum of weight * (feature - mean) / scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError
from flywheel.retrieval.features import FEATURES, SCORES

_KNOWN = frozenset((*SCORES, *FEATURES))


@dataclass(frozen=True, slots=True)
class Reranker:
    """A linear model over named features, read from a release's artefact."""

    features: tuple[str, ...]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "Reranker":
        """Read an artefact.

        Raises:
            ArtefactError: it names unknown features, or its numbers are missing, of other lengths, or a scale of 0.
        """
        names = artefact.get("features")
        if not isinstance(names, Sequence) or isinstance(names, str) or not names:
            raise ArtefactError("the reranker's artefact names no features")
        if unknown := {str(name) for name in names} - _KNOWN:
            raise ArtefactError(f"the reranker's artefact asks for unknown features: {', '.join(sorted(unknown))}")
        columns = [_numbers(artefact, key, len(names)) for key in ("mean", "scale", "weights")]
        if not columns[1].all():
            raise ArtefactError("the reranker's artefact has a scale of 0")
        return cls(tuple(str(name) for name in names), *columns)

    def scores(self, rows: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """Return one score per row of features; unbounded, larger is better."""
        values = np.array([[row[name] for name in self.features] for row in rows], dtype=np.float64)
        scored: NDArray[np.float64] = ((values - self.mean) / self.scale) @ self.weights
        return scored


def _numbers(artefact: Mapping[str, object], key: str, length: int) -> NDArray[np.float64]:
    try:
        column = np.array(artefact.get(key), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"the reranker's {key} are not numbers") from error
    if column.shape != (length,) or not np.isfinite(column).all():
        raise ArtefactError(f"the reranker's {key} are not {length} finite numbers")
    return column
