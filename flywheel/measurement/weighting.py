"""Weight answers that somebody voted on so that together they look like all answers, by who asked, how and where.

Raking (Deming and Stephan, 1940): in turn, for each *margin*, the weights of each of its levels are scaled until the
level has the share that it has among all answers. Margins are how much the asker asks, the likeliest route, the surface
and the channel. A level with fewer than `ENOUGH` voted answers is joined with the others like it; a margin of one level
says nothing and is left out. Pure, and the same for the same answers: the steps are counted, nothing is drawn.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flywheel.measurement.estimates import Estimate, wilson

ENOUGH = 10
"""Voted answers that a level needs to stand for itself (collapsing below 10 to 30 is common: Kalton and
Flores-Cervantes, 2003)."""
ROUNDS = 50
"""Passes over all margins; four margins of a few levels settle within a dozen."""
OTHERS = "others"

Levels = Mapping[str, str]
"""The level of an answer on each margin, by margin."""


@dataclass(frozen=True, slots=True)
class Voted:
    """An answer that somebody voted on: who asked, its levels, and the share of yes among its votes."""

    asker: str
    levels: Levels
    yes: float


def joined(population: Sequence[Levels], voted: Sequence[Levels]) -> dict[str, dict[str, str]]:
    """Return, for each margin that says something, the level that each level is counted as."""
    margins = sorted({margin for levels in population for margin in levels})
    made = {margin: _join(margin, population, voted) for margin in margins}
    return {margin: names for margin, names in made.items() if len(set(names.values())) > 1}


def weights(population: Sequence[Levels], voted: Sequence[Levels]) -> list[float]:
    """Return a weight for each voted answer; they sum to the number of all answers."""
    names = joined(population, voted)
    scale = len(population) / len(voted) if voted else 0.0
    made = [scale] * len(voted)
    targets = {margin: Counter(known[one[margin]] for one in population) for margin, known in names.items()}
    for _ in range(ROUNDS):
        for margin, known in names.items():
            made = _scaled(made, [known[one[margin]] for one in voted], targets[margin])
    return made


def weighted(voted: Sequence[Voted], made: Sequence[float]) -> Estimate | None:
    """Return the weighted share of yes with its 95 % interval, askers as clusters; None of nothing.

    The variance of the weighted mean is linearised, k/(k-1) · Σ over askers (Σ w (y - mean))² / (Σ w)²; Wilson's
    interval takes the number of values that would have the same variance, at most Kish's (Σ w)² / Σ w².
    """
    total = sum(made)
    if not voted or total <= 0:
        return None
    mean = min(1.0, sum(w * one.yes for w, one in zip(made, voted, strict=True)) / total)
    pulls: dict[str, float] = {}
    for w, one in zip(made, voted, strict=True):
        pulls[one.asker] = pulls.get(one.asker, 0.0) + w * (one.yes - mean) / total
    askers = len(pulls)
    spread = sum(pull * pull for _, pull in sorted(pulls.items())) * askers / max(1, askers - 1)
    kish = total * total / sum(w * w for w in made)
    alike = mean * (1 - mean) / spread if spread > 0 else math.inf
    low, high = wilson(mean, max(1.0, min(kish, alike)))
    return Estimate(mean, low, high, len(voted), askers)


def _join(margin: str, population: Sequence[Levels], voted: Sequence[Levels]) -> dict[str, str]:
    """Return what each level is counted as: itself, or the others; too small others join the smallest level."""
    counts = Counter(one[margin] for one in voted)
    levels = sorted({one[margin] for one in population})
    alone = [one for one in levels if counts[one] >= ENOUGH]
    small = [one for one in levels if counts[one] < ENOUGH]
    rest = OTHERS
    if small and alone and sum(counts[one] for one in small) < ENOUGH:
        rest = min(alone, key=lambda one: (counts[one], one))
    return {one: one if one in alone else rest for one in levels}


def _scaled(made: Sequence[float], levels: Sequence[str], target: Mapping[str, int]) -> list[float]:
    sums: dict[str, float] = {}
    for w, level in zip(made, levels, strict=True):
        sums[level] = sums.get(level, 0.0) + w
    return [w * target[level] / sums[level] for w, level in zip(made, levels, strict=True)]
