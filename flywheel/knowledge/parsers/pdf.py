"""Read PDF page by page with pypdf. Lines in larger letters are headings, and without them bookmarks are.

A PDF holds lines, not paragraphs: lines are put together again until one ends early and ends a sentence. Lines that
stand at the top or bottom of most pages are page headers and footers, and are dropped.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import Destination

from flywheel.errors import BrokenDocument, HostileDocument
from flywheel.knowledge.blocks import Outline, Parsed, Shape, one_line
from flywheel.knowledge.parsers.front_matter import moment
from flywheel.knowledge.parsers.plain_text import ITEM

_LARGER = 1.15
_LONGEST_HEADING = 120
_EDGE = 2
_REPEATED = 3
_SHORT_LINE = 0.7
_HYPHEN = re.compile(r"(?<=[a-z])[-\u00ad]$")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float


def parse(content: bytes, name: str) -> Parsed:
    """Return the blocks of a PDF with their page numbers.

    Raises:
        BrokenDocument: encrypted or damaged.
        HostileDocument: its streams unpack to more than pypdf allows.
    """
    del name
    try:
        return _parse(PdfReader(io.BytesIO(content)))
    except LimitReachedError as error:
        raise HostileDocument(f"unpacks to more than a document may: {error}") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenDocument(f"damaged PDF: {error}") from error


def _parse(reader: PdfReader) -> Parsed:
    if reader.is_encrypted:
        raise BrokenDocument("encrypted")
    pages = [_lines(page) for page in reader.pages]
    furniture = _furniture(pages)
    sizes = _heading_sizes(pages)
    bookmarks = [] if sizes else list(_bookmarks(reader, reader.outline, 1))
    outline = Outline()
    for number, lines in enumerate(pages, 1):
        outline.page = number
        for level, heading, page in bookmarks:
            if page == number:
                outline.heading(level, heading)
        _fill(outline, [line for line in lines if _shape_of(line, number) not in furniture], sizes)
    said = reader.metadata
    title = one_line(said.title) if said and said.title else None
    changed = (said.modification_date or said.creation_date) if said else None
    named = None if title in {"untitled", "(anonymous)"} else title
    return outline.parsed(named or outline.first_heading, updated_at=moment(changed))


def _lines(page: PageObject) -> list[_Line]:
    """Return a page's lines with the size of their letters, in points."""
    lines: list[_Line] = []
    text, size = "", 0.0

    def visit(part: str, cm: Sequence[float], tm: Sequence[float], _font: object, points: float) -> None:
        nonlocal text, size
        for number, piece in enumerate(part.split("\n")):
            if number:
                lines.append(_Line(text, size))
                text, size = "", 0.0
            text += piece
            if piece.strip():
                size = max(size, round(points * (abs(tm[3] * cm[3]) or 1.0), 1))

    contents = page.get_contents()
    if contents is not None:
        contents.get_data()  # raises where a limit is reached; extract_text would return nothing instead
    page.extract_text(visitor_text=visit)
    lines.append(_Line(text, size))
    return lines


def _heading_sizes(pages: Sequence[Sequence[_Line]]) -> list[float]:
    """Return the sizes of letters that headings have, the largest first: clearly above that of most of the text."""
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[line.size] += len(line.text.strip())
    body = max(letters, key=lambda size: letters[size], default=0.0)
    return sorted((size for size in letters if size >= body * _LARGER and body), reverse=True)


def _fill(outline: Outline, lines: Sequence[_Line], heading_sizes: Sequence[float]) -> None:
    run: list[str] = []
    for line in lines:
        text = line.text.strip()
        if line.size in heading_sizes and 0 < len(text) <= _LONGEST_HEADING:
            _add(outline, run)
            run = []
            outline.heading(heading_sizes.index(line.size) + 1, text)
        else:
            run.append(line.text)
    _add(outline, run)


def _add(outline: Outline, lines: Sequence[str]) -> None:
    for shape, text in _paragraphs(lines):
        outline.add(text, shape)


def _bookmarks(reader: PdfReader, entries: Sequence[object], level: int) -> Iterator[tuple[int, str, int]]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _bookmarks(reader, entry, level + 1)
        elif isinstance(entry, Destination) and entry.title:
            page = reader.get_destination_page_number(entry)
            if page is not None and page >= 0:
                yield level, str(entry.title), page + 1


def _shape_of(line: _Line, page: int) -> str:
    return re.sub(rf"\b{page}\b", "#", one_line(line.text))


def _furniture(pages: Sequence[Sequence[_Line]]) -> frozenset[str]:
    """Return the lines, the page's number aside, that most pages begin or end with."""
    counted: Counter[str] = Counter()
    for number, lines in enumerate(pages, 1):
        filled = [line for line in lines if line.text.strip()]
        counted.update({_shape_of(line, number) for line in filled[:_EDGE] + filled[-_EDGE:]})
    return frozenset(line for line, times in counted.items() if times >= _REPEATED and times > len(pages) / 2)


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[Shape, str]]:
    width = max((len(line.rstrip()) for line in lines), default=0)
    run: list[str] = []
    for line in lines:
        if not line.strip() or ITEM.match(line):
            yield from _paragraph(run)
            run = []
        if line.strip():
            run.append(line.strip())
            if line.rstrip().endswith((".", "!", "?", ":")) and len(line.rstrip()) < width * _SHORT_LINE:
                yield from _paragraph(run)
                run = []
    yield from _paragraph(run)


def _paragraph(run: Sequence[str]) -> Iterator[tuple[Shape, str]]:
    if not run:
        return
    text = ""
    for line in run:
        text = _HYPHEN.sub("", text) + line if _HYPHEN.search(text) else f"{text} {line}"
    yield (Shape.ITEM if ITEM.match(run[0]) else Shape.PARAGRAPH), one_line(text)
