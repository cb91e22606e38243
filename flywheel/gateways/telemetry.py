"""Tell how long the stages of a question take: to Prometheus always, to OpenTelemetry where a collector is named.

Spans carry a stage's name, its nesting and facts such as counts, never a text or a person; a stage that failed carries
the type of its error alone, because messages of errors quote what they failed on. The SDK reads the standard variables
(OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER …) by itself; spans that the collector does not take
are dropped by its batches, and nothing waits for it.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram

from flywheel.ports import Note, Span, Tracer
from flywheel.stages import Untraced

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Span as OpenSpan

SERVICE = "flywheel"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_PATH = "/v1/traces"


class Telemetry:
    """A tracer that keeps a histogram of every stage and hands each on to another tracer."""

    def __init__(self, onward: Tracer | None = None) -> None:
        """Count from zero; without `onward` the histograms are all there is."""
        self._onward = onward or Untraced()
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "flywheel_stage_seconds", "Seconds a stage took.", ["stage"], buckets=_BUCKETS, registry=self.registry
        )
        self._failed = Counter("flywheel_stage_failures", "Stages that failed.", ["stage"], registry=self.registry)

    @contextmanager
    def span(self, name: str, parent: str = "", **facts: Note) -> Iterator[Span]:
        """Time a stage."""
        began, done = time.perf_counter(), False
        try:
            with self._onward.span(name, parent, **facts) as span:
                yield span
            done = True
        finally:
            self._seconds.labels(name).observe(time.perf_counter() - began)
            if not done:
                self._failed.labels(name).inc()

    def current(self) -> str:
        """Return the current stage as the tracer behind knows it."""
        return self._onward.current()

    def close(self) -> None:
        """Send what waits to be sent."""
        if isinstance(self._onward, OpenTelemetry):
            self._onward.close()


class OpenTelemetry:
    """A tracer that exports spans."""

    def __init__(self, processor: "SpanProcessor") -> None:
        """Hand every finished span to a processor."""
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - where tracing is on

        self._provider: TracerProvider = TracerProvider()
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer(SERVICE)

    def span(self, name: str, parent: str = "", **facts: Note) -> AbstractContextManager[Span]:
        """Open a span within the current one, or within a W3C traceparent; one that makes no sense counts as none."""
        return self._span(name, parent, facts)

    @contextmanager
    def _span(self, name: str, parent: str, facts: dict[str, Note]) -> Iterator[Span]:
        from opentelemetry.trace import StatusCode  # noqa: PLC0415 - where tracing is on
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415 - as above

        context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
        attributes = {f"{SERVICE}.{key}": value for key, value in facts.items()}
        with self._tracer.start_as_current_span(
            name, context, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield _Noted(span)
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def current(self) -> str:
        """Return the current span as a W3C traceparent, empty outside of any."""
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415 - as above

        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier)
        return carrier.get("traceparent", "")

    def close(self) -> None:
        """Send what waits to be sent, for a few seconds at most."""
        self._provider.shutdown()


class _Noted:
    """A span as stages see it."""

    def __init__(self, span: "OpenSpan") -> None:
        self._span = span

    def note(self, **facts: Note) -> None:
        """Add facts."""
        self._span.set_attributes({f"{SERVICE}.{key}": value for key, value in facts.items()})


def open_telemetry(endpoint: str | None) -> Telemetry:
    """Return telemetry that exports spans to a collector (OTLP over HTTP, its base address), or none without one."""
    if endpoint is None:
        return Telemetry()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - where it is on
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above

    return Telemetry(OpenTelemetry(BatchSpanProcessor(OTLPSpanExporter(endpoint.rstrip("/") + _PATH))))
