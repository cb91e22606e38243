"""A paired comparison of two sides on the same questions, clustered by person, with everything that is told of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from flywheel.learning.statistics import (
    Floats,
    Numbers,
    doubted,
    interval,
    one_sided_p,
    smallest_visible,
    spread,
    without_one_person,
)
from flywheel.learning.trial import Trial


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired comparison: means in [0, 1], difference = challenger - champion, its 95 % interval, one-sided p.

    `smallest` is the difference that this sample would have shown with 80 % power; `without_one` is the smallest
    difference left without any one person. p is of the sample with one imagined loss (`statistics.doubted`). Interval
    and p are None where fewer than two persons judged.
    """

    n: int
    persons: int
    champion: float
    challenger: float
    difference: float
    sd: float
    smallest: float
    without_one: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    metric: str = "nDCG@10"


def compare(trial: Trial, rng: np.random.Generator) -> Comparison:
    """Return the paired comparison of a trial."""
    differences = trial.challenger - trial.champion
    n = len(differences)
    persons = np.unique(trial.persons, return_inverse=True)[1].astype(np.int64)
    mean = float(differences.mean()) if n else 0.0
    count = int(persons.max()) + 1 if n else 0
    told: dict[str, Any] = {"low": None, "high": None, "p": None} if count < 2 else _tested(differences, persons, rng)
    return Comparison(
        n=n,
        persons=count,
        champion=float(trial.champion.mean()) if n else 0.0,
        challenger=float(trial.challenger.mean()) if n else 0.0,
        difference=mean,
        sd=spread(differences),
        smallest=smallest_visible(differences),
        without_one=without_one_person(differences, persons) if n else 0.0,
        metric=trial.metric,
        **told,
    )


def _tested(differences: Floats, persons: Numbers, rng: np.random.Generator) -> dict[str, float | None]:
    p = one_sided_p(*doubted(differences, persons), rng)
    low, high = interval(differences, persons, rng)
    return {"p": p, "low": low, "high": high}


def shown(one: Comparison) -> str:
    """Return the comparison as words."""
    ends = "" if one.low is None or one.high is None else f" (95 % interval {one.low:+.3f} to {one.high:+.3f})"
    return f"{one.metric} {one.champion:.3f} → {one.challenger:.3f}, difference {one.difference:+.3f}{ends}"
