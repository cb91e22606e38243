"""Have a checked SELECT run by a child process over data tables, with real numbers and days in them.

Each run starts a new child (some 50 ms), which is killed after two seconds. Blank cells are NULL; a number is REAL or
INTEGER, a day ISO text; every table has one more column, ROW, with the number of each row, counted from 1.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flywheel.answering.tables import select_child
from flywheel.answering.tables.select_functions import FUNCTIONS
from flywheel.answering.tables.sheet import Sheet
from flywheel.errors import InvalidInput
from flywheel.knowledge.cells import is_blank, names

SECONDS = 2.0
"""Wall clock of a child, its start included."""

ROW = "row number"
"""The column that says where a row stands, counted from 1."""

MOST_CELLS = 300_000
"""Of all tables of one SELECT together."""

_LONGEST_NAME = 40
_RESERVED = re.compile(r"\d|sqlite|(?:table|select|order|group|index)$")

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Relation:
    """A data table as SQL sees it. `types` are INTEGER, REAL or TEXT."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a SELECT gave."""

    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Selected:
    """What a model's SELECT gave. `tables` are the places of the tables it read; `rows` are those that a simple SELECT
    went through, counted from 1, of the first table."""

    sql: str
    result: Result
    tables: tuple[int, ...]
    rows: tuple[int, ...]


def relations(sheets: Sequence[Sheet]) -> list[Relation]:
    """Return the tables under short plain names, without the rows that sum up others."""
    taken: list[str] = []
    made = []
    for sheet in sheets:
        name = _name(sheet.table.title, taken)
        taken.append(name)
        made.append(_relation(sheet, name))
    return made


def run(made: Sequence[Relation], selects: Sequence[str]) -> list[Result]:
    """Return what the SELECTs give over these tables, in order.

    Raises:
        InvalidInput: refused, failed, too long, too large; the message says which.
    """
    if sum(len(one.rows) * len(one.columns) for one in made) > MOST_CELLS:
        raise InvalidInput("the tables are too large to compute on")
    reply = _asked(json.dumps(_request(made, selects)))
    if "error" in reply:
        raise InvalidInput(f"SQLite says: {reply['error']}")
    return [Result(tuple(one["names"]), tuple(tuple(row) for row in one["rows"])) for one in reply["results"]]


def _request(made: Sequence[Relation], selects: Sequence[str]) -> dict[str, Any]:
    tables = [
        {"name": one.name, "columns": list(zip(one.columns, one.types, strict=True)), "rows": one.rows} for one in made
    ]
    return {"tables": tables, "selects": list(selects), "functions": sorted(FUNCTIONS)}


def _asked(request: str) -> dict[str, Any]:
    command = [sys.executable, "-I", "-S", str(Path(select_child.__file__))]
    try:
        done = subprocess.run(  # noqa: S603  our own file
            command, input=request.encode(), capture_output=True, timeout=SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        raise InvalidInput(f"it took more than {SECONDS:g} seconds") from None
    if done.returncode != 0:
        raise InvalidInput("it took too much time or memory")
    reply: dict[str, Any] = json.loads(done.stdout)
    return reply


def _relation(sheet: Sheet, name: str) -> Relation:
    columns = names([ROW, *(name.replace('"', "'") for name in sheet.names)])[1:]
    types = tuple(_type(sheet, at) for at in range(len(columns)))
    rows = tuple(
        (row + 1, *(_cell(sheet, row, at, kind) for at, kind in enumerate(types)))  # ROW first
        for row in sheet.body
    )
    return Relation(name, (ROW, *columns), ("INTEGER", *types), rows)


def _type(sheet: Sheet, column: int) -> str:
    if not sheet.is_numeric(column):
        return "TEXT"
    values = [sheet.number(row, column) for row in sheet.filled(column)]
    return "INTEGER" if all(one is None or one == int(one) for one in values) else "REAL"


def _cell(sheet: Sheet, row: int, column: int, kind: str) -> Cell:
    text = sheet.cell(row, column)
    if is_blank(text):
        return None
    if kind == "TEXT":
        found = sheet.day(row, column)
        return text if found is None else found.isoformat()
    value = sheet.number(row, column)
    if value is None:
        return text
    return int(value) if kind == "INTEGER" else value


def _name(title: str, taken: Sequence[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:_LONGEST_NAME].strip("_") or "table"
    first = f"t_{plain}" if _RESERVED.match(plain) else plain
    name, again = first, 2
    while name in taken:
        name, again = f"{first}_{again}", again + 1
    return name
