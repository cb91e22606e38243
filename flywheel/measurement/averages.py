"""Many averages over the same questions at once, each with an interval in which a person's questions stand together.

A *ratio* is Σ hits / Σ weights over questions: a mean where every weight is 1, a share of some questions where the
others weigh 0. Its 95 % interval is Wilson's for as many independent values as would have its variance: that of the
jackknife that leaves out one person at a time. As this variance is uncertain too, Student's t stands in the place of z,
of as many persons as would count as much if all had asked as much (Kish, 1965). One person gives no interval.

It holds the truth 93 to 99 times in a hundred, from 3 to 40 persons and means of .09 to .99; a percentile bootstrap
over persons, which takes few for all there are, held it 58 to 92 times (`python -m tests.benchmarks.intervals`).
What is no share, such as a cost, has the same interval without Wilson's ends. Pure; nothing is drawn by chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from flywheel.measurement.estimates import Z, wilson
from flywheel.measurement.metrics import Unit, metric
from flywheel.registry import Record

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

ALL = "all"
LEAST = 10
"""Questions below which a segment is not recorded."""
_DIGITS = 6
_NO_VARIANCE = 1e-12
_BOUNDED = frozenset({Unit.SHARE, Unit.SCORE, Unit.PROBABILITY})


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
    return [_record(one, persons, ground) for one in told]


def _record(one: Ratio, persons: Numbers, ground: Ground) -> Record:
    low, high = _interval(one, persons) or (None, None)
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


def _interval(one: Ratio, persons: Numbers) -> tuple[float, float] | None:
    hits, weights = (np.bincount(persons, weights=values) for values in (one.hits, one.weights))
    hits, weights = hits[weights > 0], weights[weights > 0]
    rest, k = weights.sum() - weights, len(weights)
    if k < 2 or not (rest > 0).all():
        return None
    value = float(hits.sum() / weights.sum())
    pulls = (hits - value * weights) / rest
    variance = (k - 1) / k * float(pulls @ pulls)
    alike = float(weights.sum() ** 2 / (weights @ weights))
    if metric(one.metric).unit not in _BOUNDED:
        wide = _t_point(alike - 1) * math.sqrt(variance)
        return value - wide, value + wide
    n = value * (1 - value) / variance if variance > _NO_VARIANCE else alike
    return wilson(value, n * (Z / _t_point(alike - 1)) ** 2)


def _t_point(freedom: float) -> float:
    """Return the 97.5 % point of Student's t, of one degree of freedom at least."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, no types

    return float(stdtrit(max(1.0, freedom), 0.975))
