"""Reorder a shortlist: all of it with a learned model, and its head with a cross-encoder where one serves.

    linear   score = sum of weight * (feature - mean) / scale
    trees    score = linear + sum of the leaves that the features lead to (`trees.py`)
    blend    score = (1 - weight) * linear + weight * cross, each put into [0, 1] over the first `TOP`

A cross-encoder reads question and passage together, which is better and a thousand times slower: so it reads `TOP`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError
from flywheel.retrieval.features import FEATURES, SCORES
from flywheel.retrieval.trees import Trees

TOP = 20
"""How many passages a cross-encoder reads for a question."""

READ = 700
"""Characters of a passage that a cross-encoder is given, title and headings first. Twenty such passages take a model of
six layers and 384 dimensions about a second of one core, 1,500 characters each half as long again."""

LINEAR = "linear"
TREES = "trees"

_KNOWN = frozenset((*SCORES, *FEATURES))


@dataclass(frozen=True, slots=True)
class Reranker:
    """A linear model over named features, read from a release's artefact, with trees on top where it has some."""

    features: tuple[str, ...]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    trees: Trees | None = None

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "Reranker":
        """Read an artefact.

        Raises:
            ArtefactError: its form or its features are unknown, or its numbers are missing, of other lengths, or a
                scale of 0.
        """
        form, names = artefact.get("form", LINEAR), artefact.get("features")
        if form not in (LINEAR, TREES):
            raise ArtefactError(f"the reranker's artefact has the unknown form {form!r}")
        if not isinstance(names, Sequence) or isinstance(names, str) or not names:
            raise ArtefactError("the reranker's artefact names no features")
        if unknown := {str(name) for name in names} - _KNOWN:
            raise ArtefactError(f"the reranker's artefact asks for unknown features: {', '.join(sorted(unknown))}")
        mean, scale, weights = (_numbers(artefact, key, len(names)) for key in ("mean", "scale", "weights"))
        if not scale.all():
            raise ArtefactError("the reranker's artefact has a scale of 0")
        trees = _trees(artefact, len(names)) if form == TREES else None
        return cls(tuple(str(name) for name in names), mean, scale, weights, trees)

    def scores(self, rows: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """Return one score per row of features; unbounded, larger is better."""
        return self.of_values(np.array([[row[name] for name in self.features] for row in rows], dtype=np.float64))

    def of_values(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the same of features that stand in columns already, in the model's order."""
        scored: NDArray[np.float64] = ((values - self.mean) / self.scale) @ self.weights
        return scored if self.trees is None else scored + self.trees.scores(values)


@dataclass(frozen=True, slots=True)
class Blend:
    """How much a cross-encoder counts, in [0, 1], and which one: `model` is the `name` of its `PairScorer`."""

    model: str
    weight: float

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "Blend":
        """Read an artefact.

        Raises:
            ArtefactError: it names no model, or its weight is not in [0, 1].
        """
        model, weight = artefact.get("model"), artefact.get("weight")
        if not isinstance(model, str) or not model:
            raise ArtefactError("the cross-encoder's artefact names no model")
        if not isinstance(weight, float | int) or not 0 <= weight <= 1:
            raise ArtefactError(f"the cross-encoder's weight {weight!r} is not in [0, 1]")
        return cls(model, float(weight))


def read_as(title: str, heading_path: Sequence[str], text: str) -> str:
    """Return a passage as a cross-encoder reads it."""
    return "\n".join(part for part in (title, " › ".join(heading_path), text) if part)[:READ]


def blended(linear: NDArray[np.float64], cross: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """Return one score in [0, 1] per passage, from both models' scores of the first `TOP`, shape (n,) each."""
    return (1 - weight) * _spread(linear) + weight * _spread(cross)


def _spread(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = float(scores.min(initial=np.inf)), float(scores.max(initial=-np.inf))
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


def _trees(artefact: Mapping[str, object], features: int) -> Trees:
    trees = artefact.get("trees")
    if not isinstance(trees, Mapping):
        raise ArtefactError("the reranker's artefact has no trees")
    return Trees.of(trees, features)


def _numbers(artefact: Mapping[str, object], key: str, length: int) -> NDArray[np.float64]:
    try:
        column = np.array(artefact.get(key), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"the reranker's {key} are not numbers") from error
    if column.shape != (length,) or not np.isfinite(column).all():
        raise ArtefactError(f"the reranker's {key} are not {length} finite numbers")
    return column
