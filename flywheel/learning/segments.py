"""Judge a challenger on every segment of the questions, small ones included, without taking noise for harm.

A *segment* is the questions that share a value: one route, one surface, targets seen in training. Judged each alone,
eight segments of forty questions would hold half of all truly better challengers by chance. So each segment's
difference is drawn towards the mean of all, the more so the less it tells by itself (empirical Bayes; the spread
between segments is DerSimonian and Laird's, 1986):

    pull = spread² / (spread² + error²)      estimate = mean + pull · (own difference - mean)

Where segments differ no more than chance makes them, the spread is 0 and each one is taken for the whole; where one
stands out, the spread is large and it counts nearly as it is. Of fewer than `ENOUGH` questions nobody can ask to be
sure that they are not worse; there the estimate counts, not the lower end of its interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flywheel.learning.statistics import Floats, standard_error
from flywheel.learning.trial import Trial

ENOUGH = 30
"""Questions from which on a segment tells by itself; smaller ones are told of as borrowed from the others."""
NOT_WORSE = -0.03
_Z = 1.959964
_NONE = 1e-9


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's mean difference challenger - champion, the estimate drawn towards all, its 95 % interval."""

    name: str
    value: str
    n: int
    persons: int
    difference: float
    estimate: float
    low: float
    high: float

    @property
    def few(self) -> bool:
        """Tell whether it has too few questions to tell by itself."""
        return self.n < ENOUGH

    @property
    def worse(self) -> bool:
        """Tell whether it may be worse than is allowed: the interval's lower end, of few questions the estimate."""
        return (self.estimate if self.few else self.low) <= NOT_WORSE


def of_trial(trial: Trial) -> tuple[Segment, ...]:
    """Return all segments of a trial: seen and unseen targets, and those that it names; empty values are no segment."""
    targets = tuple("seen" if one else "unseen" for one in trial.seen.tolist())
    named: Mapping[str, tuple[str, ...]] = {"targets": targets, **trial.segments}
    return tuple(one for name, values in named.items() for one in _of_name(trial, name, values))


def _of_name(trial: Trial, name: str, values: Sequence[str]) -> list[Segment]:
    own = np.array(values)
    parts = {value: trial.part(own == value) for value in sorted(set(values) - {""})}
    if len(parts) < 2:
        return []
    overall = standard_error(trial.challenger - trial.champion, trial.persons)
    if not np.isfinite(overall):
        return []  # one person alone tells nothing about any part
    means = np.array([float((one.challenger - one.champion).mean()) for one in parts.values()])
    errors = np.array([_error(one, overall, len(values)) for one in parts.values()])
    return [
        Segment(name, value, len(one.champion), len(np.unique(one.persons)), *(float(number) for number in numbers))
        for (value, one), *numbers in zip(parts.items(), means, *shrunk(means, errors), strict=True)
    ]


def shrunk(means: Floats, errors: Floats) -> tuple[Floats, Floats, Floats]:
    """Return estimates and the lower and upper ends of their 95 % intervals; one mean and standard error a segment."""
    variances = np.maximum(errors, _NONE) ** 2
    between = _between(means, variances)
    weights = 1 / (between + variances)
    middle = float(weights @ means / weights.sum())
    pull = between / (between + variances)
    estimates = middle + pull * (means - middle)
    width = _Z * np.sqrt(pull * variances + (1 - pull) ** 2 / weights.sum())
    return estimates, estimates - width, estimates + width


def _between(means: Floats, variances: Floats) -> float:
    """Return the variance between segments beyond what chance makes, at least 0 (DerSimonian and Laird, 1986)."""
    weights = 1 / variances
    middle = weights @ means / weights.sum()
    excess = weights @ (means - middle) ** 2 - (len(means) - 1)
    return float(max(0.0, excess / (weights.sum() - (weights @ weights) / weights.sum())))


def _error(part: Trial, overall: float, n: int) -> float:
    """Return a segment's standard error; a small one's own is no better than a guess, so all questions' counts."""
    size = len(part.champion)
    borrowed = overall * float(np.sqrt(n / size))
    if size < ENOUGH:
        return borrowed
    own = standard_error(part.challenger - part.champion, part.persons)
    return own if np.isfinite(own) else borrowed
