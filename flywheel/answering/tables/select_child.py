"""Run one SELECT over tables in memory, in a process of its own that can do nothing else.

Run as a script by `select_runner`, without the environment's packages: it imports the standard library only. One JSON
request comes on stdin, `{"tables": [{"name", "columns": [[name, type], …], "rows": [[…], …]}], "selects": [sql, …],
"functions": […]}`, and one JSON reply goes to stdout, `{"results": [{"names", "rows"}, …]}` or `{"error"}`. Limits of
the system and SQLite's authorizer hold whatever the SELECT says.
"""

import json
import resource
import sqlite3
import sys
import time
from typing import Any

MEMORY = 512_000_000
"""Bytes of address space."""

CPU_SECONDS = 2
MOST_ROWS = 200
MOST_CHARACTERS = 50_000
"""Of a result, all cells together."""

SECONDS = 1.5
"""Before SQLite itself is told to stop."""

_LIMITS = (
    (sqlite3.SQLITE_LIMIT_LENGTH, 1_000_000),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 8_000),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 60),
    (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 8),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 500),
    (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
)
_STEPS = 10_000  # instructions of SQLite between two looks at the clock


def main() -> None:
    """Read a request, run it, write the reply."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    request = json.loads(sys.stdin.buffer.read())
    try:
        reply: dict[str, Any] = {"results": _run(request)}
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        reply = {"error": f"{type(error).__name__}: {error}"[:300]}
    except MemoryError:
        reply = {"error": "needs too much memory"}
    sys.stdout.write(json.dumps(reply))


def _run(request: dict[str, Any]) -> list[dict[str, Any]]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for table in request["tables"]:
        _fill(connection, table)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    for limit, value in _LIMITS:
        connection.setlimit(limit, value)
    ends = time.monotonic() + SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    connection.set_authorizer(_Allowed(request["tables"], request["functions"]))
    return [_result(connection, select) for select in request["selects"]]


class _Allowed:
    """SQLite's authorizer: reading these tables and calling these functions, nothing else."""

    def __init__(self, tables: list[dict[str, Any]], functions: list[str]) -> None:
        self._tables = {str(table["name"]).lower() for table in tables}
        self._functions = {name.lower() for name in functions}

    def __call__(self, action: int, one: str | None, two: str | None, place: str | None, _trigger: str | None) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            known = (one or "").lower() in self._tables and place in {"main", None}
            return sqlite3.SQLITE_OK if known or self._is_made(one, place) else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in self._functions:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    @staticmethod
    def _is_made(table: str | None, place: str | None) -> bool:
        """Tell whether SQLite asks for a result made within the SELECT itself, which belongs to no database."""
        return place is None and not (table or "").lower().startswith(("sqlite_", "pragma_"))


def _fill(connection: sqlite3.Connection, table: dict[str, Any]) -> None:
    columns = ", ".join(f"{_quoted(name)} {kind}" for name, kind in table["columns"])
    connection.execute(f"CREATE TABLE {_quoted(table['name'])} ({columns})")
    places = ", ".join("?" * len(table["columns"]))
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO {_quoted(table['name'])} VALUES ({places})", table["rows"])  # noqa: S608
    connection.execute("COMMIT")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _result(connection: sqlite3.Connection, select: str) -> dict[str, Any]:
    cursor = connection.execute(select)
    rows = cursor.fetchmany(MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise ValueError(f"the result has more than {MOST_ROWS} rows")
    if sum(len(str(cell)) for row in rows for cell in row) > MOST_CHARACTERS:
        raise ValueError("the result is too large")
    if any(isinstance(cell, bytes) for row in rows for cell in row):
        raise ValueError("the result holds bytes")
    return {"names": [one[0] for one in cursor.description or ()], "rows": [list(row) for row in rows]}


if __name__ == "__main__":
    main()
