"""The marks that judges gave, as of a moment: per judge, metric and answer the median of its runs.

Only what a judge said under its newest rubric counts. An answer whose runs mostly had no usable reply has no mark. The
mark *overall* is the lowest of faithfulness, answer relevance and correctness: an answer is as good as its worst side.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from flywheel.measurement.judge.rubrics import Metric
from flywheel.measurement.week import Share, share
from flywheel.store import judgements
from flywheel.store.database import Session
from flywheel.store.judgements import Judgement

OVERALL = "overall"
_SIDES = (Metric.FAITHFULNESS, Metric.ANSWER_RELEVANCE, Metric.CORRECTNESS)


@dataclass(frozen=True, slots=True)
class Mark:
    """A median in [0, 1], how far the runs lie apart, their values in order, and the reason of the middle one."""

    value: float
    spread: float
    values: tuple[float, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything that one judge said. `of` maps a metric's name to marks by answer id; `rubrics` to its rubric's hash.

    `unread` counts runs without a usable reply.
    """

    judge: str
    of: Mapping[str, Mapping[str, Mark]]
    rubrics: Mapping[str, str]
    unread: int

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the ids of the answers with a mark of any kind, in order."""
        return tuple(sorted({one for marks in self.of.values() for one in marks}))


def given(db: Session, answer_ids: Iterable[str], seen: datetime) -> list[Marks]:
    """Return what each judge said of some answers up to a moment, judges in order of their names."""
    said = [one for one in judgements.of_answers(db, answer_ids) if one.at <= seen]
    by_judge: dict[str, list[Judgement]] = defaultdict(list)
    for one in said:
        by_judge[one.judge].append(one)
    return [_marks(judge, by_judge[judge]) for judge in sorted(by_judge)]


def steady(marks: Marks) -> Share:
    """Return the share of marks whose runs, at least two, all gave the same value."""
    several = [
        one for metric, its in marks.of.items() if metric != OVERALL for one in its.values() if len(one.values) > 1
    ]
    return share(sum(one.spread == 0 for one in several), len(several))


def _marks(judge: str, said: Sequence[Judgement]) -> Marks:
    rubrics = {one.metric: one.rubric for one in said}  # oldest first: the newest stays
    current = [one for one in said if one.rubric == rubrics[one.metric]]
    runs: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for one in current:
        runs[one.metric, one.answer_id].append(one)
    of: dict[str, dict[str, Mark]] = defaultdict(dict)
    for (metric, answer_id), its in sorted(runs.items()):
        mark = _mark(its)
        if mark is not None:
            of[metric][answer_id] = mark
    of[OVERALL] = _overall(of)
    return Marks(judge, dict(of), rubrics, sum(one.value is None for one in current))


def _mark(runs: Sequence[Judgement]) -> Mark | None:
    read = sorted((one for one in runs if one.value is not None), key=lambda one: one.run)
    values = [one.value for one in read if one.value is not None]
    if not values or len(values) * 2 < len(runs):
        return None
    middle = median(values)
    nearest = min(read, key=lambda one: (abs((one.value or 0.0) - middle), one.run))
    return Mark(middle, max(values) - min(values), tuple(values), nearest.reason)


def _overall(of: Mapping[str, Mapping[str, Mark]]) -> dict[str, Mark]:
    """Return the lowest mark of each answer whose relevance and truth, by sources or a verified answer, are known."""
    relevant = of.get(Metric.ANSWER_RELEVANCE, {})
    found: dict[str, Mark] = {}
    for answer_id in relevant:
        sides = [of[side][answer_id] for side in _SIDES if answer_id in of.get(side, {})]
        if len(sides) > 1:
            found[answer_id] = min(sides, key=lambda one: one.value)
    return found
