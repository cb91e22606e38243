"""Write the metric log: one record per figure, with n, interval, and what it was measured on.

`keep` is the one door to the log: it knows the catalogue, and no record gets in without the state of the system.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from flywheel.errors import InvalidInput
from flywheel.learning.challenge import Challenge
from flywheel.learning.comparison import Comparison
from flywheel.learning.gate import Verdict
from flywheel.measurement.evidence import named
from flywheel.measurement.metrics import metric
from flywheel.measurement.week import Figures, Share, share
from flywheel.registry import Record
from flywheel.store import records as log
from flywheel.store.database import Session

_ALL = "all"


def keep(db: Session, records: Iterable[Record], system: Mapping[str, str]) -> None:
    """Add records to the log, each with the versions of the system (`system.versions`) beside its own.

    Raises:
        InvalidInput: the catalogue has no such metric, or does not segment it. Nothing is stored.
    """
    made = [replace(one, versions={**system, **one.versions}) for one in records]
    for one in made:
        if not metric(one.metric).segmented and one.segment != _ALL:
            raise InvalidInput(f"{one.metric} has no segments, so {one.segment!r} cannot be recorded")
    log.put(db, made)


def of_week(figures: Figures, period: str, at: datetime) -> list[Record]:
    """Return the records of a week's figures; a figure of nothing makes none."""
    shares = {
        "answered_share": figures.answered,
        "satisfaction": figures.satisfied,
        "no_signal_share": figures.silent,
    }
    answers = figures.answered.total
    numbers = {
        "questions": (float(figures.questions), figures.questions),
        "corrections_suggested": (float(figures.suggested), figures.suggested),
        "corrections_approved": (float(figures.approved), figures.suggested),
        "latency_p50_ms": (figures.median_ms, answers),
        "latency_p95_ms": (figures.p95_ms, answers),
    }
    plain = [
        Record(at, metric, value, n, dataset=period) for metric, (value, n) in numbers.items() if value is not None
    ]
    return [*plain, *(made for metric, one in shares.items() for made in _of_share(at, metric, one, period))]


def of_verdict(verdict: Verdict, snapshot: str, versions: Mapping[str, str], at: datetime) -> list[Record]:
    """Return the records of one challenge: both sides' scores, and the difference with its interval.

    `versions` names the champion's and the challenger's release.
    """
    change = f"{verdict.learner} {verdict.decision.value}"
    parts = (("all", verdict.overall), ("seen", verdict.seen), ("unseen", verdict.unseen))
    return [
        Record(
            at=at,
            metric=f"heldout_{named(one.metric)}_{side}",
            value=value,
            n=one.n,
            low=low,
            high=high,
            segment=f"{verdict.learner}:{segment}",
            dataset="heldout",
            dataset_hash=snapshot,
            versions=versions,
            change=change,
        )
        for segment, one in parts
        if one.n
        for side, value, low, high in _sides(one)
    ]


def of_seconds(made: Challenge, questions: int, at: datetime) -> list[Record]:
    """Return the records of how long a learner took to learn from so many questions, and to be evaluated."""
    return [
        Record(at, f"learning_seconds_{verb}", spent, questions, segment=made.learner, dataset="ledger")
        for verb, spent in made.seconds.items()
    ]


def of_shortlists(listed: int, positives: int, snapshot: str, at: datetime) -> list[Record]:
    """Return the record of how many wanted passages the stored shortlists held."""
    return list(_of_share(at, "shortlist_recall_at_40", share(listed, positives), "ledger", snapshot))


def _sides(one: Comparison) -> Iterator[tuple[str, float, float | None, float | None]]:
    yield "champion", one.champion, None, None
    yield "challenger", one.challenger, None, None
    yield "difference", one.difference, one.low, one.high


def _of_share(at: datetime, metric: str, one: Share, dataset: str, dataset_hash: str = "") -> Iterator[Record]:
    if one.value is not None:
        yield Record(at, metric, one.value, one.total, one.low, one.high, dataset=dataset, dataset_hash=dataset_hash)
