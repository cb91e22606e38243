"""Make data tables of the tables that a document holds, tie its passages to them, and give each a card.

A table whose rows all stand in one passage needs no card of its own: that passage is it. A table that is too large to
be kept whole (`blocks.MOST_ROWS`…) has a card that says so and no data table, so that nothing is computed of a part.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flywheel.holdings import DataTable
from flywheel.knowledge import cells
from flywheel.knowledge.blocks import MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, Grid, clean
from flywheel.knowledge.cards import card_search_text, card_text, record_search_text
from flywheel.knowledge.chunks import WHOLE_RECORD, Piece, size
from flywheel.knowledge.identity import digest
from flywheel.model import Kind

_LENGTH = 32
_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class Tabled:
    """A document's pieces, tied to its tables, and the tables."""

    pieces: tuple[Piece, ...]
    tables: tuple[DataTable, ...]


def tabled(document: str, title: str, pieces: Sequence[Piece], grids: Sequence[Grid], name: str = "") -> Tabled:
    """Return a document's pieces with the ids of their tables, and a card before the rows of each table.

    `name` holds the words of its file's name.
    """
    found = {grid.number: (grid, _table(document, title, place, grid)) for place, grid in enumerate(grids)}
    counted = Counter(_number(piece) for piece in pieces)
    made: list[Piece] = []
    for piece in pieces:
        number = _number(piece)
        if number not in found:
            made.append(_untied(piece))
            continue
        grid, table = found[number]
        is_first = counted[number] > 0
        if is_first and (counted[number] > 1 or grid.left_out):
            made.append(_card(grid, table, name, piece))
        made.append(_tied(piece, grid, table, is_alone=is_first and counted[number] == 1))
        counted[number] = 0
    return Tabled(tuple(made), tuple(table for grid, table in found.values() if not grid.left_out))


def record_table(document: str, title: str, rows: Sequence[Sequence[str]]) -> DataTable | None:
    """Return the table of a record, its first row being the head; None where there is none or it is too large."""
    width = max((len(row) for row in rows), default=0)
    size = sum(len(cell) for row in rows for cell in row)
    if len(rows) < 2 or len(rows) > MOST_ROWS or width > MOST_COLUMNS or size > MOST_CHARACTERS:
        return None
    padded = [tuple(" ".join(cell.split()) for cell in row) + ("",) * (width - len(row)) for row in rows]
    return _table(document, title, 0, Grid(0, title, padded[0], tuple(padded[1:])))


def record_pieces(table: DataTable, text: str, cut: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the passages of a record that is a table, the first being found by all of its values.

    It is the record's text as given, or where that is too long a card, and the text as `cut` after it.
    """
    if len(cut) == 1 or size(text.replace("|", " ")) <= WHOLE_RECORD:
        searched = record_search_text(text, table)
        yield Piece(text, Kind.TABLE, search_text=searched, detail={"table": table.id, "card": "1"})
        return
    searched = card_search_text(table)
    yield Piece(card_text(table), Kind.TABLE, search_text=searched, detail={"table": table.id, "card": "1"})
    yield from (replace(piece, kind=Kind.TABLE, detail={"table": table.id}) for piece in cut)


def _number(piece: Piece) -> int:
    """Return what a document calls the table of a piece, 0 where it has none."""
    return int(piece.detail.get("table", "0"))


def _table(document: str, title: str, ordinal: int, grid: Grid) -> DataTable:
    rows = tuple(tuple(clean(cell) for cell in row) for row in grid.rows)
    head = cells.names([clean(name) for name in grid.head])
    name = digest(document, str(ordinal), *head, *(cell for row in rows for cell in row))[:_LENGTH]
    columns = tuple(cells.column(one, list(_sampled(rows, at))) for at, one in enumerate(head))
    path = tuple(clean(heading) for heading in grid.heading_path)
    shown = clean(grid.title) or (path[-1] if path else title)
    return DataTable(name, document, ordinal, shown, columns, rows, path, grid.page, grid.first_line)


def _sampled(rows: Sequence[Sequence[str]], at: int) -> Iterator[str]:
    """Yield a column's cells, evenly spread ones where there are many; totals have a unit and type of their own."""
    step = max(len(rows) // _SAMPLE, 1)
    return (row[at] for row in rows[::step] if not cells.is_total(row))


def _card(grid: Grid, table: DataTable, name: str, first: Piece) -> Piece:
    return Piece(
        card_text(table, grid.left_out),
        Kind.TABLE,
        first.heading_path,
        grid.page,
        first.line,
        card_search_text(table, clean(grid.context), name),
        {"card": "1"} if grid.left_out else {"table": table.id, "card": "1"},
    )


def _tied(piece: Piece, grid: Grid, table: DataTable, *, is_alone: bool) -> Piece:
    if grid.left_out:
        return _untied(piece)
    detail = {**piece.detail, "table": table.id}
    return replace(piece, detail={**detail, "card": "1"} if is_alone else detail)


def _untied(piece: Piece) -> Piece:
    """Return a piece without a table that is none, a single row."""
    detail: Mapping[str, str] = {name: value for name, value in piece.detail.items() if name != "table"}
    return replace(piece, detail=detail)
