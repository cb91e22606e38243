"""Read XLSX with openpyxl: a sheet is a section, a row is a line of `Header: value`; formulas by their last value."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from flywheel.errors import BrokenDocument
from flywheel.knowledge.blocks import Outline, Parsed
from flywheel.knowledge.parsers.archive import open_checked
from flywheel.knowledge.parsers.front_matter import moment

_MAIN_PART = "xl/workbook.xml"


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
            outline.table(_rows(sheet), line=1)
    said = workbook.properties
    return outline.parsed((said.title or "").strip() or None, updated_at=moment(said.modified))


def _rows(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows(values_only=True):
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    """Return a cell as a person reads it: whole numbers without a point, midnight as a date."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    return str(value)
