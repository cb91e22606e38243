"""Estimate what another policy would have earned, from what was logged while this one chose.

    weight    target probability of the logged choice / propensity it was logged with, clipped at √n
    SNIPS     Σ weight · reward / Σ weight                       (Swaminathan and Joachims, 2015)
    doubly    mean of  Σ over choices target · predicted  +  weight · (reward - predicted)
    robust                                                       (Dudík, Langford and Li, 2011)

`predicted` is a mean reward per context and choice, smoothed towards the mean of all and taken from the half of the log
in which the row does not stand. Clipping at √n (Ionides, 2008) trades a little bias for a variance that stays finite;
how many weights it met is told. The *effective sample size* is (Σ weight)² / Σ weight²: a log of 1,000 rows with an
effective size of 12 says what 12 rows would.

Surprising: an estimate can only speak of choices that the log made. `supported` is the share of the target's
probability that lies on choices that were ever made in their context; of the rest nothing is known.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flywheel.learning.statistics import Floats, Numbers

DRAWS = 2_000
PRIOR = 10.0
"""How many rows the mean of all counts for in a choice's predicted reward."""
_AT_ONCE = 50
_FOLDS = 2

Mix = Mapping[str, float]
"""The probability of each choice; the values add up to 1."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A logged choice: its reward, the propensity in (0, 1] with which it was made, what the target would have done.

    `context` is whatever the policies look at, coarse enough to repeat; `person` is who gave the reward, whose rows
    are drawn together; without one the row stands for itself.
    """

    choice: str
    reward: float
    propensity: float
    target: Mix
    context: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A policy's value with its 95 % bootstrap interval, drawn by person.

    `logged` is the mean reward of the log itself, `n` its rows, `effective` its effective sample size for the target,
    `clipped` the number of clipped weights, `supported` the share of the target's probability that the log covers.
    """

    method: str
    value: float
    low: float
    high: float
    logged: float
    n: int
    effective: float
    clipped: int
    supported: float


@dataclass(frozen=True, slots=True)
class _Log:
    rewards: Floats
    weights: Floats
    persons: Numbers
    clipped: int
    supported: float


def estimates(logged: Sequence[Logged], rng: np.random.Generator) -> tuple[Estimate, Estimate]:
    """Return SNIPS and the doubly robust estimate of the target's value.

    Raises:
        ValueError: nothing was logged, no choice of the target was, or a propensity is not in (0, 1].
    """
    log = _read(logged)
    ones = np.ones(len(logged))
    direct, predicted = _predicted(logged)
    robust = direct + log.weights * (log.rewards - predicted)
    return (
        _estimate("SNIPS", log, (log.weights * log.rewards, log.weights), rng),
        _estimate("doubly robust", log, (robust, ones), rng),
    )


def _read(logged: Sequence[Logged]) -> _Log:
    if not logged:
        raise ValueError("nothing was logged, so nothing can be estimated")
    propensities = np.array([one.propensity for one in logged])
    if not ((propensities > 0) & (propensities <= 1)).all():
        raise ValueError("a propensity is not in (0, 1]")
    raw = np.array([one.target.get(one.choice, 0.0) for one in logged]) / propensities
    if not raw.any():
        raise ValueError("the log holds no choice that the target would make")
    limit = math.sqrt(len(logged))
    numbers: dict[str, int] = {}
    persons = [numbers.setdefault(one.person or f"row {n}", len(numbers)) for n, one in enumerate(logged)]
    rewards = np.array([one.reward for one in logged], dtype=np.float64)
    return _Log(rewards, np.minimum(raw, limit), np.array(persons), int((raw > limit).sum()), _supported(logged))


def _supported(logged: Sequence[Logged]) -> float:
    made: dict[str, set[str]] = defaultdict(set)
    for one in logged:
        made[one.context].add(one.choice)
    covered = [sum(share for choice, share in one.target.items() if choice in made[one.context]) for one in logged]
    return float(np.mean(covered))


def _predicted(logged: Sequence[Logged]) -> tuple[Floats, Floats]:
    """Return for each row the target's predicted reward and that of the logged choice, from the other half's rows."""
    side = np.arange(len(logged)) % _FOLDS
    direct, of_choice = np.zeros(len(logged)), np.zeros(len(logged))
    for fold in range(_FOLDS):
        others = [one for one, its in zip(logged, side, strict=True) if its != fold]
        means, middle = _means(others)
        for row in np.flatnonzero(side == fold).tolist():
            one = logged[row]
            known = {choice: means.get((one.context, choice), middle) for choice in {*one.target, one.choice}}
            direct[row] = sum(share * known[choice] for choice, share in one.target.items())
            of_choice[row] = known[one.choice]
    return direct, of_choice


def _means(logged: Sequence[Logged]) -> tuple[dict[tuple[str, str], float], float]:
    middle = float(np.mean([one.reward for one in logged])) if logged else 0.0
    rewards: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in logged:
        rewards[one.context, one.choice].append(one.reward)
    return {key: (sum(its) + PRIOR * middle) / (len(its) + PRIOR) for key, its in rewards.items()}, middle


def _estimate(method: str, log: _Log, ratio: tuple[Floats, Floats], rng: np.random.Generator) -> Estimate:
    above, below = (np.bincount(log.persons, weights=one).astype(np.float64) for one in ratio)
    low, high = np.percentile(_drawn(above, below, rng), [2.5, 97.5])
    return Estimate(
        method=method,
        value=float(above.sum() / below.sum()),
        low=float(low),
        high=float(high),
        logged=float(log.rewards.mean()),
        n=len(log.rewards),
        effective=float(log.weights.sum() ** 2 / (log.weights @ log.weights)),
        clipped=log.clipped,
        supported=log.supported,
    )


def _drawn(above: Floats, below: Floats, rng: np.random.Generator) -> Floats:
    """Return the ratio of sums over persons drawn with replacement; draws without any weight are left out."""
    ratios = []
    for _ in range(DRAWS // _AT_ONCE):
        drawn = rng.integers(0, len(above), size=(_AT_ONCE, len(above)))
        numerator, denominator = above[drawn].sum(axis=1), below[drawn].sum(axis=1)
        ratios.append(numerator[denominator > 0] / denominator[denominator > 0])
    return np.concatenate(ratios)
