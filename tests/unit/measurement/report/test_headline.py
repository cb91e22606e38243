"""What a week's one sentence says, and what it may not say."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from flywheel.measurement.report.headline import Compared, State, causes_of, compared, of_frozen, sentence, state
from flywheel.registry import Outcome, Release

BEFORE = "the four weeks before"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def votes(yes: int, no: int, persons: int = 20) -> list[tuple[str, float]]:
    """Return votes of so many persons, who differ in how often they say yes."""
    rng = Random(yes + no)
    return [(f"p{place % persons}", float(n < yes)) for place, n in enumerate(rng.sample(range(yes + no), yes + no))]


def against(now: tuple[int, int], before: tuple[int, int], persons: int = 20) -> Compared:
    others = [(f"q{name}", value) for name, value in votes(*before, persons)]
    return compared(votes(*now, persons), others)


SAME = against((800, 200), (3200, 800))
FEWER = against((500, 500), (3200, 800))
MORE = against((990, 10), (3200, 800))

CASES = [
    ("more yes for certain", against((95, 5), (240, 160)), SAME, State.BETTER, "Getting better: 95 % of votes"),
    ("fewer yes for certain", against((40, 60), (320, 80)), SAME, State.WORSE, "Getting worse: 40 % of votes"),
    ("many votes, no change", against((800, 200), (3200, 800)), SAME, State.SAME, "About the same: 80 % of votes"),
    ("few votes, no clear change", against((30, 20), (120, 60)), SAME, State.UNKNOWN, "Cannot tell yet: 60 % of votes"),
    ("too few votes", against((7, 0), (240, 160)), SAME, State.UNKNOWN, "Cannot tell yet: 7 votes by 7 people now"),
    ("too few people", against((95, 5), (240, 160), 4), SAME, State.UNKNOWN, "Cannot tell yet: 100 votes by 4 people"),
    ("nobody voted", against((0, 0), (0, 0)), SAME, State.UNKNOWN, "Cannot tell yet: 0 votes by 0 people now"),
    ("more yes, fewer answers", against((95, 5), (240, 160)), FEWER, State.MIXED, "Mixed: 95 % of votes"),
    ("fewer yes, more answers", against((40, 60), (320, 80)), MORE, State.MIXED, "Mixed: 40 % of votes"),
    ("more yes and more answers", against((95, 5), (240, 160)), MORE, State.BETTER, "Getting better: 95 %"),
]


@pytest.mark.parametrize(("satisfied", "answered", "found", "begins"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_the_verdict_is_what_votes_can_show(satisfied: Compared, answered: Compared, found: State, begins: str) -> None:
    said = sentence(found, satisfied, answered, BEFORE)

    assert (state(satisfied, answered), said[: len(begins)]) == (found, begins)


def test_the_sentence_has_the_change_and_its_interval() -> None:
    said = sentence(State.BETTER, against((95, 5), (240, 160)), SAME, BEFORE)

    assert "35 points more than in the four weeks before (95 % interval +" in said
    assert said.endswith("; 100 votes by 20 people).")


def test_a_better_week_with_fewer_answers_says_so() -> None:
    said = sentence(State.MIXED, against((95, 5), (240, 160)), FEWER, BEFORE)

    assert "but 50 % of questions got an answer, 30 points fewer" in said


def test_one_busy_person_is_one_witness() -> None:
    loud = [("p0", 1.0)] * 60 + votes(10, 30)

    assert compared(loud, votes(120, 80)).sign == 0


def release(**told: Any) -> Release:
    """Return a release that the watch acted on."""
    evidence: Mapping[str, Any] = {"decision": "provisional", "watch": {"at": NOW.isoformat(), **told}}
    return Release("3fa9c0d1e2", "router", {}, evidence, "s", NOW - timedelta(days=9), Outcome.RELEASED, serving=True)


def gain(low: float) -> dict[str, Any]:
    return {"satisfied": {"low": low, "high": 0.2}}


@pytest.mark.parametrize(
    ("made", "named"),
    [
        (release(fate="promoted", differences=gain(0.02)), True),
        (release(fate="promoted", differences=gain(-0.03)), False),
        (release(fate="held", differences=gain(0.02)), False),
        (release(fate="promoted", differences={}), False),
    ],
    ids=["a canary that won", "a canary that did no harm", "a canary that was held", "nothing was compared"],
)
def test_a_cause_is_named_only_where_lots_were_drawn(made: Release, *, named: bool) -> None:
    found = causes_of([made], NOW - timedelta(days=7), NOW)

    assert ["the router release 3fa9c0d1" in one for one in found] == ([True] if named else [])


def test_what_the_frozen_questions_showed_is_told_when_votes_cannot_tell() -> None:
    steps = [
        {"verdict": "gain", "difference": 0.0321, "change": "fusion promoted"},
        {"verdict": "unclear", "difference": 0.2, "change": "index"},
    ]

    assert of_frozen({"ndcg_at_10": {"steps": steps}}) == ["ranking got better by 0.032 nDCG@10 after: fusion promoted"]
