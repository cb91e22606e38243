"""Say thresholds in words for administrators: what a metric is called, and its values as people read them. Pure."""

from collections.abc import Mapping

from flywheel.measurement.baselines import ALL, FROZEN, JUDGED
from flywheel.measurement.estimates import Estimate
from flywheel.store.thresholds import Bound, Threshold

_NAMES: Mapping[str, str] = {
    "satisfaction": "Satisfied",
    "answered_share": "Answered",
    "no_signal_share": "No signal",
    "latency_p95_ms": "Time to answer, slowest 5 %",
    "ndcg_at_10": "Ranking (nDCG@10)",
    "recall_at_5": "Found among five (recall@5)",
}
_COUNTS: Mapping[str, str] = {"satisfaction": "votes", "ndcg_at_10": "questions", "recall_at_5": "questions"}
SCORES = frozenset({"ndcg_at_10", "recall_at_5"})


def name(metric: str, segment: str) -> str:
    """Return what a metric of a segment is called, such as "Satisfied (route code)"."""
    title = _NAMES.get(metric) or metric.removeprefix(JUDGED).replace("_", " ").capitalize() + ", as judged"
    where = {ALL: "", FROZEN: " on the frozen questions"}.get(segment)
    return f"{title}{where}" if where is not None else f"{title} ({segment.replace(':', ' ').replace('_', ' ')})"


def value(metric: str, number: float) -> str:
    """Return a value of a metric: a percentage, seconds, or a score with three digits."""
    if metric.endswith("_ms"):
        return f"{number / 1000:.2f} s"
    return f"{number:.3f}" if metric in SCORES or metric.startswith(JUDGED) else f"{100 * number:.0f} %"


def bound(threshold: Threshold) -> str:
    """Return what a threshold asks for, such as "at least 71 %"."""
    side = "at least" if threshold.bound is Bound.AT_LEAST else "at most"
    return f"{side} {value(threshold.metric, threshold.value)}"


def seen(metric: str, estimate: Estimate) -> str:
    """Return an observed value with n and interval, such as "61 % of 84 votes (95 % interval 50 to 71 %)"."""
    unit = _COUNTS.get(metric, "answers")
    within = ""
    if estimate.low is not None and estimate.high is not None:
        within = f" (95 % interval {value(metric, estimate.low)} to {value(metric, estimate.high)})"
    return f"{value(metric, estimate.value)} of {estimate.n} {unit}{within}"


def basis(threshold: Threshold) -> str:
    """Return what a proposal stands on: how many weeks, how many values, and where they lay."""
    told = threshold.baseline
    values, weeks, n = told.get("values"), told.get("weeks"), told.get("n")
    if not isinstance(values, list) or not values:
        return ""
    low, high = value(threshold.metric, min(values)), value(threshold.metric, max(values))
    of = f"{n} {_COUNTS.get(threshold.metric, 'answers')}"
    if len(values) == 1:
        return f"It is {low} of {of} so far."
    return f"The last {weeks} weeks were between {low} and {high} ({of})."
