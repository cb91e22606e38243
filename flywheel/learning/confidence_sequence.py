"""Compare two arms of people again and again, at any time, without fooling oneself.

A confidence *interval* holds once; looked at every hour, one of them misses sooner or later. A confidence *sequence*
holds at all looks together: the probability that any of them misses the true difference stays below `ALPHA`. This is
the asymptotic one of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, "Time-uniform central limit theory and
asymptotic confidence sequences"), eq. 11:

    margin² = (S ρ² + 1) / (n² ρ²) · ln((S ρ² + 1) / α²)

where S = n² · variance of the estimate, the variance seen so far. A person is one witness, however much they say: the
variance is that of persons drawn as a whole. Being asymptotic, it says nothing before some persons have spoken.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.05
"""The probability that any look misses the true difference, on either side."""
ENOUGH_PERSONS = 6
"""Persons with something to say that each arm needs; below, variances are too uncertain (see the tests' simulation)."""
ENOUGH_SAID = 20
"""Values that each arm needs."""
PLANNED = 130.0
"""The S at which the sequence is tightest: about 200 votes, of which four in five say yes, in two equal arms."""
_RHO_SQUARED = (-2 * math.log(ALPHA) + math.log(1 - 2 * math.log(ALPHA))) / PLANNED
"""The ρ² that is best at `PLANNED` (the paper's appendix B.2, to first order)."""

Said = Mapping[str, Sequence[float]]
"""What each person of an arm said, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Treated minus control: means in [0, 1], the estimate, and where it lies at all looks together.

    `low` and `high` are None as long as too little was said. `n` counts values, `persons` those who said them, as
    (treated, control).
    """

    treated: float | None
    control: float | None
    n: tuple[int, int]
    persons: tuple[int, int]
    low: float | None = None
    high: float | None = None

    @property
    def estimate(self) -> float | None:
        """Return the difference of the means, or None where an arm said nothing."""
        return None if self.treated is None or self.control is None else self.treated - self.control


def compare(treated: Said, control: Said) -> Difference:
    """Return the difference of two arms' means, persons weighing as much as they said."""
    arms = (_Arm.of(treated), _Arm.of(control))
    first, second = arms
    n, persons = (first.n, second.n), (first.persons, second.persons)
    known = Difference(first.mean, second.mean, n, persons)
    if known.estimate is None or min(n) < ENOUGH_SAID or min(persons) < ENOUGH_PERSONS:
        return known
    wide = margin(first.variance + second.variance, first.n + second.n)
    low, high = max(-1.0, known.estimate - wide), min(1.0, known.estimate + wide)
    return Difference(first.mean, second.mean, n, persons, low, high)


def margin(variance: float, n: int) -> float:
    """Return the half-width of the sequence around an estimate of this variance from `n` values."""
    seen = variance * n * n * _RHO_SQUARED + 1
    return math.sqrt(seen / (n * n * _RHO_SQUARED) * math.log(seen / ALPHA**2))


@dataclass(frozen=True, slots=True)
class _Arm:
    """Each person's sum and number of values, shape (persons,)."""

    sums: NDArray[np.float64]
    counts: NDArray[np.float64]

    @classmethod
    def of(cls, said: Said) -> "_Arm":
        spoken = [values for values in said.values() if values]
        return cls(np.array([sum(one) for one in spoken], dtype=float), np.array([len(one) for one in spoken], float))

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    @property
    def persons(self) -> int:
        return len(self.counts)

    @property
    def mean(self) -> float | None:
        return float(self.sums.sum() / self.counts.sum()) if len(self.counts) else None

    @property
    def variance(self) -> float:
        """The variance of the mean, of persons as clusters, at least that of values without clusters.

        Shrunk: one more yes and one more no, since an arm that is all of one mind is not certain for that. Corrected
        for few persons by how many would count as much if all said as much (Kish's effective number).
        """
        mean = (self.sums.sum() + 1) / (self.counts.sum() + 2)
        residuals = self.sums - mean * self.counts
        alike = float(self.counts.sum() ** 2 / (self.counts**2).sum())
        clustered = float((residuals**2).sum()) * alike / max(alike - 1, 1.0) / self.n**2
        return max(clustered, float(mean * (1 - mean)) / self.n)
