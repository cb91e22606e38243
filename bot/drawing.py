"""The pictures of a report: which there are, and drawing one of them.

Reports from before they listed their charts have one picture, made of their days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flywheel.errors import NotFound
from flywheel.measurement import chart

OLD_CHART = "chart"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a report: its name in addresses, its title, and in words what it shows."""

    key: str
    title: str
    alt: str


def drawings(report: Mapping[str, Any]) -> list[Drawing]:
    """Return the pictures of a report in reading order."""
    listed = report.get("charts")
    if listed is None:
        return [Drawing(OLD_CHART, "Answers", str(report.get("chart_alt", "")))] if report.get("days") else []
    return [Drawing(str(one["key"]), str(one["title"]), str(one["alt"])) for one in listed]


def draw(report: Mapping[str, Any], key: str) -> bytes:
    """Return a picture as PNG bytes.

    Raises:
        NotFound: the report has no such picture.
    """
    if key not in {one.key for one in drawings(report)}:
        raise NotFound(f"the report has no chart {key}")
    return chart.chart(report) if key == OLD_CHART else chart.draw(report, key)
