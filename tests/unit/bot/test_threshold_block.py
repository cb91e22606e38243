"""What messages about thresholds say."""

import json
from dataclasses import replace

import pytest

from bot.blocks.message import Block
from bot.blocks.threshold import (
    CONFIRM,
    MOST,
    Alarm,
    Row,
    alarm_message,
    confirm_view,
    ids_in,
    proposals_message,
    redrawn,
    thresholds_message,
)
from bot.breaching import typed

ROW = Row(7, "Satisfied", "at least 71 %", "The last 4 weeks were between 78 % and 84 %.", "So.", "71", "%")
DECIDED = replace(ROW, state="confirmed", person="U9", reason="<agreed>")
ALARM = Alarm("Satisfied", "at least 71 %", "61 % of 84 votes")


def said(blocks: tuple[Block, ...] | list[Block]) -> str:
    return json.dumps(blocks, ensure_ascii=False)


def test_a_proposal_has_its_numbers_and_buttons() -> None:
    shown = proposals_message([ROW])

    assert "Satisfied: at least 71 %" in said(shown.blocks)
    assert CONFIRM in said(shown.blocks)


def test_many_proposals_fit_into_a_message() -> None:
    shown = proposals_message([replace(ROW, id=n) for n in range(1, 40)], 39 - MOST)

    assert len(shown.blocks) <= 50
    assert "27 more wait" in said(shown.blocks)


def test_what_was_decided_has_no_button() -> None:
    shown = redrawn(proposals_message([ROW]).blocks, {7: DECIDED})

    assert (CONFIRM in said(shown), "by <@U9>: at least 71 %. “&lt;agreed&gt;”" in said(shown)) == (False, True)


def test_the_others_keep_their_buttons() -> None:
    shown = redrawn(proposals_message([ROW, replace(ROW, id=8)]).blocks, {7: DECIDED})

    assert ids_in(shown) == [8]


def test_a_replaced_proposal_says_so() -> None:
    shown = redrawn(proposals_message([ROW]).blocks, {7: replace(ROW, state="replaced")})

    assert "A newer proposal has taken its place." in said(shown)


def test_the_form_starts_with_the_proposed_value() -> None:
    view = confirm_view(ROW)

    assert (view["private_metadata"], view["blocks"][1]["element"]["initial_value"]) == ("7", "71")


def test_what_is_in_force_is_told_with_its_reason() -> None:
    assert "• Satisfied: at least 71 %, by <@U9>: “&lt;agreed&gt;”" in said(thresholds_message([DECIDED], []).blocks)


@pytest.mark.parametrize(
    ("alarm", "says"),
    [
        (ALARM, "Worse than acceptable: Satisfied"),
        (replace(ALARM, change="router promoted"), "Last change: router promoted."),
        (replace(ALARM, over="75 % of 90 votes"), "Back to normal: Satisfied"),
        (replace(ALARM, is_retired=True), "No longer watched: Satisfied"),
    ],
)
def test_a_breach_says_how_it_stands(alarm: Alarm, says: str) -> None:
    assert says in said(alarm_message(alarm).blocks)


@pytest.mark.parametrize(
    ("metric", "text", "value"),
    [
        ("satisfaction", "71", 0.71),
        ("satisfaction", " 65,5 % ", 0.655),
        ("satisfaction", "171", None),
        ("satisfaction", "much", None),
        ("satisfaction", "0", None),
        ("latency_p95_ms", "1.8 s", 1_800.0),
        ("ndcg_at_10", "0.59", 0.59),
        ("ndcg_at_10", "59", None),
    ],
)
def test_values_are_read_as_people_type_them(metric: str, text: str, value: float | None) -> None:
    assert typed(metric, text) == (None if value is None else pytest.approx(value))
