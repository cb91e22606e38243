"""How far two judges of the same things agree beyond chance.

    agreement    share of equal labels, with its Wilson interval
    kappa        (observed - expected) / (1 - expected) agreement, expected from each judge's own shares (Cohen, 1960)
    weighted     the same for ordered categories: disagreements count by their distance, or its square (Cohen, 1968)

In words (Landis and Koch, 1977): below 0 poor, to 0.20 slight, to 0.40 fair, to 0.60 moderate, to 0.80 substantial,
above almost perfect. Kappa is undefined where both judges only ever use one and the same category.

The interval does not draw pairs again: ten judges' pairs of which nine are alike and none differs would give an
interval without width, and of skewed pairs such intervals held the true kappa 20 to 60 times in a hundred at 10 to 20
pairs. It is that of the shares of all cells instead, as Bayes has them (`PRIOR`). Pure; draws come from Python's own
generator, seeded, so that an interval can be drawn again.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from random import Random
from typing import TypeVar

from flywheel.measurement.week import Share, share

MODERATE = 0.4
"""From here on agreement is moderate (Landis and Koch, 1977)."""
DRAWS = 2_000
PRIOR = 2.0
"""Pairs that are imagined, spread evenly over all cells; with two labels this is Jeffreys' prior. The interval holds
the true kappa 89 to 98 times in a hundred, from 10 pairs up, even or skewed, of two labels or three."""
_WORDS = ((0.2, "slight"), (0.4, "fair"), (0.6, "moderate"), (0.8, "substantial"))
_Category = TypeVar("_Category", bound=Hashable)


class Weights(IntEnum):
    """How the distance of two ordered categories counts: not, as it is, or squared."""

    NONE = 0
    LINEAR = 1
    QUADRATIC = 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two judges agree on `equal.total` things. `kappa` is in [-1, 1], None where it is undefined or of nothing.

    `low` and `high` end its 95 % bootstrap interval; None where kappa is.
    """

    equal: Share
    kappa: float | None
    low: float | None
    high: float | None

    @property
    def words(self) -> str:
        """Return how strong the agreement is, in the words of Landis and Koch; empty where kappa is undefined."""
        if self.kappa is None:
            return ""
        if self.kappa < 0:
            return "poor"
        return next((name for top, name in _WORDS if self.kappa <= top), "almost perfect")


def kappa(
    pairs: Sequence[tuple[_Category, _Category]],
    categories: Sequence[_Category] = (),
    weights: Weights = Weights.NONE,
) -> float | None:
    """Return Cohen's kappa of pairs of labels; None of nothing, or where chance alone would agree always.

    Weights need the `categories` in their order; a disagreement weighs (distance / largest distance) ^ weights.
    """
    return _kappa(Counter(pairs), categories, weights)


def agreement(
    pairs: Sequence[tuple[_Category, _Category]],
    seed: str,
    categories: Sequence[_Category] = (),
    weights: Weights = Weights.NONE,
) -> Agreement:
    """Return how the judges of these pairs agree; `seed` starts the draws of the interval.

    The interval is the middle 95 % of the posterior of kappa: the cells' shares drawn from a Dirichlet distribution of
    the counts and the prior (Gelman and others, 2013, §3.4), widened to hold the value where that lies outside.
    """
    equal = share(sum(one == other for one, other in pairs), len(pairs))
    value = kappa(pairs, categories, weights)
    if value is None:
        return Agreement(equal, None, None, None)
    drawn = sorted(_drawn(pairs, Random(f"kappa {seed}"), categories, weights))  # noqa: S311 - the same draws each time
    low, high = (_percentile(drawn, share_below) for share_below in (0.025, 0.975))
    return Agreement(equal, value, min(low, value), max(high, value))


def _drawn(
    pairs: Sequence[tuple[_Category, _Category]], rng: Random, categories: Sequence[_Category], weights: Weights
) -> list[float]:
    """Return kappas of tables that may be behind these pairs; labels without an order are taken by their names."""
    labels = list(categories) or sorted({one for pair in pairs for one in pair}, key=str)
    cells = [(one, other) for one in labels for other in labels]
    counts = Counter(pairs)
    found = []
    for _ in range(DRAWS):
        table = {cell: rng.gammavariate(counts[cell] + PRIOR / len(cells), 1.0) for cell in cells}
        value = _kappa(table, categories, weights)
        found += [] if value is None else [value]
    return found


def _kappa(
    counts: Mapping[tuple[_Category, _Category], float], categories: Sequence[_Category], weights: Weights
) -> float | None:
    """Return kappa of a table of pairs; None of nothing, or where chance alone would agree always."""
    total = sum(counts.values())
    if not total:
        return None
    first: dict[_Category, float] = {}
    second: dict[_Category, float] = {}
    for (one, other), count in counts.items():
        first[one] = first.get(one, 0) + count
        second[other] = second.get(other, 0) + count
    place = {one: at for at, one in enumerate(categories)}
    farthest = max(len(categories) - 1, 1)

    def weight(one: _Category, other: _Category) -> float:
        if weights is Weights.NONE:
            return float(one != other)
        return float((abs(place[one] - place[other]) / farthest) ** int(weights))

    observed = sum(weight(*pair) * count for pair, count in counts.items()) / total
    expected = sum(weight(one, other) * first[one] * second[other] for one in first for other in second) / total**2
    return 1 - observed / expected if expected else None


def _percentile(ordered: Sequence[float], below: float) -> float:
    """Return a percentile by linear interpolation between the nearest two."""
    place = below * (len(ordered) - 1)
    at = int(place)
    upper = ordered[min(at + 1, len(ordered) - 1)]
    return ordered[at] + (place - at) * (upper - ordered[at])
