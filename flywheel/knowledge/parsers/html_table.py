"""Read a table of an HTML page: spanning cells are repeated, its head is told by `<thead>` and `<th>`.

A table without `<th>` that holds other tables is for the look of the page only. One whose rows are a `<th>` and a value
each says one thing about each of its names, so it becomes a single row.
"""

from dataclasses import dataclass

from bs4.element import Tag

from flywheel.knowledge.blocks import MOST_COLUMNS, one_line

_LONGEST_REPEATED = 200


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table's rows, all spans filled; `heads` counts the rows of its head, 0 where the page does not say."""

    rows: tuple[tuple[str, ...], ...]
    heads: int = 0


def is_layout(table: Tag) -> bool:
    """Tell whether a table only places things on the page."""
    return table.find("table") is not None and not any(row.find("th", recursive=False) for row in own_rows(table))


def own_rows(table: Tag) -> list[Tag]:
    """Return the rows of a table, without those of tables inside it."""
    return [row for row in table.find_all("tr") if row.find_parent("table") is table]


def read(table: Tag) -> TableRows:
    """Return the rows of a table."""
    rows = own_rows(table)
    grid = _spread(rows)
    if _is_list_of_names(rows):
        named = [row for row in grid if len(row) > 1]
        return TableRows((tuple(row[0] for row in named), tuple(row[1] for row in named)), 1)
    return TableRows(tuple(grid), _heads(rows))


def cells_of(row: Tag) -> list[Tag]:
    """Return the cells of a row."""
    return row.find_all(["td", "th"], recursive=False)


def _heads(rows: list[Tag]) -> int:
    count = 0
    for row in rows:
        cells = cells_of(row)
        if not (row.find_parent("thead") or (cells and all(cell.name == "th" for cell in cells))):
            break
        count += 1
    return count if count < len(rows) else 0


def _is_list_of_names(rows: list[Tag]) -> bool:
    names = [[cell.name for cell in cells_of(row)] for row in rows]
    return len(rows) > 1 and all(row == ["th", "td"] for row in names)


def _spread(rows: list[Tag]) -> list[tuple[str, ...]]:
    """Return the texts of the cells, each repeated where it spans columns or rows."""
    from_above: dict[int, tuple[int, str]] = {}
    grid: list[tuple[str, ...]] = []
    for number, row in enumerate(rows):
        made: list[str] = []
        for cell in cells_of(row):
            _take_from_above(made, from_above)
            text = one_line(cell.get_text(" "))
            repeated = text if len(text) <= _LONGEST_REPEATED else ""
            wide = min(_span(cell, "colspan"), max(MOST_COLUMNS - len(made), 1))
            tall = min(_span(cell, "rowspan") or len(rows), len(rows) - number)
            for at in range(len(made), len(made) + wide):
                from_above[at] = (tall - 1, repeated)
            made += [text, *[repeated] * (wide - 1)]
        _take_from_above(made, from_above)
        grid.append(tuple(made))
    return grid


def _take_from_above(made: list[str], from_above: dict[int, tuple[int, str]]) -> None:
    """Add what cells of rows above say in the next columns."""
    while (left := from_above.get(len(made), (0, ""))) and left[0] > 0:
        from_above[len(made)] = (left[0] - 1, left[1])
        made.append(left[1])


def _span(cell: Tag, name: str) -> int:
    """Return how many columns or rows a cell spans; 0 is all of them, what is no number is 1."""
    said = str(cell.get(name) or "1").strip()
    return int(said) if said.isdecimal() and len(said) < 6 else 1
