"""Count rows, add up, average, and subtract; each says nothing (None) when unsure of the rows or the column."""

from flywheel.answering.tables import columns
from flywheel.answering.tables.found import LIKELY, SURE, Found, found, of_subject, subject
from flywheel.answering.tables.lexicon import word_set
from flywheel.answering.tables.measures import disagrees, is_label, is_mixed, measure, shown
from flywheel.answering.tables.reading import Reading

_PER_ROW = word_set("award prize nominat result event date year win winn")
"""Stems of columns whose equal cells are still different things: an award won twice is two awards."""


def count(reading: Reading) -> Found | None:
    """Return how many rows fit; where a column of numbers is asked for, its one number or its sum."""
    sheet, asked = reading.sheet, reading.asked
    places = [at for at in range(*asked.wants) if at in reading.free]
    measured = [at for at in columns.numeric(sheet, asked, places, reading.bound) if not is_label(sheet, at)]
    if measured:
        wanted = columns.named(sheet, asked, places, set(range(len(sheet.heads))) - set(measured))
        column = wanted.column if wanted else _overall(reading, measured)
        summable = wanted is None or wanted.score >= columns.SAME  # a word of like meaning names a cell, not a sum
        return None if column is None else _number_or_sum(reading, column, summable=summable)
    wanted = columns.named(sheet, asked, places, reading.bound)
    if not reading.said or not reading.rows or (wanted and _has_doubles(reading, wanted.column)):
        return None
    says = f"The number of rows with {' and '.join(one.shown for one in reading.said)} is"
    return found(reading, says, [str(len(reading.rows))], (reading.rows, ()), LIKELY)


def add_up(reading: Reading) -> Found | None:
    """Return the sum of the column asked for over the rows that fit."""
    column = measure(reading)
    return None if column is None else _summed(reading, column)


def average(reading: Reading) -> Found | None:
    """Return the mean of the column asked for over the rows that fit."""
    sheet, column = reading.sheet, measure(reading)
    if column is None:
        return None
    values = [(row, value) for row in reading.rows if (value := sheet.number(row, column)) is not None]
    rows = [row for row, _ in values]
    if not rows or is_mixed(sheet, rows, column):
        return None
    mean = sum(value for _, value in values) / len(values)
    says = f"The average {sheet.names[column]}{of_subject(reading)} is"
    return found(reading, says, [shown(sheet, column, mean)], (rows, [column]), SURE)


def difference(reading: Reading) -> Found | None:
    """Return by how much one row's number exceeds another's."""
    pair, column = reading.rivals(), measure(reading)
    if pair is None or column is None:
        return None
    sheet = reading.sheet
    others = [one for one in reading.said if one not in pair]
    rows = [row for one in pair for row in one.rows if all(row in other.rows for other in others)]
    values = [value for row in rows if (value := sheet.number(row, column)) is not None]
    if len(rows) != 2 or len(values) != 2:
        return None
    says = f"The difference in {sheet.names[column]} between {pair[0].shown} and {pair[1].shown} is"
    return found(reading, says, [shown(sheet, column, abs(values[0] - values[1]))], (rows, [column]), SURE)


def _number_or_sum(reading: Reading, column: int, *, summable: bool) -> Found | None:
    sheet = reading.sheet
    rows = [row for row in reading.rows if sheet.number(row, column) is not None]
    if len(rows) != 1 or not reading.said:
        return _summed(reading, column) if summable else None
    says = f"The {sheet.names[column]} for {subject(reading)} is"
    return found(reading, says, [sheet.cell(rows[0], column)], (rows, [column]), SURE)


def _summed(reading: Reading, column: int) -> Found | None:
    sheet = reading.sheet
    values = [(row, value) for row in reading.rows if (value := sheet.number(row, column)) is not None]
    rows, total = [row for row, _ in values], sum(value for _, value in values)
    if not rows or is_mixed(sheet, rows, column) or (not reading.said and disagrees(sheet, column, total)):
        return None
    sure = SURE if reading.said or not sheet.sums else LIKELY
    says = f"The total {sheet.names[column]}{of_subject(reading)} is"
    return found(reading, says, [shown(sheet, column, total)], (rows, [column]), sure)


def _overall(reading: Reading, measured: list[int]) -> int | None:
    """Return the one column of several that is their total: "appearances" of League, Cup and Total."""
    totals = [at for at in measured if "total" in reading.sheet.heads[at]]
    return totals[0] if len(totals) == 1 else None


def _has_doubles(reading: Reading, column: int) -> bool:
    """Tell whether the things to be counted appear on several rows, so that rows and things differ in number."""
    sheet = reading.sheet
    if not sheet.heads[column].isdisjoint(_PER_ROW):
        return False
    cells = [sheet.cell(row, column) for row in reading.rows]
    return len(set(cells)) < len(cells)
