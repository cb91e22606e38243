"""A judge's scores of a window: the mean mark of each metric over the random sample, strata weighed by their size.

    mean = Σ (N_h / N) · mean_h over the routes h with a mark (Cochran, 1977, §5.3)

The interval is Wilson's at 95 % with the effective n of Kish (1965), 1 / Σ w_h² / n_h: a mark in [0, 1] varies at most
as much as a yes or no with the same mean (Bhatia and Davis, 2000), so it is rather too wide than too narrow. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flywheel.measurement.estimates import wilson
from flywheel.measurement.judge.marks import Mark
from flywheel.measurement.judge.sampling import Stratum


@dataclass(frozen=True, slots=True)
class Score:
    """A mean mark with its interval, and the ids of the answers that it is the mean of."""

    value: float
    low: float
    high: float
    answers: tuple[str, ...]


def score(strata: Sequence[Stratum], marks: Mapping[str, Mark]) -> Score | None:
    """Return the mean mark of a window's answers, estimated from its sample; None where nothing of it has a mark."""
    found = [(one.size, [name for name in one.sampled if name in marks]) for one in strata]
    found = [(size, names) for size, names in found if names]
    total = sum(size for size, _ in found)
    if not total:
        return None
    means = [(size / total, [marks[name].value for name in names]) for size, names in found]
    value = sum(weight * sum(its) / len(its) for weight, its in means)
    effective = 1 / sum(weight * weight / len(its) for weight, its in means)
    low, high = wilson(value, effective)
    return Score(value, low, high, tuple(name for _, names in found for name in names))
