"""What the report's pictures share: size, colours, and axes without ornament.

1200 × 630 pixels, which a phone shows at a third of its size: nothing is written smaller than `SMALL` points.
Colours are Okabe and Ito's (2008), which stay apart for colour-blind readers; no meaning rests on colour alone.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT, DPI = 1200, 630, 120
GREEN, ORANGE, BLUE, PURPLE, SKY, AMBER = "#009E73", "#D55E00", "#0072B2", "#CC79A7", "#56B4E9", "#E69F00"
SMALL, LARGE = 14, 16
"""Points of axes and of values."""
INK, QUIET, GRID, GREY, PALE = "#1D2430", "#5B6675", "#E7EAEE", "#8A93A0", "#C9CDD3"


@contextmanager
def canvas(title: str, subtitle: str) -> Iterator[tuple["Figure", io.BytesIO]]:
    """Give a figure under its title, and the bytes that the picture stands in when the block ends."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  # slow; only reports need it
    from matplotlib.figure import Figure  # noqa: PLC0415  # as above

    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.03, 0.91, title, fontsize=21, fontweight="bold", color=INK)
    figure.text(0.03, 0.835, subtitle, fontsize=SMALL, color=QUIET)
    drawn = io.BytesIO()
    yield figure, drawn
    figure.savefig(drawn, format="png", dpi=DPI, metadata={"Software": None})


def plain(axes: "Axes", label: str = "", grid: str = "y") -> None:
    """Take the ornament off axes; `grid` is the axis whose lines stay."""
    axes.set_ylabel(label, color=QUIET, fontsize=SMALL)
    axes.tick_params(colors=QUIET, labelsize=SMALL, length=0)
    if grid in ("x", "y"):
        axes.grid(axis="x" if grid == "x" else "y", color=GRID, linewidth=1)
    else:
        axes.grid(color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)


def empty(axes: "Axes", said: str) -> None:
    """Say in the picture that there is nothing to draw."""
    axes.text(0.5, 0.5, said, ha="center", va="center", color=QUIET, fontsize=LARGE, transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
