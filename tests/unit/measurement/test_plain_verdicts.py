"""Verdicts in words that an administrator reads once."""

from typing import Any

import pytest

from flywheel.measurement.plain_verdicts import of_release, short, untried

HELD: dict[str, Any] = {
    "decision": "held",
    "reason": "Long.",
    "metric": "nDCG@10",
    "n_heldout": 150,
    "persons": 20,
    "champion": {"id": "default", "ndcg_at_10": 0.5},
    "challenger": {"id": "x", "ndcg_at_10": 0.55},
    "difference": 0.05,
    "smallest": 0.04,
    "p_adjusted": 0.2,
    "level": 0.02,
    "tested": True,
}


def lacking(reason: str) -> dict[str, Any]:
    return {"decision": "held", "reason": reason, "challenger": None}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"decision": "released"},
            "Better: nDCG@10 0.500 → 0.550 on 150 newer questions. It serves everybody.",
        ),
        ({"decision": "provisional"}, "Half of the people get it now"),
        ({}, "Perhaps better, but it may be chance"),
        ({"difference": -0.01}, "Not better: nDCG@10"),
        ({"tested": False, "n_heldout": 12}, "Too early to tell: 12 of the 30 newer questions that a verdict needs."),
        ({"tested": False, "persons": 2}, "2 of the 5 people"),
        ({"tested": False, "difference": 0.0}, "it does what serves now"),
        ({"tested": False}, "too few people saw any difference"),
        (
            {"p_adjusted": 0.001, "reason": "Slower. Otherwise it would have passed: 0.5; p = 0.001."},
            "but held: Slower.",
        ),
        (
            {"p_adjusted": 0.001, "reason": "memory gains more in the same place. nDCG@10 0.500 → 0.550, and so on."},
            "but held: memory gains more in the same place.",
        ),
    ],
)
def test_a_verdict_says_why(told: dict[str, Any], words: str) -> None:
    assert words in short(HELD | told)


def test_what_was_held_back_says_nothing_of_the_test() -> None:
    told = short(HELD | {"p_adjusted": 0.001, "reason": "Slower. Otherwise it would have passed: 0.5; p = 0.001."})

    assert "p =" not in told


def test_the_evidence_of_an_earlier_version_is_told_as_it_is() -> None:
    assert short({"decision": "held", "reason": "Not better. And so on."}) == "Not better."


def test_those_that_wait_stand_in_one_line_the_nearest_first() -> None:
    told = {
        "towers": lacking("Too little data: 3 questions with a trusted positive; training both towers needs 6000."),
        "fusion": lacking("Too little data: 3 questions with a trusted positive; the fusion weight needs 20."),
        "thresholds": lacking("Too little data: 7 answers that people judged; the thresholds need 50."),
    }

    assert untried(told) == (
        "Not tried yet: fusion (3 of 20 questions), thresholds (7 of 50 judged answers), towers (3 of 6,000 questions)."
    )


def test_those_that_lack_the_same_stand_together() -> None:
    reason = "No language model is configured, and liked answers are shown to nobody else."

    assert untried({"prompt": lacking(reason), "examples": lacking(reason)}) == (
        "Not tried yet: examples and prompt (no language model is configured)."
    )


def test_where_all_were_tried_there_is_no_line() -> None:
    assert untried({"fusion": HELD}) == ""


def test_of_a_release_it_is_not_said_whom_it_served_then() -> None:
    assert of_release(HELD | {"decision": "provisional"}) == "nDCG@10 0.500 → 0.550 on 150 newer questions."
    assert of_release(HELD).startswith("Perhaps better")


def test_a_release_without_a_trial_has_its_own_reason() -> None:
    assert of_release({"origin": "index", "reason": "Trained on the index."}) == "Trained on the index."
