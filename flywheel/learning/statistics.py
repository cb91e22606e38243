"""The statistics of a paired comparison in which one person's questions stand or fall together.

Values come per question as challenger minus champion. `persons` numbers each question's person from 0, so that a
whole person is flipped or drawn at once: ten questions judged by one person are not ten independent witnesses.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

DRAWS = 10_000
POWER_Z = 2.8
"""z(0.975) + z(0.80) = 1.96 + 0.84: a two-sided test at 5 % sees an effect of 2.8 standard errors four times in five
(Cohen, 1988)."""
PRIOR_SD = 0.19
"""The standard deviation of per-question nDCG differences between two similar rankers, as measured
(`docs/measurements.md`); used where a sample is too small or too even to have one of its own."""
_AT_ONCE = 500


def one_sided_p(differences: Floats, persons: Numbers, rng: np.random.Generator) -> float:
    """Return the probability of a mean difference this large if champion and challenger were exchangeable.

    Sign-flip permutation, a sign per person: p = (1 + #{flipped mean >= mean}) / (1 + draws), which is never 0
    (Phipson and Smyth, 2010). With `k` persons it cannot fall below about 1 / 2^k.
    """
    sums = np.bincount(persons, weights=differences)
    observed = sums.sum() - 1e-12 * np.abs(sums).sum()  # equal means count as reached whatever the rounding
    reached = 0
    for size in _portions():
        signs = rng.integers(0, 2, size=(size, len(sums))) * 2.0 - 1.0
        reached += int((signs @ sums >= observed).sum())
    return (1 + reached) / (1 + DRAWS)


def interval(differences: Floats, persons: Numbers, rng: np.random.Generator) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean difference, drawing persons with replacement.

    Each draw's mean is Σ differences / Σ questions of the persons drawn (Efron and Tibshirani, 1993, §8.5 and §13.3).
    """
    sums, sizes = np.bincount(persons, weights=differences), np.bincount(persons)
    means = []
    for size in _portions():
        drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=size)
        means.append((drawn @ sums) / (drawn @ sizes))
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    return float(low), float(high)


def without_one_person(differences: Floats, persons: Numbers) -> float:
    """Return the smallest mean difference that is left when any one person's questions are taken out.

    It says whether a single person carries the result. One person alone leaves nothing, which counts as 0.
    """
    sums, sizes = np.bincount(persons, weights=differences), np.bincount(persons)
    if len(sums) < 2:
        return 0.0
    return float(((sums.sum() - sums) / (sizes.sum() - sizes)).min())


def spread(differences: Floats) -> float:
    """Return the sample standard deviation, or `PRIOR_SD` where there is none to estimate it from."""
    deviation = float(np.std(differences, ddof=1)) if len(differences) > 1 else 0.0
    return deviation or PRIOR_SD


def smallest_visible(differences: Floats) -> float:
    """Return the smallest mean difference seen with 80 % power at 5 %: 2.8 · SD / √n; 1 without any question."""
    return min(1.0, POWER_Z * spread(differences) / len(differences) ** 0.5) if len(differences) else 1.0


def holm(p_values: list[float]) -> list[float]:
    """Return p-values adjusted for having looked at all of them (Holm, 1979): step-down, never falling."""
    order = sorted(range(len(p_values)), key=lambda n: p_values[n])
    adjusted, running = [1.0] * len(p_values), 0.0
    for rank, n in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[n]))
        adjusted[n] = running
    return adjusted


def _portions() -> list[int]:
    return [_AT_ONCE] * (DRAWS // _AT_ONCE)
