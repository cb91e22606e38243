"""Read PDF page by page with pypdf. Lines in larger letters are headings, and without them bookmarks are.

A PDF holds lines, not paragraphs: lines are put together again until one ends early and ends a sentence. Lines that
stand at the top or bottom of most pages are page headers and footers, and are dropped.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pypdf import PageObject, PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import Destination

from flywheel.errors import BrokenDocument, HostileDocument
from flywheel.knowledge.blocks import Outline, Parsed, Shape, one_line
from flywheel.knowledge.parsers import pdf_figures, pdf_tables
from flywheel.knowledge.parsers.figures import Album, is_caption
from flywheel.knowledge.parsers.front_matter import moment
from flywheel.knowledge.parsers.pdf_tables import Line
from flywheel.knowledge.parsers.plain_text import ITEM

_LARGER = 1.15
_LONGEST_HEADING = 120
_EDGE = 2
_REPEATED = 3
_SHORT_LINE = 0.7
_SENTENCE_ENDS = (".", "!", "?", ":")
_LOG = logging.getLogger(__name__)
_HYPHEN = re.compile(r"(?<=[a-z])[-\u00ad]$")


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
    pages = [
        pdf_tables.placed(lines, _layout(page)) if pdf_tables.may_hold_tables(lines) else lines
        for page, lines in zip(reader.pages, pages, strict=True)
    ]
    furniture = _furniture(pages)
    pages = _without(furniture, pdf_tables.joined(_without(furniture, pages)))
    sizes = _heading_sizes(pages)
    bookmarks = [] if sizes else list(_bookmarks(reader, reader.outline, 1))
    outline = Outline()
    album = Album(outline)
    drawn = [pdf_figures.drawn_on(page) for page in reader.pages]
    repeated = pdf_figures.on_many_pages(drawn)
    for number, lines in enumerate(pages, 1):
        outline.page = number
        for level, heading, page in bookmarks:
            if page == number:
                outline.heading(level, heading)
        begun = len(outline.blocks)
        _fill(outline, lines, sizes)
        shown = [one for one in drawn[number - 1] if one.number not in repeated]
        pdf_figures.place(album, outline, reader.pages[number - 1], shown, begun)
    album.close()
    said = reader.metadata
    title = one_line(said.title) if said and said.title else None
    changed = (said.modification_date or said.creation_date) if said else None
    named = None if title in {"untitled", "(anonymous)"} else title
    return outline.parsed(named or outline.first_heading, updated_at=moment(changed))


def _lines(page: PageObject) -> list[Line]:
    """Return a page's lines with the size of their letters, in points."""
    lines: list[Line] = []
    text, size = "", 0.0

    def visit(part: str, cm: Sequence[float], tm: Sequence[float], _font: object, points: float) -> None:
        nonlocal text, size
        for number, piece in enumerate(part.split("\n")):
            if number:
                lines.append(Line(text, size))
                text, size = "", 0.0
            text += piece
            if piece.strip():
                size = max(size, round(points * (abs(tm[3] * cm[3]) or 1.0), 1))

    contents = page.get_contents()
    if contents is not None:
        contents.get_data()  # raises where a limit is reached; extract_text would return nothing instead
    page.extract_text(visitor_text=visit)
    lines.append(Line(text, size))
    return lines


def _layout(page: PageObject) -> str:
    """Return a page's text as it is laid out, nothing where pypdf fails at it: its tables are then text as before."""
    try:
        return page.extract_text(extraction_mode="layout", layout_mode_strip_rotated=True)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, ZeroDivisionError) as error:
        _LOG.info("a page's layout cannot be read: %s", error)
        return ""


def _heading_sizes(pages: Sequence[Sequence[Line]]) -> list[float]:
    """Return the sizes of letters that headings have, the largest first: clearly above that of most of the text."""
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[line.size] += len(line.text.strip())
    body = max(letters, key=lambda size: letters[size], default=0.0)
    return sorted((size for size in letters if size >= body * _LARGER and body), reverse=True)


def _fill(outline: Outline, lines: Sequence[Line], heading_sizes: Sequence[float]) -> None:
    run: list[str] = []
    for line in lines:
        text = line.text.strip()
        if line.table:
            _add(outline, run)
            run = []
            outline.table(line.table, heads=1)
        elif line.size in heading_sizes and 0 < len(text) <= _LONGEST_HEADING:
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


def _shape_of(line: Line, page: int) -> str:
    return re.sub(rf"\b{page}\b", "#", one_line(line.text))


def _furniture(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Return the lines, the page's number aside, that most pages begin or end with."""
    counted: Counter[str] = Counter()
    for number, lines in enumerate(pages, 1):
        said = [one for line in lines for one in ((line,) if pdf_tables.is_large(line) else line.made_of or (line,))]
        filled = [line for line in said if line.table or line.text.strip()]
        counted.update({_shape_of(line, number) for line in filled[:_EDGE] + filled[-_EDGE:] if not line.table})
    return frozenset(line for line, times in counted.items() if times >= _REPEATED and times > len(pages) / 2)


def _without(furniture: frozenset[str], pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    return [
        [line for line in lines if line.table or _shape_of(line, number) not in furniture]
        for number, lines in enumerate(pages, 1)
    ]


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[Shape, str]]:
    width = max((len(line.rstrip()) for line in lines), default=0)
    run: list[str] = []
    for line in lines:
        runs_on = bool(run) and not run[-1].endswith(_SENTENCE_ENDS)
        if not line.strip() or ITEM.match(line) or (is_caption(line) and not runs_on):
            yield from _paragraph(run)
            run = []
        if line.strip():
            run.append(line.strip())
            ends = line.rstrip().endswith(_SENTENCE_ENDS) or is_caption(run[0])
            if ends and len(line.rstrip()) < width * _SHORT_LINE:
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
