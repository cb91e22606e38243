"""Find the tables in a grid of cells, as spreadsheets and exports hold them: several on a sheet, with titles above.

    region  a part of a grid that empty rows and columns set apart
    framed  a region whose title rows, head and body are told apart; a head of two or three rows becomes one

A cell that spans others is expected to be repeated in each of them. Where it is not certain that a row is more than
data, it is data; the first row is the head unless it plainly is not one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flywheel.knowledge.cells import days, is_blank, number, numbers

Row = tuple[str, ...]

_MOST_HEADS = 3
_DEEPEST = 4
_LONGEST_GAP = 2
_YEARS = range(1900, 2101)
_MOSTLY = 0.8
_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a grid without empty columns. `first` counts the rows above it."""

    rows: tuple[Row, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class Framed:
    """A table: one name per column, empty where none is given, and rows as wide. `first` counts the rows above them."""

    titles: tuple[str, ...]
    head: Row
    body: tuple[Row, ...]
    first: int


def regions(rows: Sequence[Sequence[str]]) -> list[Region]:
    """Return the regions of a grid from top to bottom, then from left to right.

    An empty row inside a table, whose next row goes on with the same columns, does not end it.
    """
    return _split(rows, 0, 0)


def framed(rows: Sequence[Sequence[str]], heads: int = 0) -> Framed | None:
    """Return the parts of a table, or None where fewer than two rows or none of several cells leave nothing to frame.

    `heads` is the number of head rows where the document says it, 0 where it has to be found out.
    """
    grid = [(place, row) for place, row in enumerate(_rectangle(rows)) if any(row)]
    titles: list[str] = []
    while heads != 1 and _is_title([row for _, row in grid[: _SAMPLE + 2]]):
        heads = max(heads - 1, 0)
        titles.append(_first(grid.pop(0)[1]))
    if len(grid) < 2:
        return None
    plain = [row for _, row in grid]
    if not heads and _has_no_head(plain):
        count, head = 0, ("",) * len(plain[0])
    else:
        count = min(heads, len(plain) - 1) or _head_rows(plain)
        head = _joined_head(plain[:count])
    body = tuple(_section(row) for row in plain[count:])
    return Framed(tuple(titles), head, body, grid[count][0])


def _rectangle(rows: Sequence[Sequence[str]]) -> list[Row]:
    width = max((len(row) for row in rows), default=0)
    return [(*row, *[""] * (width - len(row))) for row in rows]


def _split(rows: Sequence[Sequence[str]], first: int, depth: int) -> list[Region]:
    found: list[Region] = []
    last: list[int] = []
    for start, end in _runs([any(row) for row in rows]):
        block = _rectangle(rows[start:end])
        sides = _sides(block)
        if len(sides) > 1 and depth < _DEEPEST:
            for columns in sides:
                found += _split(_columns(block, columns), first + start, depth + 1)
            last = []
            continue
        columns = [at for side in sides for at in side]
        if last and set(columns) <= set(last) and len(columns) > 1:
            more = Region(_columns(block, last), first + start)
            if _goes_on(found[-1], more):
                found[-1] = _joined(found[-1], more)
                continue
        found.append(Region(_columns(block, columns), first + start))
        last = columns
    return found


def _columns(block: Sequence[Row], columns: Sequence[int]) -> tuple[Row, ...]:
    """Return some columns of a block; those beyond its width are empty."""
    return tuple(tuple(row[at] if at < len(row) else "" for at in columns) for row in block)


def _joined(above: Region, below: Region) -> Region:
    gap = below.first - above.first - len(above.rows)
    empty = ("",) * len(above.rows[0])
    return Region((*above.rows, *[empty] * gap, *below.rows), above.first)


def _runs(filled: Sequence[bool]) -> list[tuple[int, int]]:
    """Return where each run of true values starts and ends."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for place, is_filled in enumerate([*filled, False]):
        if is_filled and start is None:
            start = place
        elif not is_filled and start is not None:
            found.append((start, place))
            start = None
    return found


def _sides(block: Sequence[Row]) -> list[list[int]]:
    """Return the groups of columns that stand apart; a gap beside a single column is only for looks."""
    used = [any(row[at] for row in block) for at in range(len(block[0]))]
    groups = [list(range(start, end)) for start, end in _runs(used)]
    if all(len(group) > 1 for group in groups):
        return groups
    return [[at for group in groups for at in group]]


def _goes_on(above: Region, below: Region) -> bool:
    """Tell whether a region below an empty row is more of the table above: its first row has numbers where that has."""
    gap = below.first - above.first - len(above.rows)
    if len(above.rows) < 2 or gap > _LONGEST_GAP:
        return False
    numeric = [at for at, cell in enumerate(above.rows[-1]) if number(cell) is not None]
    first = below.rows[0]
    said = [first[at] for at in numeric if not is_blank(first[at])]
    if not numeric:
        return not any(_is_measured([row[at] for row in below.rows]) for at in range(len(first)))
    return bool(said) and all(number(cell) is not None for cell in said) and _filled(first) > 1


def _head_rows(rows: Sequence[Row]) -> int:
    count = 1
    while count < _MOST_HEADS and len(rows) > count + 1 and _is_group(rows[count - 1], rows[count], rows[count + 1 :]):
        count += 1
    return count


def _is_group(upper: Row, lower: Row, below: Sequence[Row]) -> bool:
    """Tell whether a row gives names to groups of the columns that the row below it names."""
    if any(not is_blank(cell) and not _could_name(cell) for cell in lower) or _filled(lower) < 2:
        return False
    if any(not one and not other for one, other in zip(upper, lower, strict=True)):
        return False
    spans = [
        bool(lower[at]) and lower[at] != cell and (not cell or cell in _neighbours(upper, at))
        for at, cell in enumerate(upper)
    ]
    if not any(spans):
        return False
    stub = bool(lower[0]) and upper[0] in ("", lower[0])
    columns = ((lower[at], [row[at] for row in below[:_SAMPLE]]) for at in range(len(lower)))
    return stub or any(bool(name) and number(name) is None and _is_measured(cells) for name, cells in columns)


def _neighbours(row: Row, at: int) -> tuple[str, ...]:
    return row[max(at - 1, 0) : at] + row[at + 1 : at + 2]


def _joined_head(rows: Sequence[Row]) -> Row:
    """Return one name per column; a group's name goes on to the right where it is left out."""
    if len(rows) == 1:
        return rows[0]
    filled = [_continued(row, rows[place + 1]) for place, row in enumerate(rows[:-1])]
    columns = zip(*filled, rows[-1], strict=True)
    return tuple(" ".join(dict.fromkeys(part for part in column if part)) for column in columns)


def _continued(upper: Row, lower: Row) -> Row:
    made: list[str] = []
    for cell, name in zip(upper, lower, strict=True):
        made.append(cell if cell or not name or not made else made[-1])
    return tuple(made)


def _has_no_head(rows: Sequence[Row]) -> bool:
    """Tell whether the first row plainly is data: numbers over numbers, and no word over a column of them."""
    first, below = rows[0], rows[1 : 1 + _SAMPLE]
    if len(below) < 2 or not all(first):
        return False
    over = [cell for at, cell in enumerate(first) if _is_measured([row[at] for row in below])]
    values = [number(cell) for cell in over]
    if not over or any(_could_name(cell) for cell in over):
        return False
    return len(values) < 2 or any(
        later is None or earlier is None or later - earlier != 1 for earlier, later in pairwise(values)
    )


def _could_name(cell: str) -> bool:
    """Tell whether a cell could name a column: words or a year do, an amount does not."""
    value = number(cell)
    return (value is None and days([cell])[0] is None) or (value in _YEARS and cell.strip().isdigit())


def _is_numeric(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells[:_SAMPLE] if not is_blank(cell)]
    return bool(said) and sum(value is not None for value in numbers(said)) >= _MOSTLY * len(said)


def _is_measured(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if not is_blank(cell)]
    dated = bool(said) and sum(value is not None for value in days(said)) >= _MOSTLY * len(said)
    return dated or _is_numeric(cells)


def _section(row: Row) -> Row:
    """Return a row; one that says a single thing across all columns, like the name of a section, says it once."""
    if len(row) > 2 and all(row) and len(set(row)) == 1:
        return (row[0], *[""] * (len(row) - 1))
    return row


def _is_title(rows: Sequence[Row]) -> bool:
    """Tell whether the first row stands above a table: it says one thing, in one cell or across all.

    Of two columns the second may have no name, so there the next row must be a head over amounts.
    """
    if len(rows) < 3 or len(rows[0]) < 2 or len(set(rows[0]) - {""}) != 1 or all(_filled(row) < 2 for row in rows[1:]):
        return False
    if len(rows[0]) > 2 or all(rows[0]):
        return True
    return all(_could_name(cell) for cell in rows[1]) and _is_measured([row[1] for row in rows[2:]])


def _filled(row: Row) -> int:
    return sum(bool(cell) for cell in row)


def _first(row: Row) -> str:
    return next(cell for cell in row if cell)
