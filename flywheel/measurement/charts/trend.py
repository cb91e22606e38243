"""Satisfaction week after week (or month after month), each with its 95 % interval and the number of votes.

It draws `numbers.trend` of a report; a week without votes has no point, and the line does not bridge it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flywheel.measurement.charts.canvas import BLUE, INK, PALE, canvas, empty, plain
from flywheel.measurement.charts.slack import chart_block

TITLE = "Satisfied, from week to week"
_MONTHS = "Satisfied, from month to month"
Step = Mapping[str, Any]


def title(content: Mapping[str, Any]) -> str:
    """Return the chart's heading."""
    return _MONTHS if content.get("kind") == "monthly" else TITLE


def draw(content: Mapping[str, Any]) -> bytes:
    """Return the picture as PNG bytes."""
    steps = content["numbers"]["trend"]
    with canvas(title(content), "Share of votes that say yes, with 95 % intervals; n is the number of votes") as (
        figure,
        drawn,
    ):
        axes = figure.add_axes((0.1, 0.22, 0.88, 0.56))
        plain(axes)
        _points(axes, steps)
        if not any(one["total"] for one in steps):
            empty(axes, "Nobody voted in this time")
    return drawn.getvalue()


def alt(content: Mapping[str, Any]) -> str:
    """Return what the picture says."""
    voted = [one for one in content["numbers"]["trend"] if one["total"]]
    if not voted:
        return f"{title(content)}: nobody voted in this time."
    said = [
        f"{one['period']} {_percent(one['value'])} of {one['total']} votes "
        f"({_percent(one['low'])} to {_percent(one['high'])})"
        for one in voted
    ]
    return f"{title(content)}, with 95 % intervals: {'; '.join(said)}."


def block(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return Slack's own chart of the same: the share and both ends of its interval, in percent."""
    voted = [one for one in content["numbers"]["trend"] if one["total"]]
    names = {"value": "Satisfied", "low": "Interval from", "high": "Interval to"}
    series = {name: [round(100 * one[key], 1) for one in voted] for key, name in names.items()}
    return chart_block("line", title(content), [str(one["period"]) for one in voted], series, "Percent of votes")


def _points(axes: Any, steps: Sequence[Step]) -> None:
    middle = [one["value"] * 100 if one["total"] else float("nan") for one in steps]
    axes.plot(range(len(steps)), middle, color=BLUE, linewidth=2.5, marker="o", markersize=9, zorder=3)
    for place, one in enumerate(steps):
        if one["total"]:
            axes.plot([place, place], [one["low"] * 100, one["high"] * 100], color=PALE, linewidth=9, zorder=2,
                      solid_capstyle="round")  # fmt: skip
    axes.set_ylim(0, 104)
    axes.set_yticks(range(0, 101, 25), [f"{one} %" for one in range(0, 101, 25)])
    axes.set_xlim(-0.5, len(steps) - 0.5)
    axes.set_xticks(range(len(steps)), [_under(one) for one in steps], color=INK)
    axes.get_xticklabels()[-1].set_fontweight("bold")


def _under(one: Step) -> str:
    value = f"{one['value'] * 100:.0f} %" if one["total"] else "-"
    return f"{_label(one)}\n{value}\nn {one['total']}"


def _label(one: Step) -> str:
    first = date.fromisoformat(str(one["from"])[:10])
    return f"{first:%b %Y}" if len(str(one["period"])) == len("2026-11") else f"{first:%d %b}".lstrip("0")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
