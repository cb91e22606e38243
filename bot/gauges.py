"""Prometheus figures, read from the store at each scrape."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from flywheel.core import Core
from flywheel.store import counts


class StoreGauges(Collector):
    """Gauges over the store's counts."""

    def __init__(self, core: Core) -> None:
        """Read from this core's store."""
        self._core = core

    def collect(self) -> Iterable[Metric]:
        """Yield the totals, the signals by kind and the jobs by state."""
        with self._core.database.read() as db:
            totals, kinds, states = counts.totals(db), counts.signals_by_kind(db), counts.jobs_by_state(db)
        for name, value in totals.items():
            yield GaugeMetricFamily(f"flywheel_{name}", f"Stored {name}.", value=value)
        yield _labelled("flywheel_signals", "kind", kinds)
        yield _labelled("flywheel_jobs", "state", states)

    def describe(self) -> Iterable[Metric]:
        """Name nothing at registration, so that the store need not be there yet."""
        return ()


def registry(core: Core) -> CollectorRegistry:
    """Return a registry with the store's gauges."""
    made = CollectorRegistry()
    made.register(StoreGauges(core))
    return made


def _labelled(name: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, f"{name.removeprefix('flywheel_').capitalize()} by {label}.", labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
