"""The column of numbers, or of days, that is added up or compared, and how its cells compare."""

from collections.abc import Sequence

from flywheel.answering.tables import columns
from flywheel.answering.tables.lexicon import DATED, MEASURES, RANKS
from flywheel.answering.tables.reading import Reading
from flywheel.answering.tables.sheet import MOST, Sheet
from flywheel.knowledge.cells import unit

_SAMPLE = 40
_REACH = 4  # words after a superlative that may name what it compares
_VAGUE = frozenset({"largest", "biggest", "smallest"})  # what they compare may be named beside them
_OPERATIONS = frozenset({"total", "sum", "number"})


def measure(reading: Reading) -> int | None:
    """Return the column meant: the one named (after the superlative, if there is one), else what the superlative alone
    compares, as "cheapest" compares prices."""
    sheet, asked = reading.sheet, reading.asked
    fits = {at for at in range(len(sheet.heads)) if _is_comparable(sheet, at)}
    without = set(range(len(sheet.heads))) - fits | reading.bound | _wrong_in_time(reading)
    if asked.extreme is None:
        free = [at for at in reading.free if asked.words[at].text not in _OPERATIONS]
        named = columns.named(sheet, asked, free, without)
        return named.column if named else None
    after = [at for at in reading.free if asked.extreme < at <= asked.extreme + _REACH]
    if not after:  # "which vendor costs the most"
        after = [at for at in reading.free if asked.extreme - 2 <= at < asked.extreme]
    named = columns.named(sheet, asked, after, without)
    implied = MEASURES.get(asked.words[asked.extreme].text, frozenset())
    if named is not None and (
        not implied
        or not sheet.heads[named.column].isdisjoint(implied)
        or asked.words[asked.extreme].text in _VAGUE
        or set(asked.stems(asked.extreme + 1, asked.extreme + 2)) & sheet.heads[named.column]
    ):
        return named.column
    meant = [at for at in fits - without if not sheet.heads[at].isdisjoint(implied)]
    return meant[0] if len(meant) == 1 else None


def key(sheet: Sheet, row: int, column: int) -> float | None:
    """Return what a cell is compared by: its number, its day, or the number before its brackets."""
    said = sheet.number(row, column)
    if said is not None:
        return said
    dated = sheet.day(row, column)
    return float(dated.toordinal()) if dated is not None else sheet.bare_number(row, column)


def ranked(reading: Reading, column: int) -> list[int]:
    """Return the rows that fit and can be compared, the asked-for extreme first; equal ones keep their order."""
    sheet = reading.sheet
    comparable = [(key(sheet, row, column), row) for row in reading.rows]
    falling = reading.asked.lowest == is_best_first(sheet, column)
    pairs = [(-value if falling else value, row) for value, row in comparable if value is not None]
    return [row for _, row in sorted(pairs)]


def is_best_first(sheet: Sheet, column: int) -> bool:
    """Tell whether 1 is the top, as in ranks."""
    return not sheet.heads[column].isdisjoint(RANKS)


def is_tied(sheet: Sheet, rows: Sequence[int], column: int, most: int) -> bool:
    """Tell whether the last that would be taken equals the first that would not."""
    return len(rows) > most and key(sheet, rows[most - 1], column) == key(sheet, rows[most], column)


def is_mixed(sheet: Sheet, rows: Sequence[int], column: int) -> bool:
    """Tell whether cells in several units stand in one column, so that nothing can be added up."""
    return len({unit(sheet.cell(row, column)) for row in rows}) > 1


def disagrees(sheet: Sheet, column: int, total: float) -> bool:
    """Tell whether the table's own last sum says something else."""
    said = sheet.number(sheet.sums[-1], column) if sheet.sums else None
    return said is not None and abs(said - total) > 0.005 * max(abs(said), 1.0)


def is_label(sheet: Sheet, column: int) -> bool:
    """Tell whether numbers name rows instead of measuring them: "how many stages" counts them."""
    values = [sheet.number(row, column) for row in sheet.filled(column)]
    counted = all(one is not None and one == at for at, one in enumerate(values, 1))
    return counted or is_best_first(sheet, column)


def shown(sheet: Sheet, column: int, value: float) -> str:
    """Return a computed number with the unit of its column."""
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")
    said = sheet.table.columns[column].unit
    if not said or said in sheet.names[column]:
        return text
    return f"{said}{text}" if said in "$€£¥₹" else f"{text} {said}".replace(" %", "%")


def _is_comparable(sheet: Sheet, column: int) -> bool:
    if sheet.is_numeric(column) or sheet.is_dated(column):
        return True
    sample = sheet.filled(column)[:_SAMPLE]
    return bool(sample) and sum(key(sheet, row, column) is not None for row in sample) >= MOST * len(sample)


def _wrong_in_time(reading: Reading) -> set[int]:
    """Return the columns of days for what compares numbers, and of numbers for what compares days."""
    sheet, asked = reading.sheet, reading.asked
    dated = asked.extreme is not None and asked.words[asked.extreme].text in DATED
    return {at for at in range(len(sheet.heads)) if sheet.is_dated(at) != dated}
