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

from flywheel.model import Kind


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
    """A table as it stands in a document: its head, and rows of as many cells. `number` is its blocks' `table`."""

    number: int
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    first_line: int | None = None


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

    def table(self, rows: Iterable[Sequence[str]], line: int | None = None) -> None:
        """Add a table, its first row that holds anything being the header; a table of one row is that row."""
        self._tables += 1
        header: Sequence[str] | None = None
        kept: list[tuple[str, ...]] = []
        for number, row in enumerate(rows):
            cells = [one_line(cell) for cell in row]
            if header is None:
                header = cells if any(cells) else None
                continue
            here = None if line is None else line + number
            kept.append(tuple(cells))
            self.add(labelled(header, cells), Shape.ROW, here)
        if header is not None and kept:
            self.grids.append(self._grid(header, kept, line))
        if header is not None and not any(block.table == self._tables for block in reversed(self.blocks[-1:])):
            self.add("; ".join(cell for cell in header if cell), Shape.ROW, line)
        self._tables += 1

    def _grid(self, header: Sequence[str], rows: Sequence[tuple[str, ...]], line: int | None) -> Grid:
        """Return a table whose rows all have as many cells as the widest of them."""
        width = max(len(header), *(len(row) for row in rows))
        padded = tuple((*row, *[""] * (width - len(row))) for row in rows)
        path = tuple(name for _, name in self._headings)
        head = (*header, *[""] * (width - len(header)))
        return Grid(self._tables, path[-1] if path else "", tuple(head), padded, path, self.page, line)


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
