"""What a metric usually is: its values week by week, from the ledger and from the metric log, and now.

    counted     satisfaction, answered, no signal, times: from a week's answers, all of them, by route and by surface
    judged      what a judge says of sampled answers, from the metric log
    frozen      rankings of the frozen questions, from the metric log: the same questions every time, so that chance
                has no part in a difference

A metric of a segment is named by both, such as ("satisfaction", "route:code"). Answered weeks come from the ledger and
not from the log, so that the newest seven days can be counted in the same way at any hour. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flywheel.errors import InvalidInput
from flywheel.measurement.estimates import Estimate, percentile, share
from flywheel.measurement.judge.rubrics import Metric
from flywheel.measurement.week import latency_ms
from flywheel.measurement.window import Window
from flywheel.model import Retriever, Surface
from flywheel.registry import Record
from flywheel.store.ledger import Exchange
from flywheel.store.thresholds import Bound

ENOUGH = 20
"""Values below which a metric of a segment says nothing: an interval of fewer reaches 20 points to either side."""
ENOUGH_PERSONS = 5
ALL = "all"
FROZEN = "frozen"
JUDGED = "judged_"
"""How the names of metrics begin that a judge gives; larger is better."""
_MARKS = frozenset(f"{JUDGED}{one}" for one in Metric)
"""What a judge says of answers; the log holds what is said of the judge besides."""

BOUNDS: Mapping[str, Bound] = {
    "satisfaction": Bound.AT_LEAST,
    "answered_share": Bound.AT_LEAST,
    "no_signal_share": Bound.AT_MOST,
    "latency_p95_ms": Bound.AT_MOST,
    "ndcg_at_10": Bound.AT_LEAST,
    "recall_at_5": Bound.AT_LEAST,
}
"""The metrics that may have a threshold, and which side of it is acceptable; those of a judge come besides."""
COUNTED = ("satisfaction", "answered_share", "no_signal_share", "latency_p95_ms")
"""Those of them that are counted from answers."""

_SEGMENTS = (ALL, *(f"route:{one.value}" for one in Retriever), *(f"surface:{one.value}" for one in Surface))
LONGEST = 80
"""Characters of a metric's or segment's name in the store."""

About = tuple[str, str]
"""A metric and a segment."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a metric of a segment is: a share in [0, 1], milliseconds or a score, with its 95 % interval.

    `is_sample` says that other answers would have given another value; `answers` are the ids of those it counts;
    `dataset_hash` tells which questions were asked where it is no sample.
    """

    metric: str
    segment: str
    estimate: Estimate
    is_sample: bool = True
    answers: tuple[str, ...] = ()
    change: str = ""
    dataset_hash: str = ""

    @property
    def about(self) -> About:
        """Return the metric and the segment."""
        return self.metric, self.segment

    @property
    def is_enough(self) -> bool:
        """Tell whether it counts enough values, of enough persons."""
        return self.estimate.n >= ENOUGH and (not self.is_sample or self.estimate.persons >= ENOUGH_PERSONS)


def bound_of(metric: str) -> Bound | None:
    """Return which side of a threshold of this metric is acceptable, or None where it may have none."""
    return Bound.AT_LEAST if metric in _MARKS else BOUNDS.get(metric)


def refuse_unknown(metric: str, segment: str) -> None:
    """Refuse what is never measured: a threshold on it would never alarm, and nobody would know.

    Raises:
        InvalidInput: there is no such metric, or it is not measured for this segment; the message says what is.
    """
    if bound_of(metric) is None:
        known = ", ".join([*sorted(BOUNDS), *sorted(_MARKS)])
        raise InvalidInput(f"a threshold is for one of {known}, not {metric!r}")
    if metric in _MARKS and segment != ALL:
        raise InvalidInput(f"{metric} is measured for {ALL} answers alone, not for {segment!r}")
    if metric in COUNTED and segment not in _SEGMENTS:
        raise InvalidInput(f"{metric} is measured for {', '.join(_SEGMENTS)}, not for {segment!r}")
    if metric in BOUNDS and metric not in COUNTED and segment.partition(":")[0] != FROZEN:
        raise InvalidInput(f"{metric} is measured for {FROZEN} questions (or {FROZEN}:… of a segment), not {segment!r}")
    if max(len(metric), len(segment)) > LONGEST:
        raise InvalidInput(f"metrics and segments have at most {LONGEST} characters")


def counted(window: Window) -> list[Observed]:
    """Return every counted metric of every segment of a window, however little it counts."""
    segments: dict[str, list[Exchange]] = defaultdict(list)
    for one in window.exchanges:
        for name in segments_of(one):
            segments[name].append(one)
    return [made for name, some in sorted(segments.items()) for made in _counted(window, name, some)]


def segments_of(exchange: Exchange) -> tuple[str, ...]:
    """Return the segments that an answer belongs to: all, its likeliest route, and where it was asked."""
    names = [ALL, f"surface:{exchange.question.surface.value}"]
    route = likeliest(exchange)
    return (*names, f"route:{route}") if route else tuple(names)


def likeliest(exchange: Exchange) -> str:
    """Return the retriever that a person asked for, else the likeliest one; an empty string where several are."""
    return exchange.answer.routing.asked_for or foremost(exchange.answer.route)


def foremost(chances: Mapping[str, float]) -> str:
    """Return what is likeliest; an empty string where several are, as before a router was trained."""
    best = max(chances.values(), default=0.0)
    first = [name for name, chance in chances.items() if chance == best]
    return first[0] if len(first) == 1 else ""


def logged(records: Iterable[Record]) -> dict[About, list[Record]]:
    """Return what the log says of rankings of the newest frozen questions and of judges, oldest first."""
    ordered = sorted(records, key=lambda one: one.at)
    newest = {one.metric: one.dataset_hash for one in ordered if one.dataset == FROZEN}
    found: dict[About, list[Record]] = defaultdict(list)
    for one in ordered:
        about = about_record(one)
        is_current = one.dataset != FROZEN or one.dataset_hash == newest[one.metric]
        if about is not None and is_current:
            found[about].append(one)
    return dict(found)


def about_record(record: Record) -> About | None:
    """Return the metric and segment of a record that may have a threshold, or None; counted ones come from answers."""
    if bound_of(record.metric) is None:
        return None
    if record.metric.startswith(JUDGED):
        return record.metric, record.segment
    if record.dataset != FROZEN:
        return None
    return record.metric, FROZEN if record.segment == ALL else f"{FROZEN}:{record.segment}"


def newest(records: Sequence[Record]) -> Observed:
    """Return the newest of a metric's records as what it is now."""
    last = records[-1]
    about = about_record(last)
    assert about is not None
    estimate = Estimate(last.value, last.low, last.high, last.n, last.n)
    is_sample = last.dataset != FROZEN
    name = "" if is_sample else last.dataset_hash
    return Observed(*about, estimate, is_sample=is_sample, change=last.change, dataset_hash=name)


def weekly(records: Sequence[Record], until: datetime) -> list[float]:
    """Return the last value of each ISO week before a moment, oldest first."""
    values = {one.at.isocalendar()[:2]: one.value for one in records if one.at < until}
    return [value for _, value in sorted(values.items())]


def _counted(window: Window, segment: str, exchanges: Sequence[Exchange]) -> Iterator[Observed]:
    ids = tuple(one.answer.id for one in exchanges)
    votes, voted = _votes(window, exchanges)
    answered: dict[str, list[float]] = defaultdict(list)
    silent: dict[str, list[float]] = defaultdict(list)
    for one in exchanges:
        answered[one.question.person].append(float(not one.answer.abstained))
        silent[one.question.person].append(float(not window.about[one.answer.id]))
    took = [(one, ms) for one in exchanges if (ms := latency_ms(one)) is not None]
    slowest = percentile([ms for _, ms in took], 0.95, len({one.question.person for one, _ in took}))
    for metric, estimate, counts in (
        ("satisfaction", share(votes), voted),
        ("answered_share", share(answered), ids),
        ("no_signal_share", share(silent), ids),
        ("latency_p95_ms", slowest, tuple(one.answer.id for one, _ in took)),
    ):
        if estimate is not None:
            yield Observed(metric, segment, estimate, answers=counts)


def _votes(window: Window, exchanges: Sequence[Exchange]) -> tuple[dict[str, list[float]], tuple[str, ...]]:
    """Return the live votes of each voter, and the ids of the answers they are on."""
    said: dict[str, list[float]] = defaultdict(list)
    on = []
    for one in exchanges:
        votes = window.votes(one)
        for person, helped in votes.items():
            said[person].append(float(helped))
        if votes:
            on.append(one.answer.id)
    return said, tuple(on)
