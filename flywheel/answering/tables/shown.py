"""Put what was computed into words: one sentence with the values, then the cells or the SELECT it came from."""

from collections.abc import Sequence

from flywheel.answering.tables.found import Found
from flywheel.answering.tables.select_runner import Cell, Selected
from flywheel.answering.tables.sheet import Sheet

MOST_ROWS = 5
"""Rows whose cells are shown one by one; of more, the numbers only."""

MOST_LINES = 12
"""Lines of a result of one column."""

MOST_TABLE_ROWS = 99
"""Rows of a result of several columns, below their names; Slack shows a hundred in all."""

_LONGEST = 120


def of_found(found: Found, sheet: Sheet) -> str:
    """Return the text of a computed answer; its table is source 1."""
    lines = [f"{_plain(found.says)} {listed(found.values)} [1]."]
    if len(found.rows) <= MOST_ROWS:
        lines += [
            f"• Row {row + 1}{_named(sheet, row, found)}: {_cells(sheet, row, found.columns)}" for row in found.rows
        ]
    else:
        names = ", ".join(_plain(sheet.names[column]) for column in found.columns)
        columns = "column" if len(found.columns) == 1 else "columns"
        lines.append(f"• {_numbered([row + 1 for row in found.rows])}; {columns} {names}")
    return "\n".join(lines)


def side_by_side(parts: Sequence[tuple[Found, Sheet]]) -> str:
    """Return the texts of computed answers of several tables that say different things; part n's table is source n."""
    told = (
        f"{_plain(sheet.table.title)}: {of_found(found, sheet)}".replace("[1]", f"[{n}]")
        for n, (found, sheet) in enumerate(parts, 1)
    )
    return "\n\n".join(told)


def of_selected(selected: Selected) -> str:
    """Return the text of a SELECT's result with the SELECT; the tables it read are sources 1, 2 …"""
    marks = "".join(f"[{n}]" for n in range(1, len(selected.tables) + 1))
    names, rows = [_cut(name) for name in selected.result.names], selected.result.rows
    if len(rows) == 1:
        said = "; ".join(f"{name}: {_said(cell)}" for name, cell in zip(names, rows[0], strict=True))
        lines = [f"{said} {marks}."]
    else:
        lines = [f"The table gives {len(rows)} rows {marks}:", *_listing(names, rows)]
    if selected.rows:
        lines.append(f"• {_numbered(selected.rows)} of the table")
    return "\n".join([*lines, "Computed with:", f"```sql\n{selected.sql}\n```"])


def _listing(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the lines of a result: a table (bars, and a rule under the names) where it has columns, else a list."""
    if len(names) == 1:
        lines = [f"• {names[0]}: {_said(row[0])}" for row in rows[:MOST_LINES]]
        return lines if len(rows) <= MOST_LINES else [*lines, f"• and {len(rows) - MOST_LINES} more"]
    told = [names, *([_said(cell) for cell in row] for row in rows[:MOST_TABLE_ROWS])]
    heading, *lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in told]
    table = ["", heading, "|" + "---|" * len(names), *lines, ""]
    return table if len(rows) <= MOST_TABLE_ROWS else [*table, f"and {len(rows) - MOST_TABLE_ROWS} more rows", ""]


def listed(values: Sequence[str]) -> str:
    """Return "A, B and C"."""
    cut = [_cut(value) for value in values]
    return cut[0] if len(cut) == 1 else f"{', '.join(cut[:-1])} and {cut[-1]}"


def _cells(sheet: Sheet, row: int, columns: Sequence[int]) -> str:
    return ", ".join(f"{_plain(sheet.names[column])} = {_cut(sheet.cell(row, column))}" for column in columns)


def _named(sheet: Sheet, row: int, found: Found) -> str:
    """Return what a row is about, its first cell, unless that is shown anyway or is no name."""
    name = _plain(sheet.cell(row, 0)) if 0 not in found.columns and not sheet.is_numeric(0) else ""
    return f" ({_cut(name)})" if name else ""


def _numbered(rows: Sequence[int]) -> str:
    shown = [str(row) for row in rows[:MOST_LINES]]
    more = f" and {len(rows) - MOST_LINES} more" if len(rows) > MOST_LINES else ""
    return f"{'Row' if len(rows) == 1 else 'Rows'} {', '.join(shown)}{more}"


def _said(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell == int(cell) else f"{cell:,.4f}".rstrip("0").rstrip(".")
    if isinstance(cell, int):
        return f"{cell:,}" if abs(cell) >= 10_000 else str(cell)
    return "nothing" if cell is None else _cut(cell)


def _cut(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def _plain(text: str) -> str:
    """Return a text on one line, without what would read as a source mark or a fence."""
    return " ".join(text.replace("```", "'''").replace("[", "(").replace("]", ")").split())
