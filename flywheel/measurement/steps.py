"""How far a metric moved between two records of the log, and what may be said of it.

The same questions are compared one by one: the 95 % interval of the mean difference, with every person as one witness
(`clustered.py`) and at least six of them. Of changes that are none up to 6 in a hundred are called a gain or a
regression; a bootstrap over persons called 6 to 46 so, the fewer persons the more (`python -m
tests.benchmarks.intervals`). Different answers are compared by their intervals: that of a difference of two independent
estimates is put together from theirs (Zou and Donner, 2008). It is a gain or a regression when the interval lies on one
side of 0; without an interval nothing is said. Pure.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from flywheel.learning.confidence_sequence import ENOUGH_PERSONS
from flywheel.measurement import clustered
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
        gains = [now - then for then, now in zip(before.scores, after.scores, strict=True)]
        if not any(gains):
            return 0.0, 0.0, 0.0, Method.PAIRED
        found = clustered.mean([(str(person), gain) for person, gain in zip(after.persons, gains, strict=True)])
        assert found is not None
        if found.low is None or found.persons < ENOUGH_PERSONS:
            return found.value, None, None, Method.NONE
        return found.value, found.low, found.high, Method.PAIRED
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
