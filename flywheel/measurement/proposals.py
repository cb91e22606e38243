"""Propose thresholds from what a metric usually is. Nothing proposed here is in force before an administrator says so.

    four weeks    the near end of the 95 % prediction interval of the next week's value: mean ± t · s · √(1 + 1/k)
                  of k weeks or more, t of k - 1 degrees of freedom (Hahn and Meeker, 1991, §4.3)
    less          for all answers together, from the newest seven days: what a second week of the same size
                  would reach by chance alone, value ± √2 · half the 95 % interval; again after four weeks
    frozen        of the frozen questions: the mean less that margin, at least `LEAST_LOSS`

s is at least what sampling alone makes of a week, so that four weeks that happen to agree make no narrow threshold.
Times are predicted as logarithms. A proposal is rounded to the lenient side. Pure.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean, stdev

from flywheel.measurement.baselines import ALL, FROZEN, Observed, bound_of
from flywheel.measurement.estimates import Estimate, Z
from flywheel.store.thresholds import Bound, Threshold, ThresholdState

WEEKS = 4
"""Weeks with enough values from which on their spread is known well enough: t of 3 degrees of freedom is 3.2."""
MOST_WEEKS = 12
"""Weeks that a baseline looks back."""
LEAST_LOSS = 0.02
"""The loss on the frozen questions below which nobody is to be alarmed; the gate's guardrails tolerate .03."""
AGAIN = timedelta(weeks=12)
"""What was decided is not proposed anew before this, and then only where the baseline has moved."""
SEGMENTED = frozenset({"satisfaction", "answered_share"})
"""The counted metrics that routes and surfaces may have thresholds of their own for."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed threshold and the baseline it comes from, as plain JSON; `margin` is how far below (above) the usual
    value it lies, and `weeks` how many weeks it was proposed from, 0 for days.
    """

    metric: str
    segment: str
    bound: Bound
    value: float
    margin: float
    weeks: int
    reason: str
    baseline: Mapping[str, object]


def of_weeks(weeks: Sequence[Observed]) -> Proposal | None:
    """Return the threshold that a metric's weeks propose, or None of fewer than `WEEKS` and where it forbids nothing.

    Only weeks with enough values count; all must be of one metric and segment, oldest first.
    """
    enough = [one for one in weeks if one.is_enough][-MOST_WEEKS:]
    if len(enough) < WEEKS:
        return None
    metric, values = enough[0].metric, [_scaled(one.metric, one.estimate.value) for one in enough]
    spread = max(stdev(values), fmean(_sampling(metric, one.estimate) for one in enough))
    margin = _t_point(len(values) - 1) * spread * math.sqrt(1 + 1 / len(values))
    usual = fmean(values)
    told = {
        "weeks": len(values),
        "values": [one.estimate.value for one in enough],
        "n": sum(one.estimate.n for one in enough),
        "usual": _unscaled(metric, usual),
    }
    return _proposal(enough[0], usual, margin, told)


def of_days(days: Observed) -> Proposal | None:
    """Return the threshold that the newest seven days propose, or None of too few or where it would forbid nothing."""
    bound, estimate = bound_of(days.metric), days.estimate
    near = estimate.low if bound is Bound.AT_LEAST else estimate.high
    if not days.is_enough or near is None:
        return None
    usual = _scaled(days.metric, estimate.value)
    margin = math.sqrt(2) * abs(usual - _scaled(days.metric, near))
    told = {"weeks": 0, "values": [estimate.value], "n": estimate.n, "usual": estimate.value}
    return _proposal(days, usual, margin, told)


def of_frozen(values: Sequence[float], newest: Observed) -> Proposal | None:
    """Return the threshold for rankings of the frozen questions, or None of too few; `values` are earlier weeks'."""
    if not newest.is_enough:
        return None
    kept = [*values, newest.estimate.value] if not values else list(values)[-MOST_WEEKS:]
    margin = LEAST_LOSS
    if len(kept) >= WEEKS:
        margin = max(margin, _t_point(len(kept) - 1) * stdev(kept) * math.sqrt(1 + 1 / len(kept)))
    told = {"weeks": len(kept), "values": kept, "n": newest.estimate.n, "usual": fmean(kept)}
    told["hash"] = newest.dataset_hash
    return _proposal(newest, fmean(kept), margin, told)


def is_due(proposal: Proposal, last: Threshold | None, age: timedelta) -> bool:
    """Tell whether something is to be proposed; `last` is the newest row on its metric and segment, `age` how old.

    What is open stays open, and what was decided stays decided, until there are four weeks where there were only days;
    after `AGAIN`, what moved by more than half its margin is proposed anew. Other frozen questions are another matter.
    """
    if last is None:
        return True
    if last.baseline.get("hash") != proposal.baseline.get("hash") and last.baseline:
        return True
    known = last.baseline.get("weeks", WEEKS)
    assert isinstance(known, int)
    has_grown = known < WEEKS <= proposal.weeks and not proposal.segment.startswith(FROZEN)
    if last.state is ThresholdState.PROPOSED:
        return has_grown
    if has_grown and last.state is not ThresholdState.RETIRED:
        return True
    return age >= AGAIN and abs(proposal.value - last.value) > proposal.margin / 2


def all_due(
    proposals: Iterable[Proposal], last: Mapping[tuple[str, str], Threshold], ages: Mapping[tuple[str, str], timedelta]
) -> list[Proposal]:
    """Return those of some proposals that are due, by the newest row of each metric and segment and its age."""
    return [
        one
        for one in proposals
        if is_due(one, last.get((one.metric, one.segment)), ages.get((one.metric, one.segment), timedelta()))
    ]


def is_wanted(metric: str, segment: str) -> bool:
    """Tell whether this segment of a counted metric may get a threshold of its own."""
    return segment == ALL or metric in SEGMENTED


def _proposal(of: Observed, usual: float, margin: float, told: Mapping[str, object]) -> Proposal | None:
    bound = bound_of(of.metric)
    assert bound is not None
    far = _unscaled(of.metric, usual - margin if bound is Bound.AT_LEAST else usual + margin)
    value = _lenient(of.metric, far, bound)
    if not of.metric.endswith("_ms") and not 0 < value < 1:
        return None
    weeks = told["weeks"]
    assert isinstance(weeks, int)
    baseline = {**told, "margin": margin, "is_sample": of.is_sample}
    return Proposal(
        of.metric, of.segment, bound, value, abs(far - _unscaled(of.metric, usual)), weeks, _why(of, weeks), baseline
    )


def _why(of: Observed, weeks: int) -> str:
    if not of.is_sample:
        return "A loss beyond this is more than small changes explain."
    if weeks >= WEEKS:
        return f"If nothing changes, a week is worse than this one time in 40, judged by {weeks} weeks."
    return "What another week of this size could reach by chance; to be proposed again after four weeks."


def _scaled(metric: str, value: float) -> float:
    return math.log(max(value, 1.0)) if metric.endswith("_ms") else value


def _unscaled(metric: str, value: float) -> float:
    return math.exp(value) if metric.endswith("_ms") else value


def _sampling(metric: str, estimate: Estimate) -> float:
    """Return a week's standard error, or where only its interval is known what that says, of whichever side it has."""
    if estimate.error:
        return estimate.error
    value = _scaled(metric, estimate.value)
    sides = [abs(_scaled(metric, end) - value) for end in (estimate.low, estimate.high) if end is not None]
    return fmean(sides) / Z if sides else 0.0


def _lenient(metric: str, value: float, bound: Bound) -> float:
    """Return a value rounded outwards: shares and scores to hundredths, times to two significant digits."""
    step = 10.0 ** (math.floor(math.log10(value)) - 1) if metric.endswith("_ms") else 0.01
    steps = math.floor(value / step + 1e-9) if bound is Bound.AT_LEAST else math.ceil(value / step - 1e-9)
    return round(steps * step, 6)


def _t_point(freedom: int) -> float:
    """Return the 97.5 % point of Student's t."""
    from scipy.stats import t  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, for turns only, no types

    return float(t.ppf(0.975, freedom))
