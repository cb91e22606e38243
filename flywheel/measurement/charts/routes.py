"""Satisfaction by route: the retriever likeliest to have the answer, with its 95 % interval and the number of votes.

It draws `numbers.routes` of a report, the busiest route first.
"""

from collections.abc import Mapping
from typing import Any

from flywheel.measurement.charts.canvas import BLUE, INK, LARGE, PALE, canvas, empty, plain
from flywheel.measurement.charts.slack import chart_block

TITLE = "Satisfied, by route"
_NAMES: Mapping[str, str] = {
    "documents": "Documents",
    "code": "Code",
    "tables": "Tables",
    "images": "Pictures",
    "people": "People",
    "answers": "Verified answers",
    "none": "Searched everywhere",
}


def title(_: Mapping[str, Any]) -> str:
    """Return the chart's heading."""
    return TITLE


def draw(content: Mapping[str, Any]) -> bytes:
    """Return the picture as PNG bytes."""
    voted = [one for one in content["numbers"]["routes"] if one["total"]]
    with canvas(TITLE, "Share of votes that say yes, with 95 % intervals") as (figure, drawn):
        axes = figure.add_axes((0.215, 0.12, 0.765, 0.66))
        plain(axes, grid="x")
        for place, one in enumerate(voted):
            axes.plot([one["low"] * 100, one["high"] * 100], [place, place], color=PALE, linewidth=13, zorder=2,
                      solid_capstyle="round")  # fmt: skip
            axes.plot(one["value"] * 100, place, color=BLUE, marker="o", markersize=13, zorder=3)
            said = f"{one['value'] * 100:.0f} % of {one['total']}"
            axes.text(104, place, said, va="center", fontsize=LARGE, color=INK)
        axes.set_xlim(-2, 128)
        axes.set_xticks(range(0, 101, 25), [f"{one} %" for one in range(0, 101, 25)])
        axes.set_yticks(range(len(voted)), [named(one["route"]) for one in voted], fontsize=LARGE)
        axes.set_ylim(max(len(voted), 2) - 0.4, -0.6)
        if not voted:
            empty(axes, "Nobody voted in this time")
    return drawn.getvalue()


def alt(content: Mapping[str, Any]) -> str:
    """Return what the picture says."""
    voted = [one for one in content["numbers"]["routes"] if one["total"]]
    if not voted:
        return f"{TITLE}: nobody voted in this time."
    said = [
        f"{named(one['route'])} {one['value'] * 100:.0f} % of {one['total']} votes "
        f"({one['low'] * 100:.0f} to {one['high'] * 100:.0f} %)"
        for one in voted
    ]
    return f"{TITLE}, with 95 % intervals: {'; '.join(said)}."


def block(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return Slack's own chart of the same, in percent."""
    voted = [one for one in content["numbers"]["routes"] if one["total"]]
    series = {"Satisfied": [round(100 * one["value"], 1) for one in voted]}
    return chart_block("bar", TITLE, [named(one["route"]) for one in voted], series, "Percent of votes")


def named(route: str) -> str:
    """Return a route's name as readers know it."""
    return _NAMES.get(route, route.replace("_", " ").capitalize())
