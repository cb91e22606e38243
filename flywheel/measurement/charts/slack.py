"""Slack's own chart block, `data_visualization`, within Slack's limits (docs.slack.dev, blocks reference).

A title has at most 50 characters; a chart 1 to 12 series and 1 to 20 categories, whose labels have at most 20. Every
series has one value per category.
"""

from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_TITLE = 50
LONGEST_LABEL = 20
MOST_CATEGORIES = 20
MOST_SERIES = 12


def chart_block(
    kind: str, title: str, categories: Sequence[str], series: Mapping[str, Sequence[float]], unit: str
) -> dict[str, Any] | None:
    """Return a line or bar chart, or None where there is nothing to draw; the newest categories are kept."""
    labels = _unique([_clip(one, LONGEST_LABEL) for one in categories])[-MOST_CATEGORIES:]
    if not labels:
        return None
    shown = {
        _clip(name, LONGEST_LABEL): values[-len(labels) :] for name, values in list(series.items())[:MOST_SERIES]
    }  # fmt: skip
    return {
        "type": "data_visualization",
        "title": _clip(title, LONGEST_TITLE),
        "chart": {
            "type": kind,
            "axis_config": {"categories": labels, "y_label": unit},
            "series": [
                {
                    "name": name,
                    "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)],
                }
                for name, values in shown.items()
            ],
        },
    }


def _unique(labels: Sequence[str]) -> list[str]:
    found: list[str] = []
    for label in labels:
        wanted, n = label, 2
        while wanted in found:
            ending = f" ({n})"
            wanted, n = f"{label[: LONGEST_LABEL - len(ending)]}{ending}", n + 1
        found.append(wanted)
    return found


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
