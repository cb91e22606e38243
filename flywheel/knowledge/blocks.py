"""What a parser returns: blocks, each under the headings that lead to it.

    block    a paragraph, list item, code block, table row or image, with its page or line
    outline  collects blocks while it keeps track of the headings
    parsed   a whole document: its blocks, and what it says about itself

A table row is written as `Header: value; Header: value`, so that every row carries its header wherever it is cut.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePath

from flywheel.knowledge.regions import Framed, framed
from flywheel.model import Kind

MOST_ROWS = 20_000
"""Rows up to which a table is kept whole."""

MOST_COLUMNS = 200
"""Columns up to which a table is kept whole."""

MOST_CHARACTERS = 5_000_000
"""Characters up to which a table is kept whole; all tables of a document together may have twice as many."""


class Shape(StrEnum):
    """What a block looks like; it decides where the block may be cut and how it joins its neighbours."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    CODE = "code"
    ROW = "row"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Block:
    """One thing a document says. `page` and `line` count from 1."""

    text: str
    shape: Shape = Shape.PARAGRAPH
    kind: Kind = Kind.TEXT
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    line: int | None = None
    table: int = 0
    search_text: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands in a document: its head, and rows of as many cells. `number` is its blocks' `table`.

    `context` is the paragraph before it. A table that is too large to be kept whole has its first rows here only;
    `left_out` counts the others.
    """

    number: int
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    first_line: int | None = None
    context: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as it stands in a document: the bytes of its file and what the document says of it."""

    content: bytes
    alt: str = ""
    caption: str = ""
    context: str = ""
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document as its parser saw it. `updated_at` is ISO 8601; what the document does not say is None."""

    blocks: tuple[Block, ...]
    title: str | None = None
    owner: str | None = None
    url: str | None = None
    updated_at: str | None = None
    grids: tuple[Grid, ...] = ()
    figures: tuple[Figure, ...] = ()


_LONGEST_HEADING = 200
_LONGEST_CONTEXT = 300
_SHOWN_OF_MANY = 20
_WORD_BREAK = re.compile(r"[_\-.\s]+|(?<=[a-z])(?=[A-Z])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_KIND_OF = {Shape.ROW: Kind.TABLE, Shape.IMAGE: Kind.IMAGE}


class Outline:
    """Collect blocks under the headings seen so far. Set `page` when a page begins."""

    def __init__(self) -> None:
        """Begin an empty document."""
        self.blocks: list[Block] = []
        self.grids: list[Grid] = []
        self.figures: list[Figure] = []
        self.page: int | None = None
        self.first_heading: str | None = None
        self._headings: list[tuple[int, str]] = []
        self._tables = 0
        self._room = 2 * MOST_CHARACTERS

    def heading(self, level: int, text: str) -> None:
        """Begin a section; it ends every section of the same or a deeper level."""
        text = one_line(text)[:_LONGEST_HEADING]
        if not text:
            return
        self.first_heading = self.first_heading or text
        self.close(level)
        self._headings.append((level, text))

    def close(self, level: int) -> None:
        """End every section of this or a deeper level."""
        self._headings = [(one, name) for one, name in self._headings if one < level]

    def add(self, text: str, shape: Shape = Shape.PARAGRAPH, line: int | None = None, kind: Kind | None = None) -> None:
        """Add a block; empty text is left out."""
        text = text.strip("\n") if shape in (Shape.CODE, Shape.ITEM) else text.strip()
        if not text.strip():
            return
        chosen = kind or _KIND_OF.get(shape, Kind.TEXT)
        path = tuple(name for _, name in self._headings)
        detail = {"table": str(self._tables)} if shape is Shape.ROW else {}
        self.blocks.append(Block(text, shape, chosen, path, self.page, line, self._tables, detail=detail))

    def put(self, block: Block) -> None:
        """Add a ready block under the headings and on the page of now."""
        path = tuple(name for _, name in self._headings)
        self.blocks.append(replace(block, heading_path=path, page=self.page, table=self._tables))

    def parsed(
        self,
        title: str | None = None,
        owner: str | None = None,
        url: str | None = None,
        updated_at: str | None = None,
    ) -> Parsed:
        """Return everything that was added, as a document."""
        return Parsed(tuple(self.blocks), title, owner, url, updated_at, tuple(self.grids), tuple(self.figures))

    def code(self, text: str, language: str = "", line: int | None = None) -> None:
        """Add a code block between fences, so that it is still recognised inside a passage of text."""
        if text.strip():
            self.add(f"```{language}\n{text.strip(chr(10))}\n```", Shape.CODE, line)

    def table(
        self, rows: Iterable[Sequence[str]], line: int | None = None, *, title: str = "", heads: int = 0, level: int = 0
    ) -> None:
        """Add a table; a table of one row is that row.

        `line` is that of its first row; `title` stands in the document already; `heads` counts the rows of its head
        where the document says it, 0 has it found out. What stands in rows above the head becomes a heading of this
        level, or a paragraph where that is 0. A cell that spans others is repeated in each of them.
        """
        self._tables += 1
        grid = [tuple(one_line(cell) for cell in row) for row in rows]
        found = framed(grid, heads)
        if found is None:
            cells = list(dict.fromkeys(cell for row in grid for cell in row if cell))
            self.add("; ".join(cells), Shape.ROW if len(cells) > 1 else Shape.PARAGRAPH, line)
        else:
            context = self._context(title)
            above = " · ".join(found.titles)
            if level:
                self.heading(level, above)
            else:
                self.add(above, line=line)
            self._rows(found, line)
            self.grids.append(self._grid(found, line, title or above, context))
        self._tables += 1

    def _rows(self, found: Framed, line: int | None) -> None:
        for number, row in enumerate(found.body, found.first):
            self.add(labelled(found.head, row), Shape.ROW, None if line is None else line + number)

    def _context(self, title: str) -> str:
        """Return what the paragraph right before a table says, other than its title."""
        path = tuple(name for _, name in self._headings)
        near = [block for block in self.blocks[-2:] if (block.heading_path, block.shape) == (path, Shape.PARAGRAPH)]
        said = [block.text for block in near if block.text != title]
        return said[-1][-_LONGEST_CONTEXT:] if said else ""

    def _grid(self, found: Framed, line: int | None, title: str, context: str) -> Grid:
        size = sum(len(cell) for row in found.body for cell in row)
        fits = len(found.body) <= MOST_ROWS and len(found.head) <= MOST_COLUMNS
        fits = fits and size <= min(MOST_CHARACTERS, self._room)
        self._room -= size if fits else 0
        rows = found.body if fits else tuple(row[:MOST_COLUMNS] for row in found.body[:_SHOWN_OF_MANY])
        path = tuple(name for _, name in self._headings)
        head = found.head if fits else found.head[:MOST_COLUMNS]
        first_line = None if line is None else line + found.first
        left_out = 0 if fits else max(len(found.body) - _SHOWN_OF_MANY, 1)
        return Grid(self._tables, title, head, rows, path, self.page, first_line, context, left_out)


def labelled(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row as `Header: value; Header: value`; empty cells are left out."""
    parts = []
    for number, cell in enumerate(cells):
        if cell:
            name = header[number] if number < len(header) else ""
            parts.append(f"{name.rstrip(':')}: {cell}" if name else cell)
    return "; ".join(parts)


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def clean(text: str) -> str:
    """Return the text without what no database stores: NUL and halves of surrogate pairs."""
    return _UNSTORABLE.sub("", text)


def name_words(name: str) -> str:
    """Return the words of a file's name: `halifax-floorPlan.png` is `halifax floor plan`."""
    return " ".join(_WORD_BREAK.split(PurePath(name).stem)).strip().lower()
