"""The report's charts: pictures of the right size, words that say the numbers, blocks that Slack takes."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.simulator.chartrules import chart as problems
from flywheel.errors import NotFound
from flywheel.measurement.chart import HEIGHT, WIDTH, draw, told
from flywheel.measurement.charts.slack import chart_block

PAINTED = {"trend": (0, 114, 178), "routes": (0, 114, 178), "matrix": (213, 94, 0)}


def share(yes: int, total: int) -> dict[str, Any]:
    if not total:
        return {"count": yes, "total": total, "low": None, "high": None, "value": None}
    return {"count": yes, "total": total, "low": 0.5, "high": 0.9, "value": yes / total}


def content(**changes: Any) -> dict[str, Any]:
    """Return what the charts read of a report."""
    weeks = [
        {"period": f"2026-W{40 + n}", "from": f"2026-10-{5 + n:02d}T00:00:00+00:00", **share(n, 8)} for n in range(8)
    ]
    routes = [{"route": "documents", **share(30, 40)}, {"route": "code", **share(0, 0)}]
    points = [
        {"label": "vpn client", "volume": 14, "dissatisfaction": 0.5, "lever": "inventory"},
        {"label": "invoices", "volume": 4, "dissatisfaction": 0.25, "lever": "router"},
    ]
    made = {
        "kind": "weekly",
        "numbers": {"trend": weeks, "routes": routes},
        "sections": [{"key": "matrix", "title": "", "lines": [], "numbers": {"points": points}}],
    }
    return made | changes


def nothing() -> dict[str, Any]:
    numbers = {"trend": [{"period": "2026-W47", "from": "2026-11-16T00:00:00+00:00", **share(0, 0)}], "routes": []}
    return content(numbers=numbers, sections=[{"key": "matrix", "title": "", "lines": [], "numbers": {}}])


def pixels(png: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


@pytest.mark.parametrize("key", ["trend", "routes", "matrix"])
def test_a_picture_is_drawn_in_its_size_and_colour(key: str) -> None:
    drawn = pixels(draw(content(), key))

    assert drawn.shape == (HEIGHT, WIDTH, 3)
    assert (drawn == PAINTED[key]).all(axis=2).sum() > 150


@pytest.mark.parametrize("key", ["trend", "routes", "matrix"])
def test_where_nothing_is_to_be_drawn_the_picture_has_no_point(key: str) -> None:
    assert (pixels(draw(nothing(), key)) == PAINTED[key]).all(axis=2).sum() == 0


def test_the_words_say_the_numbers() -> None:
    trend, routes, matrix = (one["alt"] for one in told(content()))

    assert "2026-W47 88 % of 8 votes (50 % to 90 %)" in trend
    assert "Documents 75 % of 40 votes (50 to 90 %)" in routes
    assert "vpn client: 14 questions, 50 % not satisfied, would help: write it down" in matrix


def test_words_without_votes_say_that() -> None:
    assert all("nobody voted" in one["alt"] or "too few" in one["alt"] for one in told(nothing()))


def test_slack_takes_the_blocks() -> None:
    blocks = [one["slack"] for one in told(content()) if one["slack"] is not None]

    assert [block["chart"]["type"] for block in blocks] == ["line", "bar"]
    assert [problem for block in blocks for problem in problems(block, "")] == []


def test_there_is_no_block_for_nothing() -> None:
    assert [one["slack"] for one in told(nothing())] == [None, None, None]


def test_long_and_equal_names_fit_into_a_block() -> None:
    block = chart_block("bar", "t" * 80, ["a very long name of a route"] * 25, {"s" * 30: [1.0] * 25}, "Percent")

    assert block is not None
    assert list(problems(block, "")) == []


def test_a_chart_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotFound, match="trend"):
        draw(content(), "pie")
