"""Look up the cell of a column in the one row that fits, or the cells of several where several are asked for."""

from flywheel.answering.tables import columns
from flywheel.answering.tables.found import GUESSED, LIKELY, SURE, VAGUE, Found, found, subject
from flywheel.answering.tables.reading import Reading
from flywheel.knowledge.cells import is_blank

MOST_LISTED = 20
"""Values an answer may list."""


def look_up(reading: Reading) -> Found | None:
    """Return the values of the column asked for; None where it is not clear which, or several rows fit one question."""
    sheet, rows = reading.sheet, reading.rows
    wanted = columns.target(sheet, reading.asked, reading.free, reading.bound)
    column = wanted.column if wanted else _only_person(reading)
    if column is None or not rows or not reading.said:
        return None
    filled = [row for row in rows if not is_blank(sheet.cell(row, column))]
    values = tuple(dict.fromkeys(sheet.cell(row, column) for row in filled))
    several = len(values) > 1
    if not values or len(values) > MOST_LISTED or (several and not reading.asked.plural):
        return None
    verb = "values are" if several else "is"
    says = f"For {subject(reading)}, the {sheet.names[column]} {verb}"
    return found(reading, says, values, (filled, [column]), _sure(reading, wanted, several=several))


def _sure(reading: Reading, wanted: columns.Named | None, *, several: bool) -> float:
    """Return the confidence; a place that no column is named for is hardly more than a guess."""
    if wanted is None or wanted.score < columns.LIKE:
        return VAGUE if reading.asked.opener == "where" else GUESSED
    return LIKELY if several else SURE


def _only_person(reading: Reading) -> int | None:
    return columns.person(reading.sheet, reading.bound) if reading.asked.opener in {"who", "whom"} else None
