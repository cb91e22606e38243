"""Planted questions: a topic is a direction, and its questions lie around it.

`spread` is the length of the noise beside a direction of length 1: with .7 two questions of a topic have a cosine of
about .67, with 1.0 of about .5; two directions have one of about 0.
"""

import numpy as np
from numpy.typing import NDArray

from flywheel.ports import Vectors

DIMENSIONS = 64


def directions(count: int, seed: int = 1) -> Vectors:
    """Return unit vectors that have nothing to do with each other, shape (count, 64)."""
    return _unit(np.random.default_rng(seed).normal(size=(count, DIMENSIONS)))


def around(middles: Vectors, truth: NDArray[np.int64], spread: float = 0.7, seed: int = 2) -> Vectors:
    """Return one question around the middle of its topic for each entry of `truth`."""
    noise = np.random.default_rng(seed).normal(size=(len(truth), DIMENSIONS)) / DIMENSIONS**0.5
    return _unit(middles[truth] + spread * noise)


def _unit(vectors: NDArray[np.float64]) -> Vectors:
    made: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made
