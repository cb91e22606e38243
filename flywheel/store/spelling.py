"""Compare names whatever their case, on both databases.

Surprising: `lower()` of SQLite, and of Postgres in the C locale, leaves letters beyond ASCII as they are, where that of
Python lowers them: "Åsa" is "Åsa" there and "åsa" here. So a name is looked for in each way in which it may have been
stored and a database may have lowered it.
"""

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute

_Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
_ASCII = str.maketrans(ascii_uppercase, ascii_lowercase)


def is_one_of(column: _Column, names: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these names, in any case."""
    return func.lower(column).in_(spellings(names))


def spellings(names: Iterable[str]) -> list[str]:
    """Return what `lower()` of a database may make of these names as written, capitalised, in capitals or without."""
    written = {form for name in names for form in (name, name.lower(), name.upper(), name.title())}
    return sorted({form.translate(_ASCII) for form in written} | {form.lower() for form in written})
