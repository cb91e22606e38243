"""The priority matrix: how often a topic is asked about against how many are not satisfied with what they got.

It draws the points of the report's section `matrix`. What would help, the *lever*, is the shape of a point, and its
colour besides; the topics most worth the work stand in the upper right corner.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flywheel.measurement.charts.canvas import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    SKY,
    SMALL,
    canvas,
    empty,
    plain,
)
from flywheel.measurement.lever_words import help_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = "What to fix first"
_LEVERS: Mapping[str, tuple[str, str]] = {
    "inventory": ("o", ORANGE),
    "capability": ("s", BLUE),
    "router": ("^", GREEN),
    "ranking": ("D", PURPLE),
    "writing": ("v", AMBER),
}
_OTHER = ("P", SKY)
_LABELLED = 7
_SAID = 10


def title(_: Mapping[str, Any]) -> str:
    """Return the chart's heading."""
    return TITLE


def draw(content: Mapping[str, Any]) -> bytes:
    """Return the picture as PNG bytes."""
    points = _points(content)
    with canvas(TITLE, "Topics: how often asked, and the share not satisfied or not answered") as (figure, drawn):
        axes = figure.add_axes((0.11, 0.17, 0.47, 0.58))
        plain(axes, "Not satisfied", grid="both")
        axes.set_xlabel("Questions", color=INK, fontsize=SMALL)
        for lever in dict.fromkeys(str(one["lever"]) for one in points):
            mine = [one for one in points if one["lever"] == lever]
            shape, colour = _LEVERS.get(lever, _OTHER)
            axes.scatter([one["volume"] for one in mine], [one["dissatisfaction"] * 100 for one in mine], s=190,
                         marker=shape, color=colour, edgecolors="white", label=help_of(lever), zorder=3)  # fmt: skip
        axes.set_ylim(-4, 108)
        axes.set_yticks(range(0, 101, 25), [f"{one} %" for one in range(0, 101, 25)])
        if points:
            axes.set_xlim(0, max(one["volume"] for one in points) * 1.15)
            _names(figure, axes, points[:_LABELLED])
        else:
            empty(axes, "Too few questions for topics yet")
    return drawn.getvalue()


def _names(figure: "Figure", axes: "Axes", points: Sequence[Mapping[str, Any]]) -> None:
    """Number the points, most urgent first, and name them beside the picture, where no name hides another."""
    for place, one in enumerate(points, 1):
        axes.annotate(str(place), (one["volume"], one["dissatisfaction"] * 100), (9, 6), fontsize=SMALL, color=INK,
                      textcoords="offset points", fontweight="bold", zorder=4)  # fmt: skip
        figure.text(0.61, 0.76 - 0.055 * place, f"{place}  {_short(one['label'])}", fontsize=SMALL, color=INK)
    figure.legend(loc="lower left", bbox_to_anchor=(0.6, 0.03), frameon=False, fontsize=SMALL, labelcolor=INK, ncols=2,
                  title="What would help", title_fontsize=SMALL, alignment="left", columnspacing=0.6,
                  handletextpad=0.2)  # fmt: skip


def alt(content: Mapping[str, Any]) -> str:
    """Return what the picture says."""
    points = _points(content)
    if not points:
        return f"{TITLE}: too few questions for topics yet."
    said = [
        f"{one['label']}: {one['volume']} questions, {one['dissatisfaction'] * 100:.0f} % not satisfied, "
        f"would help: {help_of(str(one['lever']))}"
        for one in points[:_SAID]
    ]
    more = f"; and {len(points) - _SAID} smaller topics" if len(points) > _SAID else ""
    return f"{TITLE}, most urgent first: {'; '.join(said)}{more}."


def block(_: Mapping[str, Any]) -> None:
    """Return nothing: Slack's own charts cannot show points."""


def _points(content: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the topics, those first that make most people unhappy."""
    found = next((one["numbers"].get("points", ()) for one in content["sections"] if one["key"] == "matrix"), ())
    return sorted(found, key=lambda one: (-one["volume"] * one["dissatisfaction"], -one["volume"], str(one["label"])))


def _short(label: str) -> str:
    return label if len(label) <= 26 else f"{label[:25]}…"
