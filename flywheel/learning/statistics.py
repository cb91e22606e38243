"""The statistics of a paired comparison in which one person's questions stand or fall together.

Values come per question as challenger minus champion. `persons` numbers each question's person from 0, so that a
whole person is flipped or drawn at once: ten questions judged by one person are not ten independent witnesses.
"""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

DRAWS = 10_000
REFINED = 200_000
"""Sign patterns drawn in addition where the first draws say that p is small: a level spent over many tries
(`spending.py`) can lie below what 10,000 draws can tell."""
REFINED_BELOW = 0.02
EXACT_PERSONS = 13
"""Up to so many persons all 2^k sign patterns are counted, and nothing is drawn."""
POWER_Z = 2.8
"""z(0.975) + z(0.80) = 1.96 + 0.84: a two-sided test at 5 % sees an effect of 2.8 standard errors four times in five
(Cohen, 1988)."""
PRIOR_SD = 0.19
"""The standard deviation of per-question nDCG differences between two similar rankers, as measured
(`docs/measurements.md`); used where a sample is too small or too even to have one of its own."""
DOUBT = 0.25
"""What an unlucky question loses that nobody has asked yet. Of 0.19 to 0.38 the smallest that keeps such challengers
below 2 % at 30 questions; larger ones hold up those that gain a little everywhere."""
_AT_ONCE = 500


def one_sided_p(differences: Floats, persons: Numbers, rng: np.random.Generator) -> float:
    """Return the probability of a mean difference this large if champion and challenger were exchangeable.

    Sign-flip permutation, a sign per person. All patterns are counted for few persons; for many
    p = (1 + #{flipped mean >= mean}) / (1 + draws), which is never 0 (Phipson and Smyth, 2010).
    """
    sums = np.bincount(persons, weights=differences).astype(np.float64)
    least = float(sums.sum() - 1e-12 * np.abs(sums).sum())  # equal means count as reached whatever the rounding
    if len(sums) <= EXACT_PERSONS:
        patterns = np.arange(2 ** len(sums))[:, None] >> np.arange(len(sums)) & 1
        return float(np.mean((2.0 * patterns - 1.0) @ sums >= least))
    reached, drawn = _reached(sums, least, DRAWS, rng), DRAWS
    if reached < REFINED_BELOW * DRAWS:
        reached, drawn = reached + _reached(sums, least, REFINED, rng), DRAWS + REFINED
    return (1 + reached) / (1 + drawn)


def doubted(differences: Floats, persons: Numbers) -> tuple[Floats, Numbers]:
    """Return the sample with one more person, who asked one question that lost `DOUBT`.

    Thirty small gains do not show that there are no large losses: of challengers that are no better because they gain a
    little nine times and lose much the tenth, 4 to 6 % pass the plain test at 30 to 100 questions, and 1 to 2 % with
    the imagined loss. At 200 questions it changes next to nothing (`python -m tests.benchmarks.gate`).
    """
    another = int(persons.max(initial=-1)) + 1
    return np.append(differences, -DOUBT), np.append(persons, another).astype(np.int64)


def attainable_p(differences: Floats, persons: Numbers) -> float:
    """Return the smallest p that these persons could have given: 2^-k with k persons who saw any difference.

    It depends on the sizes of the differences alone and not on their signs, so that looking at it costs nothing.
    """
    return float(0.5 ** np.count_nonzero(np.bincount(persons, weights=np.abs(differences))))


def interval(differences: Floats, persons: Numbers, rng: np.random.Generator) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean difference, drawing persons with replacement.

    Each draw's mean is Σ differences / Σ questions of the persons drawn (Efron and Tibshirani, 1993, §8.5 and §13.3).
    """
    sums, sizes = np.bincount(persons, weights=differences), np.bincount(persons)
    means = []
    for size in _portions(DRAWS):
        drawn = rng.integers(0, len(sums), size=(size, len(sums)))
        means.append(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1))
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


def standard_error(differences: Floats, persons: Numbers) -> float:
    """Return the standard error of the mean difference, clustered by person; infinite with fewer than two persons.

    √(k/(k-1) · Σ over persons (sum of their deviations)²) / n (Liang and Zeger, 1986; k/(k-1) for few persons).
    """
    present = np.unique(persons, return_inverse=True)[1]
    sums = np.bincount(present, weights=differences - differences.mean()) if len(differences) else np.zeros(0)
    if len(sums) < 2:
        return math.inf
    return float(math.sqrt(len(sums) / (len(sums) - 1) * float(sums @ sums)) / len(differences))


def _reached(sums: Floats, least: float, draws: int, rng: np.random.Generator) -> int:
    """Return how many of so many sign patterns reach a total: Σ ±sums = 2 · Σ (those with a plus) - Σ sums."""
    reached, enough = 0, (least + float(sums.sum())) / 2
    for size in _portions(draws):
        bits = np.unpackbits(np.frombuffer(rng.bytes(size * len(sums) // 8 + 1), dtype=np.uint8))
        pluses = bits[: size * len(sums)].reshape(size, len(sums)).astype(np.float64)
        reached += int((pluses @ sums >= enough).sum())
    return reached


def _portions(draws: int) -> list[int]:
    return [_AT_ONCE] * (draws // _AT_ONCE)
