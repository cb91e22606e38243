"""Slack's rules for tables and charts."""

from typing import Any

from bot.simulator.blockproblem import Found, Json, Problem, children, items, missing, one_of, string, whole

_MOST_ROWS = 100
_MOST_COLUMNS = 20
_LONGEST_LABEL = 20
_CELLS = frozenset({"raw_text", "raw_number", "rich_text"})


def table(block: Json, at: str) -> Found:
    """Check a table: at most 100 rows of 20 columns, every row as wide as the first."""
    yield from items(block, "rows", at, _MOST_ROWS)
    yield from _rows(block, at, _CELLS)
    if "column_settings" in block:
        yield from items(block, "column_settings", at, _MOST_COLUMNS, least=0)


def data_table(block: Json, at: str) -> Found:
    """Check a data table, which pages and sorts and may hold action cells."""
    yield from items(block, "rows", at, 1_000)
    yield from _rows(block, at, _CELLS | {"action"})
    yield from whole(block, "page_size", at, (1, 100))


def chart(block: Json, at: str) -> Found:
    """Check a data_visualization block."""
    yield from string(block, "title", at, 50, required=True)
    drawn = block.get("chart")
    if not isinstance(drawn, dict):
        yield missing(at, "chart")
        return
    here = f"{at}/chart"
    yield from one_of(drawn, "type", here, ("pie", "bar", "area", "line"), required=True)
    yield from _pie(drawn, here) if drawn.get("type") == "pie" else _lines(drawn, here)


def _rows(block: Json, at: str, cells: frozenset[str]) -> Found:
    rows = block.get("rows")
    width = None
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        here = f"{at}/rows/{number}"
        if not isinstance(row, list):
            yield Problem(here, "invalid_type", "must be an array")
            continue
        width = len(row) if width is None else width
        if len(row) > _MOST_COLUMNS:
            yield Problem(here, "too_many", f"no more than {_MOST_COLUMNS} items allowed")
        elif len(row) != width:
            yield Problem(here, "invalid_value", "every row must have the same number of cells")
        for column, cell in enumerate(row):
            yield from _cell(cell, f"{here}/{column}", cells)


def _cell(cell: Any, at: str, cells: frozenset[str]) -> Found:
    if not isinstance(cell, dict) or cell.get("type") not in cells:
        yield Problem(at, "unsupported_type", f"must be one of: {', '.join(sorted(cells))}")
    elif cell["type"] == "raw_text" and not cell.get("text"):
        yield Problem(f"{at}/text", "too_short", "must be more than 0 characters")


def _pie(drawn: Json, at: str) -> Found:
    yield from items(drawn, "segments", at, 12)
    for end, segment in children(drawn, "segments"):
        yield from string(segment, "label", at + end, _LONGEST_LABEL, required=True)
        value = segment.get("value")
        if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
            yield Problem(f"{at}{end}/value", "invalid_value", "must be a positive number")


def _lines(drawn: Json, at: str) -> Found:
    axis = drawn.get("axis_config")
    if not isinstance(axis, dict):
        yield missing(at, "axis_config")
        return
    yield from items(axis, "categories", f"{at}/axis_config", 20)
    categories = axis.get("categories")
    known = categories if isinstance(categories, list) else []
    for index, label in enumerate(known):
        if not isinstance(label, str) or not 0 < len(label) <= _LONGEST_LABEL:
            yield Problem(f"{at}/axis_config/categories/{index}", "too_long", "must be a string of 1 to 20 characters")
    for key in ("x_label", "y_label"):
        yield from string(axis, key, f"{at}/axis_config", 50)
    yield from items(drawn, "series", at, 12)
    names = [series.get("name") for _, series in children(drawn, "series")]
    if len(set(map(str, names))) != len(names):
        yield Problem(f"{at}/series", "duplicate", "series names must be unique")
    for end, series in children(drawn, "series"):
        yield from _series(series, at + end, known)


def _series(series: Json, at: str, categories: list[Any]) -> Found:
    yield from string(series, "name", at, _LONGEST_LABEL, required=True)
    points = children(series, "data")
    yield from items(series, "data", at, max(20, len(categories)))
    if [point.get("label") for _, point in points] != categories:
        yield Problem(f"{at}/data", "invalid_value", "labels must match the categories")
    for end, point in points:
        if not _is_number(point.get("value")):
            yield Problem(f"{at}{end}/value", "invalid_value", "must be a number")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
