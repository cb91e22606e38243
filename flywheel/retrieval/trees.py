"""Boosted regression trees as they serve: five arrays over all nodes, and NumPy alone.

    feature     which feature a node looks at, by place
    threshold   up to it the left child is next, else the right one
    left, right the children, by number; a leaf is its own child
    value       what a leaf adds to the score

Forty passages go down all trees at once, one level at a time. Trees were learned on what a linear order leaves over,
so the score is the linear one plus the leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

MOST_NODES = 200_000
DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Trees:
    """The nodes of all trees, shape (nodes,) each, the numbers of their roots, shape (trees,), and the depth."""

    feature: Numbers
    threshold: Floats
    left: Numbers
    right: Numbers
    value: Floats
    roots: Numbers
    depth: int

    @classmethod
    def of(cls, artefact: Mapping[str, object], features: int) -> "Trees":
        """Read the trees of an artefact over so many features.

        Raises:
            ArtefactError: an array is missing, of another length, or points outside of the features or nodes.
        """
        depth = artefact.get("depth")
        if not isinstance(depth, int) or not 0 <= depth <= DEEPEST:
            raise ArtefactError(f"the trees' depth {depth!r} is not a whole number up to {DEEPEST}")
        made = cls(
            feature=_numbers(artefact, "feature", features),
            threshold=_floats(artefact, "threshold"),
            left=_numbers(artefact, "left", MOST_NODES),
            right=_numbers(artefact, "right", MOST_NODES),
            value=_floats(artefact, "value"),
            roots=_numbers(artefact, "roots", MOST_NODES),
            depth=depth,
        )
        nodes = [made.feature, made.threshold, made.left, made.right]
        if any(len(one) != len(made.value) for one in nodes):
            raise ArtefactError("the trees' arrays differ in length")
        if any(len(one) and one.max() >= len(made.value) for one in (made.left, made.right, made.roots)):
            raise ArtefactError("the trees' nodes point outside of the trees")
        return made

    def scores(self, values: Floats) -> Floats:
        """Return the sum of each row's leaves; `values` has shape (rows, features)."""
        rows = np.arange(len(values))[:, None]
        at = np.broadcast_to(self.roots, (len(values), len(self.roots)))
        for _ in range(self.depth):
            goes_left = values[rows, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        return np.asarray(self.value[at].sum(axis=1), dtype=np.float64)


def _floats(artefact: Mapping[str, object], name: str) -> Floats:
    try:
        array = np.array(artefact.get(name), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"the trees' {name} are not numbers") from error
    if array.ndim != 1 or len(array) > MOST_NODES or not np.isfinite(array).all():
        raise ArtefactError(f"the trees' {name} are not a list of finite numbers")
    return array


def _numbers(artefact: Mapping[str, object], name: str, limit: int) -> Numbers:
    floats = _floats(artefact, name)
    numbers = floats.astype(np.int64)
    if not (numbers == floats).all() or not ((numbers >= 0) & (numbers < limit)).all():
        raise ArtefactError(f"the trees' {name} are not whole numbers from 0 to below {limit}")
    return numbers
