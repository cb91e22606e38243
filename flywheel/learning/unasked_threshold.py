"""From how sure on auto mode answers in a channel, and when it had better stop: both learned from what people say.

    verdict     what people say of one unasked answer: the share of its votes that are Yes, in [0, 1]
    anchor      where the threshold stands without votes: the default, or what an administrator set

The threshold is the lowest confidence t, in whole percent, from which on the expected share of helpful is `TARGET`:

    share(t) = (PRIOR · prior(t) + the sum of verdicts of answers at t or above) / (PRIOR + their number)

`prior` is a logistic curve that passes through `TARGET` at the anchor. An answer's verdict counts once, however many
voted. A No lowers `share` or leaves it, everywhere, so it never lowers the threshold; a Yes never raises it.

Auto mode stops where the share of dissatisfied answers among the last `LAST` that people judged is above `LIMIT` with a
probability of `SURE`, from a Beta distribution with the prior (1, 3), and at least `LEAST` are: one No never does it.
Pure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT = 0.6
"""The confidence that unasked answers need before anybody has voted."""
LOWEST, HIGHEST = 0.4, 0.95
TARGET = 0.9
PRIOR = 10.0
"""How many verdicts the prior weighs."""
STEEPNESS = 4.0
"""How fast the prior's log-odds grow with confidence."""
LAST, LEAST = 20, 4
LIMIT, SURE = 0.3, 0.9

_STEPS = 100
_ROUNDING = 1e-9
_PRIOR_BAD, _PRIOR_GOOD = 1, 3


@dataclass(frozen=True, slots=True)
class Judged:
    """An unasked answer with the verdict on it; `helpful` and `confidence` in [0, 1]."""

    confidence: float
    helpful: float


def threshold(judged: Sequence[Judged], anchor: float = DEFAULT) -> float:
    """Return the confidence from which on to answer, in [`LOWEST`, `HIGHEST`] or as far as the anchor lies outside."""
    lowest, highest = min(LOWEST, anchor), max(HIGHEST, anchor)
    steps = [step / _STEPS for step in range(round(lowest * _STEPS), round(highest * _STEPS) + 1)]
    return next((step for step in steps if share(judged, step, anchor) >= TARGET - _ROUNDING), highest)


def share(judged: Sequence[Judged], least: float, anchor: float = DEFAULT) -> float:
    """Return the expected share of helpful answers among those of confidence `least` or more."""
    above = [one.helpful for one in judged if one.confidence >= least]
    log_odds = math.log(TARGET / (1 - TARGET)) + STEEPNESS * (least - anchor)
    prior = 1 / (1 + math.exp(-log_odds))
    return (PRIOR * prior + sum(above)) / (PRIOR + len(above))


def is_unwelcome(judged: Sequence[Judged]) -> tuple[int, int] | None:
    """Return how many of how many judged answers did not help, oldest first, where that is reason to stop."""
    last = judged[-LAST:]
    bad = sum(one.helpful < 0.5 for one in last)
    if bad < LEAST or probability_above(LIMIT, _PRIOR_BAD + bad, _PRIOR_GOOD + len(last) - bad) < SURE:
        return None
    return bad, len(last)


def probability_above(limit: float, bad: int, good: int) -> float:
    """Return the probability that a share with the Beta distribution (bad, good) is above a limit.

    For whole parameters it is a binomial sum (Abramowitz and Stegun, 1964, 26.5.24).
    """
    trials = bad + good - 1
    return sum(math.comb(trials, k) * limit**k * (1 - limit) ** (trials - k) for k in range(bad))
