"""Tell shares that changed between two stretches of time from shares that chance moved.

What one person asks in one week hangs together, so persons' weeks, *blocks*, are exchanged whole: under chance alone
every week of every person could as well have been this one. A change is measured in units of its standard error, which
is estimated from blocks too, so that one loud person weighs as one witness (a studentised permutation test: Janssen,
1997). Many shares are looked at at once, so p is how often the *largest* change of all would be so large by chance
(single-step maxT: Westfall and Young, 1993), which holds the chance of any false alarm whatever hangs together. Draws
start from a fixed seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

DRAWS = 1_999
FEWEST = 5
"""Questions in which a thing must occur before its share is tested: of fewer, chance makes jumps."""
FEWEST_BLOCKS = 4
"""Blocks in which it must occur: what one or two people ask is theirs, however often they ask it."""
_SEED = 20_261
_Z = 1.959964
_LEAST_ERROR = 1e-6


@dataclass(frozen=True, slots=True)
class Shift:
    """A share of the questions now and before, each in [0, 1], and the change with its approximate 95 % interval.

    p is adjusted for all shares that were looked at together; ends and p are None where nothing could be tested.
    """

    now: float
    before: float
    n_now: int
    n_before: int
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def change(self) -> float:
        """Return how much larger the share is now."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions of each block that have each thing, shape (things, blocks), and all of each block, shape (blocks,)."""

    hits: Floats
    sizes: Floats


def blocks_of(persons: Sequence[str], weeks: Sequence[int]) -> Numbers:
    """Return a number for each person's week, from 0."""
    numbers: dict[tuple[str, int], int] = {}
    return np.array([numbers.setdefault(one, len(numbers)) for one in zip(persons, weeks, strict=True)], dtype=np.int64)


def exchanged(is_now: NDArray[np.bool_], blocks: Numbers, draws: int) -> NDArray[np.bool_]:
    """Return which blocks chance would have put into the present, shape (draws, blocks): as many as there are."""
    present = np.zeros(int(blocks.max(initial=-1)) + 1, dtype=np.bool_)
    present[blocks[is_now]] = True
    rng = np.random.default_rng(_SEED)
    return rng.permuted(np.tile(present, (draws, 1)), axis=1)


def shifted(hits: Floats, is_now: NDArray[np.bool_], blocks: Numbers) -> list[Shift]:
    """Return one shift per column; `hits` is 1 where a question has the thing, else 0, shape (questions, things)."""
    if not hits.size:
        return [Shift(0.0, 0.0, 0, 0)] * hits.shape[1]
    sizes = np.bincount(blocks).astype(np.float64)
    sums = np.array([np.bincount(blocks, weights=column) for column in hits.T]).reshape(hits.shape[1], -1)
    n_now, n_before = int(is_now.sum()), int((~is_now).sum())
    now, before = (hits[part].mean(axis=0) if part.any() else np.zeros(hits.shape[1]) for part in (is_now, ~is_now))
    plain = [Shift(float(a), float(b), n_now, n_before) for a, b in zip(now, before, strict=True)]
    tested = np.flatnonzero((hits.sum(axis=0) >= FEWEST) & ((sums > 0).sum(axis=1) >= FEWEST_BLOCKS))
    if not n_now or not n_before or not len(tested):
        return plain
    counts = Counts(sums[tested], sizes)
    present = np.zeros((1, len(sizes)), dtype=np.bool_)
    present[0, blocks[is_now]] = True
    (own,), (errors,) = _changes(counts, present)
    reached_by_chance = np.abs(_studentised(*_changes(counts, exchanged(is_now, blocks, DRAWS)))).max(axis=1)
    for column, t, error in zip(tested.tolist(), _studentised(own, errors).tolist(), errors.tolist(), strict=True):
        one, reached = plain[column], int((reached_by_chance >= abs(t) - 1e-9).sum())
        low, high = max(-1.0, one.change - _Z * error), min(1.0, one.change + _Z * error)
        plain[column] = Shift(one.now, one.before, n_now, n_before, low, high, (1 + reached) / (1 + DRAWS))
    return plain


def _studentised(changes: Floats, errors: Floats) -> Floats:
    t: Floats = changes / np.maximum(errors, _LEAST_ERROR)
    return t


def _changes(counts: Counts, drawn: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the change of each share in each draw and its standard error, both of shape (draws, things).

    The variance of a share of n questions is the sum over blocks of (hits - share · size)², divided by n².
    """
    inside = _moments(counts, drawn)
    outside = _moments(counts, ~drawn)
    return inside[0] - outside[0], np.sqrt(inside[1] + outside[1])


def _moments(counts: Counts, drawn: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the share of each thing among the drawn blocks and its variance."""
    chosen, hits, sizes = drawn.astype(np.float64), counts.hits.T, counts.sizes
    many = (chosen @ sizes)[:, None]
    share = (chosen @ hits) / many
    squares = (
        chosen @ hits**2 - 2 * share * (chosen @ (hits * sizes[:, None])) + share**2 * (chosen @ sizes**2)[:, None]
    )
    return share, np.maximum(squares, 0.0) / many**2
