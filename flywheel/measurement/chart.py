"""Draw the report: its three charts by their keys, and the one that shows a fortnight's answers at a glance.

    trend     satisfaction week after week, with intervals
    routes    satisfaction by route, with intervals
    matrix    the priority matrix: volume against dissatisfaction
    answers   what people said about answers over time, and champion against challenger where one was tried

PNG; see `charts/canvas.py`. The words beside a picture say what the picture says; where there is nothing to draw, so do
both.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flywheel.errors import NotFound
from flywheel.measurement.charts import matrix, routes, trend
from flywheel.measurement.charts.canvas import DPI, HEIGHT, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["DPI", "HEIGHT", "KEYS", "WIDTH", "alt_text", "chart", "draw", "told"]

KEYS = ("trend", "routes", "matrix", "answers")

_SERIES = (
    ("satisfied", "Satisfied", "#009E73"),
    ("unsatisfied", "Not satisfied", "#D55E00"),
    ("silent", "No vote", "#C9CDD3"),
    ("abstained", "Not answered", "#8A93A0"),
)
_CHAMPION, _CHALLENGER = "#8A93A0", "#0072B2"
_INK, _QUIET, _GRID = "#1D2430", "#5B6675", "#E7EAEE"
_LEARNERS = {"fusion": "Fusion weight", "reranker": "Reranker"}
_MANY = 6
"""From so many learners on, their figures are written smaller."""


def told(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the charts of a report's content: key, title, words, and Slack's own chart block where there is one."""
    return [
        {"key": key, "title": one.title(content), "alt": one.alt(content), "slack": one.block(content)}
        for key, one in (("trend", trend), ("routes", routes), ("matrix", matrix))
    ]


def draw(content: Mapping[str, Any], key: str) -> bytes:
    """Return one of a report's charts as PNG bytes.

    Raises:
        NotFound: there is no such chart, or the report is from before it was drawn.
    """
    drawers = {"trend": trend.draw, "routes": routes.draw, "matrix": matrix.draw, "answers": chart}
    needed = "days" if key == "answers" else "sections"
    if key not in drawers or needed not in content:
        raise NotFound(f"this report has no chart {key!r}; there are: {', '.join(KEYS)}")
    return drawers[key](content)


def chart(content: Mapping[str, Any]) -> bytes:
    """Return the chart of a fortnight's answers as PNG bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  # slow; only reports need it
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    learners = content["learners"]
    grid = figure.add_gridspec(1, 2 if learners else 1, width_ratios=(3, 1.3) if learners else (1,))
    grid.update(left=0.06, right=0.975, top=0.76, bottom=0.13, wspace=0.36)
    _titles(figure, content)
    _answers(figure.add_subplot(grid[0, 0]), content["days"])
    if learners:
        _challenges(figure.add_subplot(grid[0, 1]), learners)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI, metadata={"Software": None})
    return drawn.getvalue()


def alt_text(content: Mapping[str, Any]) -> str:
    """Return what the chart says, in a few sentences."""
    days = content["days"]
    if not days:
        return f"Week {content['period']}: nothing was answered yet, so there is nothing to draw."
    totals = ", ".join(f"{sum(day[key] for day in days)} {label.lower()}" for key, label, _ in _SERIES)
    said = [f"Answers from {days[0]['first']} to {_last(days)}: {totals}."]
    for name, told in content["learners"].items():
        said.append(
            f"{_named(name)}: nDCG@10 of {told['champion']:.3f} for the champion and "
            f"{told['challenger']:.3f} for the challenger on {told['n']} held-out questions."
        )
    return " ".join(said)


def _titles(figure: "Figure", content: Mapping[str, Any]) -> None:
    satisfied = content["numbers"]["satisfied"]
    figure.text(0.03, 0.925, content["title"], fontsize=17, fontweight="bold", color=_INK)
    told = "no votes this week"
    if satisfied["value"] is not None:
        told = (
            f"{100 * satisfied['value']:.0f} % of {satisfied['total']} votes this week say that it helped "
            f"(95 % interval {100 * satisfied['low']:.0f} to {100 * satisfied['high']:.0f} %)"
        )
    figure.text(0.03, 0.87, f"{content['numbers']['questions']} questions · {told}", fontsize=10.5, color=_QUIET)


def _answers(axes: "Axes", days: Sequence[Mapping[str, Any]]) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415  # as above

    _plain(axes, "Answers" if days else "")
    if not days:
        axes.text(
            0.5, 0.5, "Nothing was answered yet", ha="center", va="center", color=_QUIET, transform=axes.transAxes
        )
        axes.set_xticks([])
        axes.set_yticks([])
        return
    places, bottom = range(len(days)), [0] * len(days)
    for key, label, colour in _SERIES:
        heights = [day[key] for day in days]
        axes.bar(places, heights, bottom=bottom, width=min(0.62, 0.12 * len(days)), color=colour, label=label)
        bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
    axes.set_xticks(list(places), [_label(day["first"]) for day in days])
    axes.set_xlim(-0.6, len(days) - 0.4)
    axes.set_ylim(0, max(bottom) * 1.12)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=4, frameon=False, fontsize=9, labelcolor=_INK,
                handlelength=0.9, handleheight=0.9, columnspacing=1.4)  # fmt: skip


def _challenges(axes: "Axes", learners: Mapping[str, Mapping[str, Any]]) -> None:
    _plain(axes, "")
    for side, colour, shift in (("champion", _CHAMPION, -0.2), ("challenger", _CHALLENGER, 0.2)):
        lengths = [told[side] for told in learners.values()]
        places = [n + shift for n in range(len(learners))]
        bars = axes.barh(places, lengths, height=0.34, color=colour, label=side.title())
        axes.bar_label(bars, fmt="%.3f", fontsize=8.5 if len(learners) < _MANY else 6.5, color=_INK, padding=2)
    axes.set_yticks(range(len(learners)), [_named(name) for name in learners])
    axes.set_ylim(max(len(learners), 2) - 0.4, -0.6)
    axes.set_xlim(0, 1.12)
    axes.set_xlabel("nDCG@10, held-out questions", color=_QUIET, fontsize=9)
    axes.grid(visible=False, axis="y")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.05, 1.0), ncols=2, frameon=False, fontsize=9, labelcolor=_INK,
                handlelength=0.9, handleheight=0.9, columnspacing=1.2)  # fmt: skip


def _named(learner: str) -> str:
    return _LEARNERS.get(learner, learner.replace("_", " ").capitalize())


def _plain(axes: "Axes", title: str) -> None:
    axes.set_ylabel(title, color=_QUIET, fontsize=9)
    axes.tick_params(colors=_QUIET, labelsize=9, length=0)
    axes.grid(axis="y", color=_GRID, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GRID)


def _label(first: str) -> str:
    return f"{date.fromisoformat(first):%d %b}".lstrip("0")


def _last(days: Sequence[Mapping[str, Any]]) -> str:
    return str(days[-1]["first"])
