"""What the metric log says over time: the series of a metric, and the changes after which it got better or worse.

    series   the records of a metric and segment on one data set, oldest first; for what is counted from a week's
             answers the last record of each week, week after week
    step     two neighbours of a series: how much the metric moved, and what changed in between

What may be said of a step is in `steps.py`.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise

from flywheel.measurement.averages import ALL
from flywheel.measurement.metrics import metric
from flywheel.measurement.section import Line, Section
from flywheel.measurement.steps import Method, Step, Verdict, step
from flywheel.measurement.window import Window
from flywheel.registry import Record
from flywheel.store import baselines, evaluation_sets
from flywheel.store import records as log
from flywheel.store.database import Session
from flywheel.store.evaluation_sets import EvaluationSet, SetKind
from flywheel.store.records import Wanted

WEEKS = "weeks"
"""The name of the series that has one point per week."""
_WORDS = {"frozen": "frozen questions", "synthetic": "questions made from documents, which are easier than people's"}
"""The data sets that a report may tell of, the first one that there is."""
ANCHOR = "ndcg_at_10"
TOLD = ("ndcg_at_10", "recall_at_10", "route_and_found")
"""The metrics whose steps a report tells."""
_WEEK = re.compile(r"\d{4}-W\d\d")
_NAMES = {"ndcg_at_10": "Ranking (nDCG@10)", "recall_at_10": "Recall@10", "route_and_found": "Route and found"}
_MOST = 5


@dataclass(frozen=True, slots=True)
class Series:
    """A metric's values on one data set, oldest first, and the steps between them."""

    dataset: str
    dataset_hash: str
    points: tuple[Record, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the step from each point to the next."""
        return tuple(step(before, after) for before, after in pairwise(self.points))


def series(db: Session, name: str, segment: str = ALL, since: datetime | None = None) -> list[Series]:
    """Return the series of a metric and segment, by data set, in the order of their first records.

    Raises:
        InvalidInput: the catalogue has no such metric, or the moment has no time zone.
    """
    metric(name)
    return _grouped(log.matching(db, Wanted(metric=name, segment=segment, since=since), scored=True))


def told(db: Session, window: Window) -> Section:
    """Return what a report says: how the same questions fare, after which changes, and where what is lost is lost.

    People's frozen questions are told of once there are any, made ones until then.

    Only what was recorded within the window, and before the moment as of which it is read, counts as news.
    """
    until = min(window.end, window.seen)
    dataset = next((name for name in _WORDS if _newest(db, ANCHOR, name, until) is not None), "")
    lines: list[Line] = []
    numbers: dict[str, object] = {"dataset": dataset}
    for name in TOLD if dataset else ():
        found = log.matching(db, Wanted(metric=name, segment=ALL, dataset=dataset, until=until), scored=True)
        if found:
            fresh = [one for one in _steps(found) if one.after.at >= window.start]
            lines += _lines(db, name, found[-1], fresh)
            numbers[name] = _numbers(found[-1], fresh)
    lines += _loss(db, dataset, until, numbers)
    if not dataset:
        lines.append(Line("No questions are frozen yet, so nothing is measured the same way from change to change."))
    return Section("trends", "The same questions after each change", tuple(lines), numbers)


def _newest(db: Session, name: str, dataset: str, until: datetime) -> Record | None:
    return log.newest(db, Wanted(metric=name, segment=ALL, dataset=dataset, until=until))


def _loss(db: Session, dataset: str, until: datetime, numbers: dict[str, object]) -> list[Line]:
    """Return where what is not found is lost, and add its numbers: P(route) and P(found | route)."""
    reached, found = (_newest(db, name, dataset, until) for name in ("route_reached", "found_given_route"))
    if reached is None or found is None or reached.at != found.at:
        return []
    numbers |= {"route_reached": reached.value, "found_given_route": found.value}
    router, retrieval = 1 - reached.value, reached.value * (1 - found.value)
    if router == retrieval == 0:
        return []
    where = "the router" if router > retrieval else "the search behind it"
    said = (
        f"The retriever that has what is wanted was searched for {100 * reached.value:.0f} % of {reached.n} questions; "
        f"of those, {100 * found.value:.0f} % had it among the first ten. Most of what is lost is lost by {where}."
    )
    return [Line(said)]


def _steps(found: Iterable[Record]) -> list[Step]:
    """Return the steps on the same questions, oldest first."""
    made = [one for of_set in _grouped(found) for one in of_set.steps]
    return sorted(made, key=lambda one: one.after.at)


def _grouped(found: Iterable[Record]) -> list[Series]:
    groups: dict[tuple[str, str], dict[object, Record]] = {}
    for place, one in enumerate(found):
        is_week = _WEEK.fullmatch(one.dataset) is not None
        points = groups.setdefault((WEEKS, "") if is_week else (one.dataset, one.dataset_hash), {})
        points[one.dataset if is_week else place] = one  # of a week the last record stands
    return [Series(dataset, content, tuple(points.values())) for (dataset, content), points in groups.items()]


def _lines(db: Session, name: str, newest: Record, fresh: Sequence[Step]) -> list[Line]:
    clear = [one for one in fresh if one.verdict in (Verdict.GAIN, Verdict.REGRESSION)]
    asked = _WORDS[newest.dataset]
    lines = [Line(f"{_NAMES[name]}: {_value(newest)} on {newest.n} {asked}.{_unclear(fresh, clear)}")]
    for one in sorted(clear, key=lambda one: -abs(one.difference))[:_MOST]:
        word = "Better" if one.verdict is Verdict.GAIN else "Worse"
        after = one.change or "a change that nobody recorded"
        said = f"{word} by {abs(one.difference):.3f} ({one.low:+.3f} to {one.high:+.3f}) after: {after}."
        lines.append(Line(said, _moved(db, one)))
    return lines


def _moved(db: Session, one: Step) -> tuple[str, ...]:
    """Return the first answers to the frozen questions that moved most in the direction of a step."""
    items = next((found.items for found in _frozen(db) if found.id == one.after.dataset_hash), ())
    questions = sorted(item.question_id for item in items)
    if one.method is not Method.PAIRED or len(questions) != len(one.after.scores):
        return ()
    sign = math.copysign(1.0, one.difference)
    gains = [sign * (now - then) for then, now in zip(one.before.scores, one.after.scores, strict=True)]
    most = sorted(((-gain, question) for gain, question in zip(gains, questions, strict=True) if gain > 0))[:_MOST]
    answered = baselines.first_answers(db, [question for _, question in most])
    return tuple(answered[question] for _, question in most if question in answered)


def _frozen(db: Session) -> list[EvaluationSet]:
    return evaluation_sets.history(db, SetKind.FROZEN)


def _value(one: Record) -> str:
    ends = "" if one.low is None or one.high is None else f" (95 % interval {one.low:.3f} to {one.high:.3f})"
    return f"{one.value:.3f}{ends}"


def _unclear(fresh: Sequence[Step], clear: Sequence[Step]) -> str:
    if not fresh:
        return " Nothing changed within this time."
    rest = len(fresh) - len(clear)
    if not rest:
        return ""
    seen = f"that {fresh[-1].after.n} questions can show."
    if len(fresh) == 1:
        return f" The one change made no difference {seen}"
    return f" Of {len(fresh)} changes {'none' if rest == len(fresh) else len(clear)} made a difference {seen}"


def _numbers(newest: Record, fresh: Sequence[Step]) -> dict[str, object]:
    steps = [
        {
            "at": one.after.at.isoformat(),
            "change": one.change,
            "verdict": one.verdict.value,
            "method": one.method.value,
            "difference": one.difference,
            "low": one.low,
            "high": one.high,
            "n": one.after.n,
        }
        for one in fresh
    ]
    value = {name: value for name, value in asdict(newest).items() if name in ("value", "low", "high", "n")}
    return {**value, "dataset_hash": newest.dataset_hash, "steps": steps}
