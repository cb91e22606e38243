"""Read XLSX with openpyxl: a sheet is a section and may hold several tables; formulas by their last value.

A merged cell counts in each of the cells that it covers. A number takes %, its currency or its unit from its format,
as a person sees it. Rows are streamed, so a sheet that claims a billion cells costs what it holds.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.cell_range import CellRange

from flywheel.errors import BrokenDocument
from flywheel.knowledge import cells
from flywheel.knowledge.blocks import Outline, Parsed, one_line
from flywheel.knowledge.parsers import sheet as sheets
from flywheel.knowledge.parsers.archive import open_checked
from flywheel.knowledge.parsers.front_matter import moment

_MAIN_PART = "xl/workbook.xml"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]{0,40}?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_MOST_COVERED = 200_000
_STEP = 1 << 20
_OVERLAP = 100
_IN_FORMAT = re.compile(r"\[\$([^\]-]{1,5})[^\]]*\]|\"\s*([^\"]{1,12}?)\s*\"|([$€£¥])")


def parse(content: bytes, name: str) -> Parsed:
    """Return the rows of every visible sheet.

    Raises:
        BrokenDocument: not an XLSX container, or damaged.
    """
    del name
    file = open_checked(content, _MAIN_PART)
    try:
        return _parse(load_workbook(file, read_only=True, data_only=True))
    except (InvalidFileException, SyntaxError, KeyError, ValueError, TypeError) as error:
        raise BrokenDocument(f"damaged XLSX: {error}") from error


def _parse(workbook: Any) -> Parsed:
    outline = Outline()
    for number, sheet in enumerate(workbook.worksheets, 1):
        if sheet.sheet_state == "visible":
            outline.page = number
            outline.heading(1, sheet.title)
            sheets.fill(outline, _rows(workbook, sheet), level=2)
    said = workbook.properties
    return outline.parsed((said.title or "").strip() or None, updated_at=moment(said.modified))


def _rows(workbook: Any, sheet: Any) -> list[list[str]]:
    rows = [_until_last([_text(cell) for cell in row]) for row in sheet.iter_rows()]
    with workbook._archive.open(sheet._worksheet_path) as part:  # noqa: SLF001 - streamed sheets do not tell of merges
        for merged in _merged(part):
            _cover(rows, merged)
    return rows


def _until_last(row: list[str]) -> list[str]:
    """Return a row without the empty cells at its end, of which a sheet may claim thousands."""
    while row and not row[-1]:
        row.pop()
    return row


def _merged(part: IO[bytes]) -> Iterator[CellRange]:
    """Yield the ranges of merged cells, up to as many cells as are worth filling."""
    covered, kept = 0, b""
    while step := part.read(_STEP):
        searched = kept + step
        last = 0
        for match in _MERGED.finditer(searched):
            found = CellRange(match[1].decode())
            covered += found.size["columns"] * found.size["rows"]
            if covered > _MOST_COVERED:
                return
            yield found
            last = match.end()
        kept = searched[max(last, len(searched) - _OVERLAP) :]


def _cover(rows: list[list[str]], merged: CellRange) -> None:
    """Repeat the value of a merged cell in the cells that it covers; columns and rows count from 1."""
    first, last, top = merged.min_col, merged.max_col, merged.min_row - 1
    if top >= len(rows) or first > len(rows[top]) or not rows[top][first - 1]:
        return
    value = rows[top][first - 1]
    for row in rows[top : merged.max_row]:
        row.extend([""] * (last - len(row)))
        row[first - 1 : last] = [value] * (last - first + 1)


def _text(cell: Any) -> str:
    """Return a cell as a person reads it: whole numbers without a point, midnight as a date, with % or currency."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _amount(value, str(cell.number_format).split(";")[0])
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    return one_line(str(value))


def _amount(value: float, number_format: str) -> str:
    if number_format.rstrip().endswith("%"):
        return f"{_plain(value * 100)}%"
    found = _IN_FORMAT.search(number_format)
    sign = next((group for group in found.groups() if group), "") if found else ""
    return f"{_plain(value)} {sign}" if cells.unit(f"1 {sign}") else _plain(value)


def _plain(value: float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.10g}"
