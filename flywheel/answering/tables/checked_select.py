"""Check that what a model wrote is one harmless SELECT over the given tables, before anything runs it.

This is the first of two walls: the parser's tree is checked here, and what runs is written anew from that tree, without
comments, so that nothing runs that was not looked at. The second is SQLite's authorizer in the child (`select_child`).
"""

import re
from collections.abc import Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from flywheel.answering.tables.select_functions import FUNCTIONS
from flywheel.errors import InvalidInput

LONGEST = 4_000
"""Characters of a SELECT."""

_FENCE = re.compile(r"```(?:sql|sqlite)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
_ALLOWED = (exp.Select, exp.Union, exp.Intersect, exp.Except)
_REFUSED = (exp.DDL, exp.DML, exp.Command, exp.Pragma, exp.Attach, exp.Into, exp.Parameter, exp.Placeholder)
_MOST_NODES = 600


def checked(reply: str, tables: Mapping[str, Sequence[str]]) -> exp.Expression:
    """Return the one SELECT in a model's reply as a tree; `tables` maps each table's name to its columns.

    Raises:
        InvalidInput: it is anything else; the message says what, for the model to mend.
    """
    tree = _parsed(_sql_of(reply))
    nodes = list(tree.walk())
    if len(nodes) > _MOST_NODES:
        raise InvalidInput("the SELECT is too long")
    for node in nodes:
        _refuse_node(node)
    made = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    _check_tables(tree, tables, made)
    _check_columns(tree, tables)
    return tree


def written(tree: exp.Expression) -> str:
    """Return a checked SELECT as the text that runs and is shown."""
    return tree.sql(dialect="sqlite", comments=False, pretty=True)


def used_tables(tree: exp.Expression, tables: Sequence[str]) -> list[str]:
    """Return the names of the tables a SELECT reads, in the order given."""
    read = {table.name.lower() for table in tree.find_all(exp.Table)}
    return [name for name in tables if name.lower() in read]


def rows_read(tree: exp.Expression, row_column: str) -> str | None:
    """Return a SELECT of the numbers of the rows that a simple SELECT reads; None where it is not simple."""
    plain = isinstance(tree, exp.Select) and len(list(tree.find_all(exp.Select))) == 1
    if not plain or tree.args.get("joins") or tree.args.get("with_") or len(list(tree.find_all(exp.Table))) != 1:
        return None
    source = tree.args.get("from_") or tree.args.get("from")
    if source is None:
        return None
    rows = exp.select(exp.column(row_column, quoted=True)).from_(source.this.copy())
    where = tree.args.get("where")
    return written(rows.where(where.this.copy()) if where is not None else rows)


def _sql_of(reply: str) -> str:
    fenced = _FENCE.findall(reply)
    if len(fenced) > 1:
        raise InvalidInput("the reply holds more than one block of SQL")
    text = (fenced[0] if fenced else reply).strip()
    if not text or len(text) > LONGEST:
        raise InvalidInput("the reply holds no SELECT of a sensible length")
    return text


def _parsed(text: str) -> exp.Expression:
    try:
        statements = [one for one in sqlglot.parse(text, read="sqlite") if one is not None]
    except (SqlglotError, RecursionError) as error:
        raise InvalidInput(f"not SQL that SQLite would read: {str(error)[:200]}") from None
    if len(statements) != 1:
        raise InvalidInput("exactly one SELECT is wanted")
    if not isinstance(statements[0], _ALLOWED):
        raise InvalidInput("only a SELECT is allowed")
    return statements[0]


def _refuse_node(node: exp.Expr) -> None:
    if isinstance(node, _REFUSED) and not isinstance(node, _ALLOWED):
        raise InvalidInput(f"{type(node).__name__.upper()} is not allowed")
    if isinstance(node, exp.With) and node.args.get("recursive"):
        raise InvalidInput("RECURSIVE is not allowed")
    if isinstance(node, exp.Func):
        name = str(node.this) if type(node) is exp.Anonymous else node.sql_name()
        if name.lower() not in FUNCTIONS:
            raise InvalidInput(f"the function {name.upper()[:40]} is not allowed")


def _check_tables(tree: exp.Expression, tables: Mapping[str, Sequence[str]], made: set[str]) -> None:
    known = {name.lower() for name in tables} | made
    read = list(tree.find_all(exp.Table))
    if not any(table.name.lower() in {name.lower() for name in tables} for table in read):
        raise InvalidInput("the SELECT reads none of the tables")
    for table in read:
        if not isinstance(table.this, exp.Identifier) or table.db or table.catalog:
            raise InvalidInput("only the given tables may be read, by their plain names")
        if table.name.lower() not in known:
            raise InvalidInput(f"there is no table {table.name[:60]}")


def _check_columns(tree: exp.Expression, tables: Mapping[str, Sequence[str]]) -> None:
    known = {column.lower() for columns in tables.values() for column in columns}
    known |= {one.alias.lower() for one in tree.find_all(exp.Alias)}
    known |= {name.name.lower() for one in tree.find_all(exp.TableAlias) for name in one.args.get("columns") or ()}
    for column in tree.find_all(exp.Column):
        if isinstance(column.this, exp.Star):
            continue
        if column.name.lower() not in known:
            raise InvalidInput(f"there is no column {column.name[:60]}")
