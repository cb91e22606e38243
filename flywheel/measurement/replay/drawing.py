"""Draw a replay's learning curve: what held-out questions get week by week, and where something came to serve.

1200 × 630 pixels, PNG, in the colours of the report's chart (Okabe and Ito 2008).
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flywheel.measurement.chart import DPI, HEIGHT, WIDTH
from flywheel.measurement.replay import telling
from flywheel.measurement.replay.weeks import Week

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CURVES = (
    ("ndcg_at_10", "nDCG@10", "#0072B2"),
    ("recall_at_1", "Recall@1", "#009E73"),
    ("satisfied", "Satisfied", "#D55E00"),
)
_INK, _QUIET, _GRID, _MARK = "#1D2430", "#5B6675", "#E7EAEE", "#8A93A0"


def draw(title: str, subtitle: str, weeks: Sequence[Week]) -> bytes:
    """Return the curve as PNG bytes; a replay that was stopped gives the curve up to there."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  # slow; only drawing needs it
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.05, 0.925, title, fontsize=16, fontweight="bold", color=_INK)
    figure.text(0.05, 0.875, subtitle, fontsize=10, color=_QUIET)
    axes = figure.add_axes((0.055, 0.12, 0.925, 0.66))
    _curves(axes, weeks)
    _marks(axes, weeks)
    _plain(axes, len(weeks))
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI, metadata={"Software": None})
    return drawn.getvalue()


def _curves(axes: "Axes", weeks: Sequence[Week]) -> None:
    numbers = [one.number for one in weeks]
    for metric, label, colour in _CURVES:
        told = [one.measured.interval(metric) for one in weeks]
        axes.plot(numbers, [one["value"] for one in told], color=colour, marker="o", markersize=4, label=label)
        low, high = [one["low"] for one in told], [one["high"] for one in told]
        axes.fill_between(numbers, low, high, color=colour, alpha=0.10, linewidth=0)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, frameon=False, fontsize=10, labelcolor=_INK)


def _marks(axes: "Axes", weeks: Sequence[Week]) -> None:
    """Mark the weeks in which something new came to serve, with its name."""
    for one in weeks:
        for place, name in enumerate(telling.released(one)):
            axes.axvline(one.number, color=_MARK, linewidth=1, linestyle=":")
            axes.text(one.number + 0.04, 0.02 + 0.045 * place, name, fontsize=8, color=_QUIET)


def _plain(axes: "Axes", weeks: int) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415  # as above

    axes.set_ylim(0, 1.02)
    axes.set_ylabel("held-out questions, 95 % intervals", color=_QUIET, fontsize=9)
    axes.set_xlim(-0.2, max(weeks - 1, 1) + 0.6)
    axes.set_xlabel("week", color=_QUIET, fontsize=9)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(colors=_QUIET, labelsize=9, length=0)
    axes.grid(axis="y", color=_GRID, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GRID)
