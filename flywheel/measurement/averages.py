"""Many averages over the same questions at once, each with an interval in which a person's questions stand together.

A *ratio* is Σ hits / Σ weights over questions: a mean where every weight is 1, a share of some questions where the
others weigh 0. The intervals are 95 % percentile bootstrap intervals over persons, all ratios on the same draws (Efron
and Tibshirani, 1993, §8.5 and §13.3); with fewer than two persons there is none. Pure: the draws start at a fixed seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from flywheel.registry import Record

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

DRAWS = 2_000
ALL = "all"
LEAST = 10
"""Questions below which a segment is not recorded."""
_DIGITS = 6
_SEED = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """What a measurement stands on: when, which questions, and what changed since the one before."""

    at: datetime
    dataset: str
    dataset_hash: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A metric of a segment; `hits` and `weights` have shape (questions,), in one order for all ratios of a set."""

    metric: str
    hits: Floats
    weights: Floats
    segment: str = ALL

    def of(self, segment: str, rows: NDArray[np.bool_]) -> "Ratio":
        """Return the same of some of the questions."""
        return Ratio(self.metric, self.hits * rows, self.weights * rows, segment)

    @property
    def n(self) -> int:
        """Return how many questions it is made of."""
        return int(np.count_nonzero(self.weights))

    @property
    def is_mean(self) -> bool:
        """Tell whether it is the mean over all questions."""
        return self.segment == ALL and bool((self.weights == 1).all())


def mean(metric: str, values: Sequence[float]) -> Ratio:
    """Return the mean of a value per question."""
    return Ratio(metric, np.array(values, dtype=np.float64), np.ones(len(values)))


def recorded(ratios: Sequence[Ratio], persons: Numbers, ground: Ground) -> list[Record]:
    """Return a record of each ratio that counts anything; of segments those of at least `LEAST` questions.

    `persons` numbers each question's person from 0, without a gap.
    """
    told = [one for one in ratios if one.n >= (LEAST if one.segment != ALL else 1)]
    if not told:
        return []
    ends = _intervals(told, persons)
    return [_record(one, end, persons, ground) for one, end in zip(told, ends, strict=True)]


def _record(one: Ratio, ends: tuple[float, float] | None, persons: Numbers, ground: Ground) -> Record:
    low, high = ends or (None, None)
    return Record(
        at=ground.at,
        metric=one.metric,
        value=float(one.hits.sum() / one.weights.sum()),
        n=one.n,
        low=low,
        high=high,
        segment=one.segment,
        dataset=ground.dataset,
        dataset_hash=ground.dataset_hash,
        change=ground.change,
        scores=tuple(round(float(value), _DIGITS) for value in one.hits) if one.is_mean else (),
        persons=tuple(int(number) for number in persons) if one.is_mean else (),
    )


def _intervals(ratios: Sequence[Ratio], persons: Numbers) -> list[tuple[float, float] | None]:
    count = int(persons.max()) + 1
    if count < 2:
        return [None] * len(ratios)
    drawn = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), size=DRAWS).astype(np.float64)
    hits, weights = (
        drawn @ np.stack([np.bincount(persons, weights=values, minlength=count) for values in sides], axis=1)
        for sides in ([one.hits for one in ratios], [one.weights for one in ratios])
    )
    found: list[tuple[float, float] | None] = []
    for column in range(len(ratios)):
        has_any = weights[:, column] > 0
        low, high = np.percentile(hits[has_any, column] / weights[has_any, column], [2.5, 97.5])
        found.append((float(low), float(high)))
    return found
