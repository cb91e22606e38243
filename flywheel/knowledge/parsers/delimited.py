"""Read CSV and its relatives: the delimiter is found out, the first row is the header, rows become `Header: value`."""

import csv
import io

from flywheel.errors import BrokenDocument
from flywheel.knowledge.blocks import Outline, Parsed
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
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, name))
    try:
        outline.table(rows, line=1)
    except csv.Error as error:
        raise BrokenDocument(f"damaged table in line {rows.line_num}: {error}") from error
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
