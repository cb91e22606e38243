"""Stages as a collector and Prometheus see them: nested, timed, and without a word of what anybody wrote."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from flywheel.gateways.telemetry import OpenTelemetry, Telemetry, open_telemetry
from flywheel.stages import Stages

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def kept() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def telemetry(kept: InMemorySpanExporter) -> Telemetry:
    return Telemetry(OpenTelemetry(SimpleSpanProcessor(kept)))


def span_named(kept: InMemorySpanExporter, name: str) -> ReadableSpan:
    return next(one for one in kept.get_finished_spans() if one.name == name)


def trace_of(span: ReadableSpan) -> str:
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}"


def test_a_stage_lies_within_the_one_that_holds_it(telemetry: Telemetry, kept: InMemorySpanExporter) -> None:
    with telemetry.span("question"), telemetry.span("retrieve"):
        pass

    inner, outer = span_named(kept, "retrieve"), span_named(kept, "question")
    assert inner.parent is not None
    assert inner.parent == outer.get_span_context()


def test_facts_stand_under_our_name(telemetry: Telemetry, kept: InMemorySpanExporter) -> None:
    with telemetry.span("question", surface="mention") as span:
        span.note(abstained=False, found=40)

    told = dict(span_named(kept, "question").attributes or {})
    assert told == {"flywheel.surface": "mention", "flywheel.abstained": False, "flywheel.found": 40}


def test_a_stage_continues_a_trace_that_came_from_elsewhere(telemetry: Telemetry, kept: InMemorySpanExporter) -> None:
    with telemetry.span("http", PARENT):
        pass

    assert trace_of(span_named(kept, "http")) in PARENT


@pytest.mark.parametrize("nonsense", ["x", "00-0-0-00", "\x00", "ü" * 60])
def test_a_parent_that_makes_no_sense_counts_as_none(
    telemetry: Telemetry, kept: InMemorySpanExporter, nonsense: str
) -> None:
    with telemetry.span("http", nonsense):
        pass

    assert span_named(kept, "http").parent is None


def test_the_current_stage_can_be_continued_elsewhere(telemetry: Telemetry, kept: InMemorySpanExporter) -> None:
    with telemetry.span("slack"):
        handed_on = telemetry.current()
    with telemetry.span("post", handed_on):
        pass

    traces = {trace_of(one) for one in kept.get_finished_spans()}
    assert len(traces) == 1
    assert telemetry.current() == ""


def test_a_stage_that_fails_tells_the_kind_of_its_error_and_none_of_its_words(
    telemetry: Telemetry, kept: InMemorySpanExporter
) -> None:
    with pytest.raises(ValueError, match="secret"), telemetry.span("write"):
        raise ValueError("the secret question")

    failed = span_named(kept, "write")
    assert failed.attributes == {"error.type": "ValueError"}
    assert (failed.status.description, failed.events) == (None, ())


def test_every_stage_is_counted_for_prometheus_without_a_collector() -> None:
    telemetry = open_telemetry(None)
    for _ in range(3):
        with telemetry.span("rank"):
            pass

    assert telemetry.registry.get_sample_value("flywheel_stage_seconds_count", {"stage": "rank"}) == 3
    assert telemetry.current() == ""


def test_failures_are_counted() -> None:
    telemetry = open_telemetry(None)
    with pytest.raises(KeyError), telemetry.span("rank"):
        raise KeyError

    assert telemetry.registry.get_sample_value("flywheel_stage_failures_total", {"stage": "rank"}) == 1


def test_stages_keep_milliseconds_and_their_total(telemetry: Telemetry) -> None:
    stages = Stages(telemetry)
    with stages.stage("encode"), stages.stage("within"):
        pass

    told = stages.timings()
    assert told.keys() == {"encode", "within", "total"}
    assert told["within"] <= told["encode"] <= told["total"]


@contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """Run a collector that speaks OTLP over HTTP, and what it was sent."""
    taken: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                taken.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()
    server.server_close()


def test_a_collector_is_sent_what_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    with collector() as (address, taken):
        telemetry = open_telemetry(f"{address}/")
        with telemetry.span("question"), telemetry.span("retrieve"):
            pass
        telemetry.close()

    names = [span.name for one in taken for of in one.resource_spans for s in of.scope_spans for span in s.spans]
    assert sorted(names) == ["question", "retrieve"]


def test_a_collector_that_is_not_there_delays_nothing_and_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    telemetry = open_telemetry("http://127.0.0.1:9")
    with telemetry.span("question"):
        pass

    telemetry.close()
    assert telemetry.registry.get_sample_value("flywheel_stage_seconds_count", {"stage": "question"}) == 1
