"""How far a metric moved between two records of the log, and what may be said of it.

The same questions are compared one by one: the 95 % bootstrap interval of the mean difference, whole persons drawn
(`learning/statistics.py`). Different answers are compared by their intervals: that of a difference of two independent
estimates is put together from theirs (Zou and Donner, 2008). It is a gain or a regression when the interval lies on one
side of 0; without an interval nothing is said. Pure.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from flywheel.learning.statistics import interval
from flywheel.measurement.metrics import Better, metric
from flywheel.registry import Record


class Verdict(StrEnum):
    """What a step says."""

    GAIN = "gain"
    REGRESSION = "regression"
    UNCLEAR = "unclear"
    SAME = "same"


class Method(StrEnum):
    """How two records were compared."""

    PAIRED = "paired"
    INTERVALS = "intervals"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Step:
    """How far a metric moved between two records; the interval is 95 %, its ends None where there is none."""

    before: Record
    after: Record
    difference: float
    low: float | None
    high: float | None
    method: Method
    verdict: Verdict

    @property
    def change(self) -> str:
        """Return what changed between the two."""
        return self.after.change


def step(before: Record, after: Record) -> Step:
    """Compare two records of a metric."""
    difference, low, high, method = _compared(before, after)
    return Step(before, after, difference, low, high, method, _verdict(after.metric, difference, low, high))


def _compared(before: Record, after: Record) -> tuple[float, float | None, float | None, Method]:
    if before.scores and before.dataset_hash == after.dataset_hash and before.persons == after.persons:
        differences = np.array(after.scores) - np.array(before.scores)
        persons = np.array(after.persons, dtype=np.int64)
        mean = float(differences.mean())
        if not differences.any():
            return 0.0, 0.0, 0.0, Method.PAIRED
        if persons.max() < 1:
            return mean, None, None, Method.NONE
        return mean, *interval(differences, persons, np.random.default_rng(0)), Method.PAIRED
    difference = after.value - before.value
    if None in (before.low, before.high, after.low, after.high):
        return difference, None, None, Method.NONE
    return difference, *_of_intervals(before, after), Method.INTERVALS


def _of_intervals(before: Record, after: Record) -> tuple[float, float]:
    """Return the interval of a difference of independent estimates, from their own intervals (Zou and Donner, 2008).

    d ∓ √((after's distance to that end)² + (before's distance to the other end)²).
    """
    assert before.low is not None
    assert before.high is not None
    assert after.low is not None
    assert after.high is not None
    difference = after.value - before.value
    low = difference - math.hypot(after.value - after.low, before.high - before.value)
    return low, difference + math.hypot(after.high - after.value, before.value - before.low)


def _verdict(name: str, difference: float, low: float | None, high: float | None) -> Verdict:
    if difference == 0 and low == high == 0:
        return Verdict.SAME
    better = metric(name).better
    if low is None or high is None or low <= 0 <= high or better is Better.NEITHER:
        return Verdict.UNCLEAR
    return Verdict.GAIN if (low > 0) == (better is Better.HIGHER) else Verdict.REGRESSION
