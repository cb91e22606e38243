"""The statistics of a report once more, from their textbooks, with the standard library alone."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

Z = 1.959964


def share(count: int, total: int) -> dict[str, Any]:
    """Return a share with Wilson's interval."""
    if not total:
        return {"count": count, "total": total, "low": None, "high": None, "value": None}
    low, high = wilson(count / total, total)
    return {"count": count, "total": total, "low": low, "high": high, "value": count / total}


def wilson(p: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval: the p0 for which |p - p0| = z √(p0 (1 - p0) / n)."""
    middle, half = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + Z * Z / n)), min(1.0, (middle + half) / (1 + Z * Z / n))


def quantile(values: Sequence[float], q: float) -> float | None:
    """Return a quantile by linear interpolation between order statistics (Hyndman and Fan's type 7)."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * q
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def ranks(values: Sequence[float], q: float) -> tuple[float | None, float | None]:
    """Return the order statistics between which a quantile lies in 95 % of samples."""
    ordered, n = sorted(values), len(values)
    half = Z * math.sqrt(n * q * (1 - q))
    low, high = math.floor(n * q - half), math.ceil(n * q + half) + 1
    return (ordered[low - 1] if low >= 1 else None), (ordered[high - 1] if high <= n else None)


Said = Sequence[tuple[str, float]]


def difference(now: Said, before: Said) -> dict[str, Any] | None:
    """Return the difference of two means with the interval of a jackknife that leaves out a person on both sides."""
    if not now or not before:
        return None
    value = _mean(now) - _mean(before)
    moves = defaultdict(float, _moves(now))
    for person, move in _moves(before).items():
        moves[person] -= move
    alike = _alike(now, before)
    wide = _wide(list(moves.values()), alike)
    ends = {"low": None, "high": None} if wide is None else {"low": value - wide, "high": value + wide}
    return {"value": value, **ends, "n": len(now) + len(before), "persons": len(moves), "alike": alike}


def mean(said: Said) -> tuple[float, float | None, float | None] | None:
    """Return a mean and its interval by the same jackknife."""
    if not said:
        return None
    middle, wide = _mean(said), _wide(list(_moves(said).values()), _alike(said))
    return (middle, None, None) if wide is None else (middle, middle - wide, middle + wide)


def _moves(said: Said) -> dict[str, float]:
    """Return the mean less the mean without each person."""
    found = {}
    for person in sorted({name for name, _ in said}):
        rest = [one for one in said if one[0] != person]
        found[person] = _mean(said) - _mean(rest) if rest else math.inf
    return found


def _alike(*sides: Said) -> float:
    """Return the effective number of persons (Kish): of unequal shares of the variance."""
    shares: dict[str, float] = defaultdict(float)
    for said in sides:
        for person, count in sorted(Counter(person for person, _ in said).items()):
            shares[person] += count / len(said) ** 2
    return sum(shares.values()) ** 2 / sum(one * one for one in shares.values())


def _wide(moves: Sequence[float], alike: float) -> float | None:
    k = len(moves)
    if k < 2 or not all(map(math.isfinite, moves)):
        return None
    return t_quantile(max(1.0, alike - 1)) * math.sqrt((k - 1) / k * math.fsum(one * one for one in moves))


def _mean(said: Said) -> float:
    return sum(value for _, value in said) / len(said)


@cache
def t_quantile(freedom: float, below: float = 0.975) -> float:
    """Return a quantile of Student's t above its middle, by bisection."""
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - t_tail(middle, freedom) < below else (low, middle)
    return (low + high) / 2


def t_tail(t: float, freedom: float) -> float:
    """Return the probability of Student's t above t >= 0: I_x(ν/2, 1/2) / 2 with x = ν / (ν + t²)."""
    return _beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function by its continued fraction (Abramowitz and Stegun, 26.5.8)."""
    if x in (0.0, 1.0):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    value, c, d = 1.0, 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 1_000):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + part * d)
            c = 1 + part / c
            value *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return front * value


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's step-down adjusted p-values."""
    adjusted, running = [1.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda one: p_values[one])):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = running
    return adjusted


def fisher(now: tuple[int, int], before: tuple[int, int]) -> float:
    """Return the one-sided p of Fisher's exact test, in whole numbers."""
    (a, n), (b, m) = now, before
    if not n or not m:
        return 1.0
    ways = sum(math.comb(n, k) * math.comb(m, a + b - k) for k in range(max(a, a + b - m), min(a + b, n) + 1))
    return float(Fraction(ways, math.comb(n + m, a + b)))


def binomial_tail(count: int, total: int, rate: float) -> float:
    """Return the probability of at least `count` of `total`."""
    if count <= 0 or rate >= 1:
        return 1.0
    return min(
        1.0, math.fsum(math.comb(total, k) * rate**k * (1 - rate) ** (total - k) for k in range(count, total + 1))
    )


def poisson_tail(count: int, mean_: float) -> float:
    """Return the probability that a Poisson variable is at least `count`."""
    terms = (math.exp(k * math.log(mean_) - mean_ - math.lgamma(k + 1)) for k in range(count, count + 1_000))
    return min(1.0, math.fsum(terms))


def clustered_share(said: Sequence[tuple[str, float]]) -> dict[str, Any] | None:
    """Return a mean with Wilson's interval for n / design effect, persons as clusters, with Student's t for z."""
    if not said:
        return None
    n, mean = len(said), sum(value for _, value in said) / len(said)
    by_person: dict[str, list[float]] = defaultdict(list)
    for person, value in said:
        by_person[person].append(value)
    k, effect = len(by_person), 1.0
    if k > 1 and mean not in (0.0, 1.0):
        squares = sum((sum(values) - mean * len(values)) ** 2 for values in by_person.values())
        alone = n * mean * (1 - mean) * n / (n - 1)
        effect = max(1.0, k / (k - 1) * squares / alone)
    sizes = [len(values) for values in by_person.values()]
    freedom = max(1.0, n * n / sum(size * size for size in sizes) - 1)
    known = 1.0 if max(sizes) == 1 else (Z / t_quantile(freedom)) ** 2
    low, high = wilson(mean, n / effect * known)
    return {"value": mean, "low": low, "high": high, "n": n, "persons": k}


def share_by_person(said: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Return a share of what was said with that interval."""
    found = clustered_share(said)
    if found is None:
        return share(0, 0)
    count = round(sum(value for _, value in said))
    return {"count": count, "total": len(said), **{end: found[end] for end in ("low", "high", "value")}}


Margins = dict[str, str]


def raked(population: Sequence[Margins], voted: Sequence[Margins], enough: int = 10, rounds: int = 50) -> list[float]:
    """Return weights of voted answers after iterative proportional fitting to all answers' margins."""
    weights = [len(population) / len(voted)] * len(voted)
    joined = {margin: _levels(margin, population, voted, enough) for margin in sorted(population[0])}
    joined = {margin: names for margin, names in joined.items() if len(set(names.values())) > 1}
    for _ in range(rounds):
        for margin, names in joined.items():
            wanted = Counter(names[one[margin]] for one in population)
            have: dict[str, float] = defaultdict(float)
            for weight, one in zip(weights, voted, strict=True):
                have[names[one[margin]]] += weight
            levels = [names[one[margin]] for one in voted]
            weights = [w * wanted[level] / have[level] for w, level in zip(weights, levels, strict=True)]
    return weights


def _levels(margin: str, population: Sequence[Margins], voted: Sequence[Margins], enough: int) -> Margins:
    counts = Counter(one[margin] for one in voted)
    every = sorted({one[margin] for one in population})
    large = [one for one in every if counts[one] >= enough]
    small = [one for one in every if counts[one] < enough]
    others = "others"
    if small and large and sum(counts[one] for one in small) < enough:
        others = min(large, key=lambda one: (counts[one], one))
    return {one: one if one in large else others for one in every}


def weighted_share(said: Sequence[tuple[str, float]], weights: Sequence[float]) -> dict[str, Any]:
    """Return a weighted mean; its interval is Wilson's with as many values as give the linearised variance."""
    total = sum(weights)
    mean = min(1.0, sum(w * value for w, (_, value) in zip(weights, said, strict=True)) / total)
    pull: dict[str, float] = defaultdict(float)
    for w, (person, value) in zip(weights, said, strict=True):
        pull[person] += w * (value - mean) / total
    k = len(pull)
    variance = sum(one * one for one in pull.values()) * k / max(1, k - 1)
    kish = total * total / sum(w * w for w in weights)
    n = min(kish, mean * (1 - mean) / variance if variance > 0 else math.inf)
    low, high = wilson(mean, max(1.0, n))
    return {"value": mean, "low": low, "high": high, "n": len(said)}


def kappa(pairs: Sequence[tuple[str, str]], seed: str) -> tuple[float | None, float | None, float | None]:
    """Return Cohen's kappa and the middle 95 % of 2,000 tables drawn from Dirichlet(counts + 2 / cells)."""
    counts = Counter(pairs)
    value = _kappa({cell: float(count) for cell, count in counts.items()})
    if value is None:
        return None, None, None
    rng = Random(f"kappa {seed}")
    labels = sorted({one for pair in pairs for one in pair})
    cells = [(one, other) for one in labels for other in labels]
    drawn = []
    for _ in range(2_000):
        table = {cell: rng.gammavariate(counts[cell] + 2 / len(cells), 1.0) for cell in cells}
        known = _kappa(table)
        drawn += [] if known is None else [known]
    low, high = quantile(drawn, 0.025), quantile(drawn, 0.975)
    assert low is not None
    assert high is not None
    return value, min(low, value), max(high, value)


def _kappa(table: Mapping[tuple[str, str], float]) -> float | None:
    n = sum(table.values())
    labels = sorted({one for cell in table for one in cell})
    first = {label: sum(count for (one, _), count in table.items() if one == label) for label in labels}
    second = {label: sum(count for (_, other), count in table.items() if other == label) for label in labels}
    observed = sum(count for (one, other), count in table.items() if one == other) / n
    expected = sum(first[one] * second[one] for one in labels) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)
