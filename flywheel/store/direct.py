"""Read straight from the driver: for the few statements that every question runs.

They are written and compiled with SQLAlchemy, once per number of values, and then handed to the driver's cursor. That
matters because a question comes right after its encoding, which leaves nothing in the processor's caches: there
SQLAlchemy's own share of reading 48 passages is 0.75 ms of 1.4.

No transaction spans two statements: each sees what is committed when it runs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import Session

from flywheel.store.database import Database

__all__ = ["Direct", "Reader", "direct"]

_Query = Select[*tuple[Any, ...]]
_Decode = Callable[[Any], Any]


class Direct:
    """Runs statements on a cursor of the driver; made by `direct`."""

    def __init__(self, cursor: DBAPICursor, dialect: Dialect) -> None:
        """Borrow the cursor."""
        self._cursor = cursor
        self._dialect = dialect

    def execute(self, statement: _Query, values: Mapping[str, str | Sequence[str]] | None = None) -> list[Any]:
        """Return all rows. Values are strings, or sequences of strings for a parameter that expands.

        The statement must be the same object each time, since what it compiles to is kept by its identity.
        """
        given = values or {}
        shape = tuple([(name, None if isinstance(value, str) else len(value)) for name, value in given.items()])
        prepared = _prepared(statement, self._dialect, shape)
        self._cursor.execute(prepared.sql, prepared.bound(given))
        return prepared.decoded(self._cursor.fetchall())


Reader = Session | Direct
"""What a function that runs one statement can read from; both have `execute`."""


@contextmanager
def direct(database: Database) -> Iterator[Direct]:
    """Lend a reader; it holds a connection of the pool until the block ends."""
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        yield Direct(cursor, database.engine.dialect)
        cursor.close()
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it, for some lengths of its values.

    `names` are the parameters in the order of the statement, or None when the driver takes them by name. `expansion`
    maps each parameter that expands to the names of its values; `literals` are values that the statement itself holds.
    `decoders` are the columns that need decoding.
    """

    sql: str
    names: Sequence[str] | None
    expansion: Mapping[str, Sequence[str]]
    literals: Mapping[str, Any]
    decoders: tuple[tuple[int, _Decode], ...]

    def bound(self, values: Mapping[str, str | Sequence[str]]) -> Sequence[str] | Mapping[str, str]:
        flat: dict[str, Any] = dict(self.literals)
        for name, value in values.items():
            if isinstance(value, str):
                flat[name] = value
            else:
                flat.update(zip(self.expansion[name], value, strict=True))
        return flat if self.names is None else [flat[name] for name in self.names]

    def decoded(self, rows: Sequence[Any]) -> list[Any]:
        for place, decode in self.decoders:
            rows = [(*row[:place], decode(row[place]), *row[place + 1 :]) for row in rows]
        return list(rows)


@lru_cache(maxsize=512)
def _prepared(statement: _Query, dialect: Dialect, shape: tuple[tuple[str, int | None], ...]) -> _Prepared:
    """Compile a statement; `shape` has each parameter's name and, if it expands, its number of values."""
    blank = {name: "" if count is None else [""] * count for name, count in shape}
    state = statement.compile(dialect=dialect).construct_expanded_state(blank)
    types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
    decoders = [one.result_processor(dialect, None) for one in types]
    needed = tuple((place, decode) for place, decode in enumerate(decoders) if decode is not None)
    given = {*blank, *(name for one in blank for name in state.parameter_expansion.get(one, ()))}
    literals = {name: value for name, value in state.parameters.items() if name not in given}
    return _Prepared(state.statement, state.positiontup, state.parameter_expansion, literals, needed)
