"""Read CSV and its relatives: the delimiter is found out, empty lines may part several tables, each with its head.

A cell that looks like a formula is the text that it is.
"""

import csv
import io

from flywheel.errors import BrokenDocument
from flywheel.knowledge.blocks import Outline, Parsed, one_line
from flywheel.knowledge.parsers import sheet
from flywheel.knowledge.parsers.encoding import decode

_DELIMITERS = ",;\t|"
_SAMPLE = 64_000


def parse(content: bytes, name: str) -> Parsed:
    """Return the rows of a delimited file.

    Raises:
        BrokenDocument: a field is longer than 128 KB, or a quote never ends.
    """
    text = decode(content)
    outline = Outline()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, name))
    try:
        rows = [[one_line(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise BrokenDocument(f"damaged table in line {reader.line_num}: {error}") from error
    sheet.fill(outline, rows, level=1)
    return outline.parsed()


def _delimiter(text: str, name: str) -> str:
    """Return the delimiter that cuts the first lines most evenly; one column needs none."""
    if name.lower().endswith(".tsv"):
        return "\t"
    sample = [row for row in text[:_SAMPLE].split("\n")[:50] if row.strip()]
    scores = {one: _evenness(sample, one) for one in _DELIMITERS}
    return max(scores, key=lambda one: scores[one])


def _evenness(sample: list[str], delimiter: str) -> tuple[float, int]:
    widths = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
    width = widths[0] if widths else 1
    if width < 2:
        return 0.0, 0
    return sum(one == width for one in widths) / len(widths), width
