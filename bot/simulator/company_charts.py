"""Draw the pictures of the sample company: two charts and a floor plan, as PNG.

The revenue chart reads the table that stands beside it, so that picture and table agree; the other two hold their
figures here. The same input gives the same picture, byte for byte, with the same matplotlib.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

DEEP, SHALLOW, BUOY, GREY, MIST, FOAM = "#0B3C49", "#2A9D8F", "#E76F51", "#8D99AE", "#C9D1DC", "#F1FAEE"

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")

# Share of expected readings that arrived within ten minutes, percent, by month of 2026.
UPTIME: Mapping[str, Sequence[float]] = {
    "Eddy 2": (97.6, 97.3, 95.2, 97.0, 97.5, 97.4, 97.2, 97.0, 96.9),
    "Eddy 3": (99.1, 98.9, 97.3, 99.0, 99.2, 99.3, 99.3, 99.4, 99.4),
    "Eddy 3 Deep": (99.4, 99.3, 97.9, 99.4, 99.5, 99.6, 99.6, 99.7, 99.7),
}

# Rooms of Halifax floor 2: name, then left, bottom, width and height in metres.
ROOMS = (
    ("Osprey\n14", 0, 12, 9, 6), ("Heron\n8", 9, 13, 6, 5), ("Plover\n6", 15, 13, 5, 5), ("Printer", 20, 13, 2, 5),
    ("Gannet\n4", 22, 13, 6, 5), ("Kitchen\n+ first aid", 11, 6.5, 7, 5), ("Support", 0, 0, 9, 10.5),
    ("Engineering", 9, 0, 12, 5), ("Puffin\n2", 21, 0, 3, 5), ("Stairs\nand lift", 24, 0, 4, 5),
)  # fmt: skip


def write_charts(folder: Path) -> tuple[Path, ...]:
    """Draw every picture under `folder` and return their paths; existing ones are replaced.

    Raises FileNotFoundError when `sales/quarterly-sales.csv` is not in `folder`.
    """
    revenue = folder / "sales" / "quarterly-revenue.png"
    uptime = folder / "product" / "sensor-uptime.png"
    plan = folder / "offices" / "halifax-floor-plan.png"
    for path in (revenue, uptime, plan):
        path.parent.mkdir(parents=True, exist_ok=True)
    _draw_revenue(revenue, folder / "sales" / "quarterly-sales.csv")
    _draw_uptime(uptime)
    _draw_floor_plan(plan)
    return revenue, uptime, plan


def _draw_revenue(path: Path, table: Path) -> None:
    header, *rows = csv.reader(table.read_text(encoding="utf-8").splitlines())
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    below = [0] * len(rows)
    for column, colour in zip(range(1, 6), (DEEP, SHALLOW, GREY, MIST, BUOY), strict=True):
        heights = [int(row[column]) for row in rows]
        axes.bar([row[0] for row in rows], heights, bottom=below, color=colour, label=header[column])
        below = [low + high for low, high in zip(below, heights, strict=True)]
    for place, total in enumerate(below):
        axes.text(place, total + 60, f"{total:,}", ha="center", fontsize=9)
    axes.set(title="Quarterly revenue by region", ylabel="thousand CAD", ylim=(0, 6200))
    axes.legend(ncols=3, fontsize=8, loc="upper left", frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def _draw_uptime(path: Path) -> None:
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for (model, values), colour in zip(UPTIME.items(), (BUOY, DEEP, SHALLOW), strict=True):
        axes.plot(MONTHS, values, color=colour, marker="o", label=model)
        axes.annotate(f"{values[-1]} %", (8, values[-1]), xytext=(6, -3), textcoords="offset points", fontsize=9)
    axes.set(title="Sensor uptime 2026", ylabel="readings within ten minutes, %", ylim=(94.5, 100.2), xlim=(-0.3, 8.9))
    axes.grid(axis="y", alpha=0.3)
    axes.legend(loc="lower right", frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def _draw_floor_plan(path: Path) -> None:
    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.subplots()
    for name, left, bottom, width, height in ROOMS:
        axes.add_patch(Rectangle((left, bottom), width, height, facecolor=FOAM, edgecolor=DEEP, linewidth=2))
        axes.text(left + width / 2, bottom + height / 2, name, ha="center", va="center", color=DEEP, fontsize=11)
    axes.set(title="Halifax, floor 2 (north is up; number of seats below the name)", xlim=(-1, 29), ylim=(-1, 19))
    axes.set_aspect("equal")
    axes.set_axis_off()
    figure.savefig(path, dpi=110, metadata={"Software": None})
