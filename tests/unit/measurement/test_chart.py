"""The chart is a picture of the right size, and its words say what it shows."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from flywheel.measurement.chart import HEIGHT, WIDTH, alt_text, chart

GREEN = (0, 158, 115)


def content(**changes: Any) -> dict[str, Any]:
    """Return what the chart reads of a report."""
    days = [
        {"first": "2026-11-16", "satisfied": 5, "unsatisfied": 1, "silent": 4, "abstained": 2},
        {"first": "2026-11-17", "satisfied": 7, "unsatisfied": 2, "silent": 3, "abstained": 0},
    ]
    satisfied = {"value": 0.8, "low": 0.6, "high": 0.9, "count": 12, "total": 15}
    learners = {"reranker": {"champion": 0.51, "challenger": 0.81, "low": 0.2, "high": 0.4, "n": 150}}
    made = {
        "title": "Flywheel in week 2026-W47",
        "period": "2026-W47",
        "days": days,
        "numbers": {"questions": 24, "satisfied": satisfied},
        "learners": learners,
    }
    return {**made, **changes}


def pixels(png: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return the picture as rows of colours."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


@pytest.mark.parametrize("changes", [{}, {"learners": {}}, {"days": []}], ids=["all", "no challenger", "nothing asked"])
def test_the_picture_has_its_size_whatever_there_is_to_draw(changes: dict[str, Any]) -> None:
    assert pixels(chart(content(**changes))).shape == (HEIGHT, WIDTH, 3)


def test_satisfied_answers_are_drawn_in_green() -> None:
    drawn = (pixels(chart(content())) == GREEN).all(axis=2).sum()
    none = [{**day, "satisfied": 0} for day in content()["days"]]

    assert drawn > 10 * (pixels(chart(content(days=none))) == GREEN).all(axis=2).sum()


def test_the_words_give_the_totals_and_both_sides() -> None:
    said = alt_text(content())

    assert "12 satisfied, 3 not satisfied, 7 no vote, 2 not answered" in said
    assert "0.510 for the champion and 0.810 for the challenger on 150" in said


def test_learners_have_names_in_words() -> None:
    told = {"champion": 0.5, "challenger": 0.6, "low": 0.0, "high": 0.2, "n": 30}

    assert "Cross encoder training: nDCG@10" in alt_text(content(learners={"cross_encoder_training": told}))


def test_the_words_say_when_there_is_nothing_to_draw() -> None:
    assert "nothing to draw" in alt_text(content(days=[], learners={}))
