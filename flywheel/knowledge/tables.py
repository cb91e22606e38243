"""Make data tables of the tables that a document holds, and tie its passages to them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flywheel.holdings import Column, DataTable
from flywheel.knowledge.blocks import Grid, clean
from flywheel.knowledge.chunks import Piece
from flywheel.knowledge.identity import digest

_LENGTH = 32


def data_tables(document: str, title: str, grids: Sequence[Grid]) -> dict[int, DataTable]:
    """Return the tables of a document by the number that its blocks know them by."""
    return {grid.number: _table(document, title, ordinal, grid) for ordinal, grid in enumerate(grids)}


def tied(pieces: Iterable[Piece], tables: dict[int, DataTable]) -> list[Piece]:
    """Return the pieces with the ids of their tables in the place of the tables' numbers."""
    return [_tied(piece, tables) for piece in pieces]


def _table(document: str, title: str, ordinal: int, grid: Grid) -> DataTable:
    rows = tuple(tuple(clean(cell) for cell in row) for row in grid.rows)
    head = tuple(clean(name) for name in grid.head)
    name = digest(document, str(ordinal), *head, *(cell for row in rows for cell in row))[:_LENGTH]
    columns = tuple(Column(one) for one in head)
    path = tuple(clean(heading) for heading in grid.heading_path)
    return DataTable(name, document, ordinal, grid.title or title, columns, rows, path, grid.page, grid.first_line)


def _tied(piece: Piece, tables: dict[int, DataTable]) -> Piece:
    number = piece.detail.get("table")
    table = tables.get(int(number)) if number else None
    return piece if table is None else replace(piece, detail={**piece.detail, "table": table.id})
