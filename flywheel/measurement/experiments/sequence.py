"""Compare two arms every day without fooling oneself: a confidence sequence up to a planned amount of information.

*Information* is 1 / variance of the estimated difference. The score, estimate × information, moves like a Brownian
motion in the time of information (Jennison and Turnbull, 1997, "Group-sequential analysis incorporating covariate
information"). Up to the planned information I it leaves ± b·√I with probability `alpha` at most where nothing differs,
so that at all looks together the true difference lies within

    estimate ± b · √I / information        b = z(1 - α/4) less a correction for looking once a day

by the reflection principle (O'Brien and Fleming, 1979, is this bound; the repeated confidence intervals are those of
Jennison and Turnbull, 1989). Surprising: early on it is wide, far wider than a sequence that is meant to go on for
ever (`learning/confidence_sequence.py`), and at the planned end hardly wider than an interval that is looked at once:
2.2 standard errors instead of 2.0. That is worth it here, because an experiment has an end. After it nothing may be
looked at again, which `analysis.py` sees to.

A person is one witness however much they say: variances are those of persons drawn as a whole, and with few persons b
is stretched as Student's t is wider than z.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.045
"""The probability that any look misses the true difference: of one in twenty what guardrails leave, which raise a false
alarm in one of a hundred experiments or two (`python -m tests.benchmarks.experiments --guardrails`)."""
POWER = 0.8
"""The probability to find an effect that is as large as the smallest one that matters."""
LONGEST_DAYS = 56
"""Looks, one a day, after which an experiment ends undecided. Eight whole weeks."""
SHORTEST_DAYS = 7
"""Days before nothing is decided, so that every day of the week has been seen."""
ENOUGH_PERSONS = 6
"""Persons with something to say that each arm needs; below, variances are too uncertain."""
ENOUGH_SAID = 20
"""Values that each arm needs."""
_DISCRETE = 0.5826
"""-ζ(1/2)/√(2π): a bound that is looked at n times acts as one b + 0.5826/√n away that is looked at always (Siegmund,
1985, chapter X)."""

Said = Mapping[str, Sequence[float]]
"""What each person of an arm said, in [0, 1]."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Totals:
    """An arm: the sum and the number of each person's values, shape (persons,), without those who said nothing."""

    sums: Floats
    counts: Floats

    @classmethod
    def of(cls, said: Said) -> "Totals":
        """Return the totals of what was said."""
        spoken = [values for values in said.values() if values]
        return cls(np.array([sum(one) for one in spoken], float), np.array([len(one) for one in spoken], float))


@dataclass(frozen=True, slots=True)
class Reading:
    """Treated minus control: means in [0, 1], the estimate, and where it lies at all looks together.

    `low` and `high` are None as long as too little was said. `n` counts values, `persons` those who said them, as
    (treated, control). `gathered` is the share of the planned information, at most 1.
    """

    treated: float | None
    control: float | None
    n: tuple[int, int]
    persons: tuple[int, int]
    low: float | None = None
    high: float | None = None
    gathered: float = 0.0

    @property
    def estimate(self) -> float | None:
        """Return the difference of the means, or None where an arm said nothing."""
        return None if self.treated is None or self.control is None else self.treated - self.control


@cache
def information(effect: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """Return the information that finds an effect with this power: (drift / effect)².

    Of a Brownian motion with drift θ the probability to pass b by time 1 is Φ(θ - b) + exp(2θb) · Φ(-θ - b) (Siegmund,
    1985, equation 3.13); the other side adds nothing that counts. An experiment of `SHORTEST_DAYS` is looked at least.
    """
    from scipy.special import ndtr  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, for analyses only, no types

    reached = drift = bound(alpha) + _DISCRETE / math.sqrt(SHORTEST_DAYS)
    while ndtr(drift - reached) + math.exp(2 * drift * reached) * ndtr(-drift - reached) < power:
        drift += 0.001
    return (drift / effect) ** 2


@cache
def bound(alpha: float = ALPHA) -> float:
    """Return b: how many standard errors of the planned end the score may move at `LONGEST_DAYS` looks."""
    from scipy.special import ndtri  # noqa: PLC0415 - as above

    return float(ndtri(1 - alpha / 4)) - _DISCRETE / math.sqrt(LONGEST_DAYS)


def compare(treated: Totals, control: Totals, planned: float, alpha: float = ALPHA) -> Reading:
    """Return the difference of two arms' means as known now; `planned` is the information to be gathered."""
    first, second = _summed(treated), _summed(control)
    counts, people = (first.n, second.n), (first.persons, second.persons)
    known = Reading(first.mean, second.mean, counts, people)
    if known.estimate is None or min(counts) < ENOUGH_SAID or min(people) < ENOUGH_PERSONS:
        return known
    gathered = 1 / (first.variance + second.variance)
    wide = bound(alpha) * _stretch(first, second, alpha) * math.sqrt(max(planned, gathered)) / gathered
    low, high = max(-1.0, known.estimate - wide), min(1.0, known.estimate + wide)
    return Reading(first.mean, second.mean, counts, people, low, high, min(1.0, gathered / planned))


@dataclass(frozen=True, slots=True)
class _Summed:
    """An arm: its mean, the variance of the mean, and how many persons would count as much if all said as much."""

    n: int
    persons: int
    mean: float | None
    variance: float
    alike: float


def spread(arm: Totals) -> tuple[float, float, float]:
    """Return an arm's mean, the variance of the mean with persons as witnesses, and that of single values.

    The former is the jackknife's, which leaves out one person at a time, so that one who says much cannot hide how
    uncertain they make the mean. One more yes and one more no keep an arm of one mind from being certain.
    """
    n, said = float(arm.counts.sum()), float(arm.sums.sum())
    shrunk = (said + 1) / (n + 2)
    left = np.maximum(1 - arm.counts / n, 1 / n)
    pulls = (arm.sums - shrunk * arm.counts) / left / n
    persons = len(arm.counts)
    return said / n, float((pulls**2).sum()) * (persons - 1) / persons, shrunk * (1 - shrunk) / n


def _summed(arm: Totals) -> _Summed:
    persons = len(arm.counts)
    if not persons:
        return _Summed(0, 0, None, math.inf, 0.0)
    mean, clustered, single = spread(arm)
    n = float(arm.counts.sum())
    return _Summed(int(n), persons, mean, max(clustered, single), n**2 / float((arm.counts**2).sum()))


def _stretch(first: _Summed, second: _Summed, alpha: float) -> float:
    """Return how much wider Student's t is than z here, with Welch's degrees of freedom for effective persons."""
    from scipy.special import ndtri, stdtrit  # noqa: PLC0415 - as above

    parts = sum(one.variance**2 / max(one.alike - 1, 1.0) for one in (first, second))
    freedom = max(1.0, (first.variance + second.variance) ** 2 / parts)
    return float(stdtrit(freedom, 1 - alpha / 4) / ndtri(1 - alpha / 4))
