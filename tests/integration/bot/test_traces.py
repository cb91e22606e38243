"""A question's whole way is one trace: Slack's delivery, every stage, the post."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from bot.api import Serving, create_api
from bot.gauges import registry
from flywheel.core import Core
from flywheel.gateways.telemetry import OpenTelemetry, Telemetry
from tests.integration.bot.world import People, eventually, workplace

QUESTION = "<@UBOT> how do I get on the VPN?"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def kept() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traced(core: Core, kept: InMemorySpanExporter) -> Core:
    return replace(core, tracer=Telemetry(OpenTelemetry(SimpleSpanProcessor(kept))))


@pytest.fixture
def traced_people(traced: Core) -> Iterator[People]:
    with workplace(traced) as (people, _):
        yield people


def number_of(span: ReadableSpan) -> str:
    """Return the number of a span's trace."""
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}"


def trace_of(kept: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    """Return the spans of the trace in which a stage of this name is."""
    spans = kept.get_finished_spans()
    found = {number_of(one) for one in spans if one.name == name}
    return [one for one in spans if number_of(one) in found]


def test_a_question_in_slack_is_one_trace_from_delivery_to_post(
    traced_people: People, kept: InMemorySpanExporter
) -> None:
    ts = traced_people.say("U2", "C1", QUESTION)
    traced_people.reply("U2", "C1", ts)
    eventually(lambda: "post" in {one.name for one in trace_of(kept, "question")})

    names = {one.name for one in trace_of(kept, "question")}
    stages = {"question", "understand", "retrieve", "encode", "route", "find", "rank", "decide", "write"}
    assert names == {"slack", "post"} | stages


def test_no_span_holds_a_word_of_the_question_or_its_answer(traced_people: People, kept: InMemorySpanExporter) -> None:
    ts = traced_people.say("U2", "C1", QUESTION)
    traced_people.reply("U2", "C1", ts)
    eventually(lambda: "post" in {one.name for one in trace_of(kept, "question")})

    told = " ".join(one.to_json() for one in kept.get_finished_spans()).lower()
    assert [word for word in ("vpn", "office-2", "u2") if word in told] == []


def test_a_call_continues_its_callers_trace(traced: Core, kept: InMemorySpanExporter) -> None:
    api = create_api(Serving(traced, "token", lambda _: None, dict, registry=registry(traced)))
    body = {"question": "how do I get on the VPN?", "user_id": "U2"}
    sent = {"Authorization": "Bearer token", "traceparent": PARENT}
    assert TestClient(api).post("/v1/ask", json=body, headers=sent).status_code == 200

    spans = {one.name: one for one in trace_of(kept, "question")}
    assert number_of(spans["question"]) in PARENT
    assert json.loads(spans["http"].to_json())["attributes"]["flywheel.door"] == "/v1/ask"


def test_prometheus_is_told_how_long_stages_took(traced: Core) -> None:
    client = TestClient(create_api(Serving(traced, "token", lambda _: None, dict, registry=registry(traced))))
    client.post(
        "/v1/ask", json={"question": "where is lunch?", "user_id": "U2"}, headers={"Authorization": "Bearer token"}
    )

    shown = client.get("/metrics").text
    assert 'flywheel_stage_seconds_count{stage="retrieve"} 1.0' in shown
    assert "flywheel_oldest_job_seconds 0.0" in shown
