"""Prometheus figures, read from the store at each scrape."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from flywheel.core import Core
from flywheel.gateways.telemetry import Telemetry
from flywheel.store import counts, unasked

RECENT = timedelta(days=35)
"""Metric values that are older are not shown."""


class StoreGauges(Collector):
    """Gauges over the store's counts."""

    def __init__(self, core: Core) -> None:
        """Read from this core's store."""
        self._core = core

    def collect(self) -> Iterable[Metric]:
        """Yield the totals, the signals by kind and the jobs by state."""
        with self._core.database.read() as db:
            totals, kinds, states = counts.totals(db), counts.signals_by_kind(db), counts.jobs_by_state(db)
            waiting, begun, reviews = counts.waiting_since(db), counts.last_done(db), counts.reviews_waiting(db)
            heard = unasked.counts(db)
            measured = counts.newest_values(db, self._core.now() - RECENT)
        for name, value in totals.items():
            yield GaugeMetricFamily(f"flywheel_{name}", f"Stored {name}.", value=value)
        yield _labelled("flywheel_signals", "kind", kinds)
        yield _labelled("flywheel_jobs", "state", states)
        yield _labelled("flywheel_unasked_total", "decision", heard)
        yield _labelled("flywheel_reviews_waiting", "kind", reviews)
        yield _labelled("flywheel_last_done_timestamp_seconds", "what", begun)
        age = (self._core.now() - waiting).total_seconds() if waiting else 0.0
        yield GaugeMetricFamily("flywheel_oldest_job_seconds", "How long the oldest due job has waited.", value=age)
        yield _measured(measured)

    def describe(self) -> Iterable[Metric]:
        """Name nothing at registration, so that the store need not be there yet."""
        return ()


def registry(core: Core) -> CollectorRegistry:
    """Return a registry with the store's gauges, and with how long stages took in this process."""
    made = CollectorRegistry()
    made.register(StoreGauges(core))
    if isinstance(core.tracer, Telemetry):
        made.register(core.tracer.registry)
    return made


def _labelled(name: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, f"{name.removeprefix('flywheel_').capitalize()} by {label}.", labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _measured(values: Mapping[tuple[str, str, str], float]) -> GaugeMetricFamily:
    labels = ["metric", "segment", "dataset"]
    family = GaugeMetricFamily("flywheel_metric", "The newest value of each metric in the log.", labels=labels)
    for names, value in values.items():
        family.add_metric(names, value)
    return family
