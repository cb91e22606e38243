"""Find tables in PDF pages by how their text is aligned, ruled or not.

    layout     a page's text set in letters of one width, as pypdf writes it: columns stand below one another
    candidate  neighbouring lines that leave the same gaps free, cut at these gaps into cells

A PDF has no tables, so this is guessing, and no table is better than a wrong one: a candidate counts when it has a head
of words, a column of numbers or dates below one of them (or three full columns), and when exactly its letters stand
together in the page's text. What runs on at the top of the next page belongs to it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flywheel.knowledge.cells import days, is_blank, number, numbers

_PART = re.compile(r"\S+(?: \S+)*")
_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}")
_BULLET = re.compile(r"[-–•*▪◦·]|\(?\w{1,3}[.)]")
_GAP = 2
_LONGEST_CELL = 25  # words
_SHORT_CELL = 6
_MOSTLY = 0.8
_FULL = 0.75
_FURNITURE_ROWS = 4

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, its letters `size` points high; or what may be a table, with the lines that it is made of."""

    text: str
    size: float
    table: Rows = ()
    made_of: tuple["Line", ...] = ()


def may_hold_tables(lines: Sequence[Line]) -> bool:
    """Tell whether a page is worth the time that its layout takes: several of its lines hold digits."""
    return sum(any(sign.isdigit() for sign in line.text) for line in lines) >= 2


def placed(lines: Sequence[Line], layout: str) -> list[Line]:
    """Return a page's lines with what may be a table in the place of the lines that it is made of."""
    texts = [line.text for line in lines]
    made: list[Line] = []
    start = 0
    for candidate in _candidates(layout.split("\n")):
        rows = _rows(candidate)
        place = _place(texts, "".join("".join(row) for row in rows), start) if rows else None
        if place:
            first, end = place
            made += [*lines[start:first], Line("", 0.0, rows, tuple(lines[first:end]))]
            start = end
    return [*made, *lines[start:]]


def is_large(line: Line) -> bool:
    """Tell whether a line is a table, or at least more than the few lines that head and end each page."""
    return bool(line.table) and (is_table(line.table) or len(line.table) > _FURNITURE_ROWS)


def joined(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages with tables only: one that runs on is on its first page, and what is none is lines again."""
    made = [[line for line in page if line.table or line.text.strip()] for page in pages]
    for above, below in zip(made[-2::-1], made[:0:-1], strict=True):
        more = _continuation(above[-1].table, below[0].table) if above and below else ()
        if more:
            above[-1] = replace(above[-1], table=(*above[-1].table, *more))
            del below[0]
    return [[one for line in page for one in _decided(line)] for page in made]


def _decided(line: Line) -> tuple[Line, ...]:
    return line.made_of if line.table and not is_table(line.table) else (line,)


def _candidates(layout: Sequence[str]) -> Iterator[list[str]]:
    """Yield runs of lines that leave the same gaps free; one empty line does not end a run."""
    run: list[str] = []
    blank = 0
    for line in layout:
        if not line.strip():
            blank += 1
            continue
        if run and (blank > 1 or not _fits(run, line)):
            yield run
            run = []
        blank = 0
        if run or len(_parts(line)) > 1:
            run.append(line)
    if run:
        yield run


def _fits(run: Sequence[str], line: str) -> bool:
    """Tell whether a line leaves a run's gaps free; a line of one part begins no column of its own."""
    before, after = len(_columns(run)), len(_columns([*run, line]))
    return after == before or (after > before and len(_parts(line)) > 1)


def _parts(line: str) -> list[re.Match[str]]:
    return list(_PART.finditer(line))


def _columns(run: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each column begins and ends: what no gap of all lines divides."""
    ends = sorted((match.start(), match.end()) for line in run for match in _parts(line))
    columns: list[tuple[int, int]] = []
    for start, end in ends:
        if columns and start < columns[-1][1] + _GAP:
            columns[-1] = (columns[-1][0], max(columns[-1][1], end))
        else:
            columns.append((start, end))
    return columns


def _rows(run: Sequence[str]) -> Rows:
    """Return the cells of a run, wrapped cells joined; none where it is not clear what belongs to what.

    A line with nothing in the first column and no number goes on with the cells of another: of the one above where the
    last line is such a one, or the head's second over a column of numbers; of the one below where the first row begins
    so.
    """
    while run and len(_parts(run[-1])) == 1 and not run[-1].startswith(" " * _columns(run)[0][1]):
        run = run[:-1]
    columns = _columns(run)
    lines = [tuple(line[start:end].strip() for start, end in columns) for line in run]
    if len(columns) < 2:
        return ()
    wrapped = [not line[0] and all(number(cell) is None for cell in line if cell) for line in lines]
    if not any(wrapped) or len(lines) < 2:
        return tuple(lines)
    above_number = any(cell and _is_measured([line[at] for line in lines[2:]]) for at, cell in enumerate(lines[1]))
    begins = wrapped[0] or (wrapped[1] and not above_number)
    if begins == (wrapped[-1] or (wrapped[1] and above_number)):
        return ()
    return _unwrapped(lines[::-1], wrapped[::-1], upwards=True)[::-1] if begins else _unwrapped(lines, wrapped)


def _unwrapped(lines: Sequence[tuple[str, ...]], wrapped: Sequence[bool], *, upwards: bool = False) -> Rows:
    made: list[tuple[str, ...]] = []
    for line, goes_on in zip(lines, wrapped, strict=True):
        if not goes_on:
            made.append(line)
            continue
        pairs = [(new, old) if upwards else (old, new) for old, new in zip(made[-1], line, strict=True)]
        made[-1] = tuple(" ".join(part for part in pair if part) for pair in pairs)
    return tuple(made)


def is_table(rows: Rows) -> bool:
    """Tell whether aligned rows surely are a table; the first is its head."""
    head, body = rows[0], rows[1:]
    cells = [cell for row in rows for cell in row if cell]
    words = sorted(len(cell.split()) for cell in cells)
    if (
        len(body) < 2
        or not words
        or not all(head[1:])
        or head in body
        or any(not _could_name(cell) for cell in head if cell)
    ):
        return False
    if words[-1] > _LONGEST_CELL or words[len(words) // 2] > _SHORT_CELL or any(_LEADER.search(cell) for cell in cells):
        return False
    if all(_BULLET.fullmatch(row[0]) for row in body if row[0]) or len(cells) < _FULL * len(rows) * len(head):
        return False
    is_full = len(head) > 2 and all(all(row) for row in rows)
    return is_full or any(_is_measured([row[at] for row in body]) for at in range(len(head)))


def _could_name(cell: str) -> bool:
    value = number(cell)
    return (value is None and days([cell])[0] is None) or (cell.isdigit() and 1900 <= int(cell) <= 2100)


def _is_measured(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if not is_blank(cell)]
    known = max(sum(value is not None for value in read) for read in (numbers(said), days(said)))
    return len(said) > 1 and known >= _MOSTLY * len(said)


def _place(lines: Sequence[str], text: str, start: int) -> tuple[int, int] | None:
    """Return the places of the neighbouring lines that hold exactly these letters, in whatever order."""
    letters = [re.sub(r"\s", "", line) for line in lines]
    wanted = Counter(re.sub(r"\s", "", text))
    length = wanted.total()
    for first in range(start, len(lines)):
        end, seen = first, 0
        while letters[first] and end < len(lines) and seen < length:
            seen += len(letters[end])
            end += 1
        if letters[first] and seen == length and Counter("".join(letters[first:end])) == wanted:
            return first, end
    return None


def _continuation(above: Rows, below: Rows) -> Rows:
    """Return the rows that a table goes on with on the next page; its head may be repeated there."""
    if not above or not below or len(above[0]) != len(below[0]):
        return ()
    if above[0] == below[0]:
        return below[1:]
    measured = [at for at in range(len(above[0])) if _is_measured([row[at] for row in above[1:]])]
    goes_on = bool(measured) and all(number(below[0][at]) is not None or is_blank(below[0][at]) for at in measured)
    return below if goes_on else ()
