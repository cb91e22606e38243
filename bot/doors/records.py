"""The doors of the metric log: its records, and how a metric moved from change to change."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from bot.doors.entrance import CoreOf, Moment, Name
from flywheel.measurement import metrics, trends
from flywheel.measurement.averages import ALL
from flywheel.registry import Record
from flywheel.store import records

router = APIRouter(tags=["flywheel"])


class MetricRecord(BaseModel):
    """One metric value; the interval is 95 %."""

    at: datetime
    metric: str
    value: float
    n: int
    low: float | None
    high: float | None
    segment: str
    dataset: str
    dataset_hash: str
    versions: dict[str, str]
    change: str


class MetricRecords(BaseModel):
    """The log, oldest first."""

    records: list[MetricRecord]


class MetricMeaning(BaseModel):
    """What a metric is; `better` is higher, lower or neither."""

    name: str
    unit: str
    better: str
    meaning: str
    segmented: bool


class Catalogue(BaseModel):
    """Every metric with a fixed name; besides, there are families such as `heldout_…` and `judged_…`."""

    metrics: list[MetricMeaning]


class Step(BaseModel):
    """How a metric moved between two records: a gain, a regression, unclear, or the same.

    `method` says whether the same questions were compared one by one (paired), or two intervals.
    """

    at: datetime
    since: datetime
    difference: float
    low: float | None
    high: float | None
    method: str
    verdict: str
    change: str


class Series(BaseModel):
    """A metric's values on one data set, oldest first."""

    dataset: str
    dataset_hash: str
    points: list[MetricRecord]
    steps: list[Step]


class Trend(BaseModel):
    """A metric's series, one per data set; that of weekly figures is called `weeks`."""

    metric: MetricMeaning
    segment: str
    series: list[Series]


@router.get("/v1/records")
def list_records(core: CoreOf, metric: Name | None = None, since: Moment | None = None) -> MetricRecords:
    """List the metric log.

    Raises:
        InvalidInput: nothing is recorded of this metric, and there is no such metric.
    """
    with core.database.read() as db:
        found = records.since(db, metric=metric, at=since)
    if metric is not None and not found:
        metrics.metric(metric)
    return MetricRecords(records=_shown(found))


@router.get("/v1/metrics")
def list_metrics() -> Catalogue:
    """List what the metric log may hold, and what it means."""
    return Catalogue(metrics=[MetricMeaning(**asdict(one)) for one in metrics.catalogue()])


@router.get("/v1/trends")
def show_trend(core: CoreOf, metric: Name, segment: Name = ALL, since: Moment | None = None) -> Trend:
    """Show how a metric moved, and after which change it got better or worse.

    Raises:
        InvalidInput: there is no such metric.
    """
    with core.database.read() as db:
        found = trends.series(db, metric, segment, since)
    meaning = MetricMeaning(**asdict(metrics.metric(metric)))
    return Trend(metric=meaning, segment=segment, series=[_series(one) for one in found])


def _series(one: trends.Series) -> Series:
    steps = [
        Step(
            at=step.after.at,
            since=step.before.at,
            difference=step.difference,
            low=step.low,
            high=step.high,
            method=step.method.value,
            verdict=step.verdict.value,
            change=step.change,
        )
        for step in one.steps
    ]
    return Series(dataset=one.dataset, dataset_hash=one.dataset_hash, points=_shown(one.points), steps=steps)


def _shown(found: Iterable[Record]) -> list[MetricRecord]:
    return [MetricRecord(**{name: getattr(one, name) for name in MetricRecord.model_fields}) for one in found]
