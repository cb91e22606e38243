"""Why this answer?: what its modal says, and to whom."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.trace import Found, Trace, gone_view, trace_view
from bot.simulator.blockcheck import Surface, problems
from flywheel.model import Answer, Retriever, Routing

MOMENT = datetime(2026, 11, 18, tzinfo=UTC)
ANSWER = Answer(
    "a1",
    "q1",
    "Install it. [1]",
    abstained=False,
    confidence=0.72,
    writer="extractive",
    route={"documents": 0.81, "code": 0.15, "answers": 0.02},
    versions={"encoder": "0123456789abcdef0123456789abcdef", "router": "default"},
    timings_ms={"retrieve": 12.4, "total": 20.1},
    trace=("Found 3 passages; the best is in “VPN”.", "The evidence is strong."),
    routing=Routing(("documents", "code"), sure=True, threshold=0.8, withheld=2, line=0.5),
)
FOUND = (Found("VPN › Set it up", Retriever.DOCUMENTS, 0.66, 1), Found("connect.py", Retriever.CODE, 0.31))
TRACE = Trace(ANSWER, "how do I connect?", "How do I connect to the VPN?", FOUND)


def words(view: dict[str, Any]) -> str:
    parts = [part for block in view["blocks"] for part in (block.get("text"), *block.get("elements", ())) if part]
    return "\n".join(str(part["text"]) for part in parts)


def test_it_shows_the_question_as_understood() -> None:
    assert "Understood as: How do I connect to the VPN?" in words(trace_view(TRACE))


def test_a_question_that_stood_alone_is_said_once() -> None:
    assert "Understood as" not in words(trace_view(replace(TRACE, standalone=TRACE.question)))


def test_it_lists_what_was_found_with_its_number_among_the_sources() -> None:
    shown = words(trace_view(TRACE))

    assert "1. VPN › Set it up · documents · 66 % · source [1]" in shown
    assert "2. connect[.]py · code · 31 %" in shown


def test_it_shows_ten_and_counts_the_rest() -> None:
    shown = words(trace_view(replace(TRACE, found=FOUND[:1] * 14)))

    assert "10. VPN" in shown
    assert "11. VPN" not in shown
    assert "and 4 more" in shown


def test_what_the_reader_may_not_see_is_counted() -> None:
    assert "3 you cannot see" in words(trace_view(replace(TRACE, hidden=3)))


@pytest.mark.parametrize("line", ["The best is in “Payroll”.", "An older source disagrees (Payroll); it was left out."])
def test_what_may_name_a_document_is_kept_from_those_who_may_not_see_all(line: str) -> None:
    shown = words(trace_view(replace(TRACE, answer=replace(ANSWER, trace=(line,)), hidden=1)))

    assert "Payroll" not in shown
    assert "told to those who may read everything" in shown


def test_what_was_left_out_for_access_is_a_count() -> None:
    assert "2 passages were left out" in words(trace_view(TRACE))


def test_confidence_stands_against_its_line() -> None:
    assert "Confidence 72 %; an answer is given from 50 % on" in words(trace_view(TRACE))


@pytest.mark.parametrize(
    ("routing", "said"),
    [
        (Routing(("documents",), sure=True, threshold=0.8), "I was sure enough: 81 % against a threshold of 80 %."),
        (Routing(("documents", "code"), threshold=0.9), "I was not sure: 81 % is below the threshold of 90 %"),
        (Routing(("documents", "code"), threshold=0.7), "I was not sure that anything here answers this"),
        (Routing(("documents", "code"), threshold=1.0), "I have not learned to choose yet"),
        (Routing(("documents",), threshold=0.9), "There was one place to look."),
        (Routing(("code",), sure=True, asked_for="code"), "Somebody chose code by hand."),
        (Routing(("code",), explored=True, propensity=0.05), "Chance had a say, so that I learn: this choice has"),
    ],
)
def test_it_says_how_the_retrievers_were_chosen(routing: Routing, said: str) -> None:
    assert said in words(trace_view(replace(TRACE, answer=replace(ANSWER, routing=routing))))


def test_what_was_not_searched_is_marked() -> None:
    routing = Routing(("documents",), sure=True, threshold=0.8)

    assert "code 15 % · not searched" in words(trace_view(replace(TRACE, answer=replace(ANSWER, routing=routing))))


def test_long_hashes_are_shortened() -> None:
    shown = words(trace_view(TRACE))

    assert "encoder 01234567 · router default" in shown


def test_who_chose_by_hand_is_mentioned() -> None:
    told = replace(ANSWER, trace=("Looked in code alone, because U0KENJI asked for it.",))

    assert "because <@U0KENJI> asked for it" in words(trace_view(replace(TRACE, answer=told)))


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=300), st.sampled_from(["x" * 9_000, "a\n" * 3_000, "&<>" * 2_000])))
def test_any_text_makes_a_valid_modal(text: str) -> None:
    answer = replace(ANSWER, trace=(text,) * 40, route={text: 0.5}, versions={text: text}, timings_ms={text: 1.0})

    view = trace_view(Trace(answer, text, text, (Found(text, Retriever.PEOPLE, 0.5),) * 40, hidden=1))

    assert list(problems(view["blocks"], Surface.MODAL)) == []


def test_a_question_that_is_gone_has_no_trace() -> None:
    assert "deleted" in words(gone_view())
