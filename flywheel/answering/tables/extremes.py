"""Find the highest and the lowest: the value itself, what has it, or the first n."""

from flywheel.answering.tables import columns
from flywheel.answering.tables.found import SURE, Found, found, of_subject
from flywheel.answering.tables.lexicon import alike
from flywheel.answering.tables.measures import is_best_first, is_tied, key, measure, ranked
from flywheel.answering.tables.reading import Reading
from flywheel.knowledge.cells import is_blank


def extreme(reading: Reading) -> Found | None:
    """Return the value, or what has it; None where several share it or it is not clear what is compared."""
    sheet, most = reading.sheet, reading.asked.most
    column = measure(reading)
    rows = [] if column is None else ranked(reading, column)
    if column is None or len(rows) < most or is_tied(sheet, rows, column, most):
        return None
    if is_best_first(sheet, column) and key(sheet, rows[0], column) != 1:
        return None  # some ranks are missing, so the first that is there may not be the first
    best = rows[:most]
    if most == 1 and _asks_for_value(reading, column):
        says = f"The {_compared(reading, column)} is"
        return found(reading, says, [sheet.cell(best[0], column)], (best, [column]), SURE)
    return _holders(reading, column, best)


def _holders(reading: Reading, column: int, best: list[int]) -> Found | None:
    sheet, holder = reading.sheet, _holder(reading, column)
    if holder is None or any(is_blank(sheet.cell(row, holder)) for row in best):
        return None
    says = f"The {sheet.names[holder]} with the {_compared(reading, column)} is"
    if len(best) > 1:
        says = f"The {len(best)} rows with the {_compared(reading, column)} are"
    values = [f"{sheet.cell(row, holder)} ({sheet.cell(row, column)})" for row in best]
    return found(reading, says, values, (best, [holder, column]), SURE)


def _compared(reading: Reading, column: int) -> str:
    how = "lowest" if reading.asked.lowest else "highest"
    return f"{how} {reading.sheet.names[column]}{of_subject(reading)}"


def _asks_for_value(reading: Reading, column: int) -> bool:
    """Tell "what is the highest price" from "what product has the highest price"."""
    asked, at = reading.asked, reading.asked.extreme or 0
    if asked.opener in {"who", "whom", "where", "when", "which"}:
        return False
    near = {one for word in asked.words[at + 1 : at + 4] for one in alike(word.stem)}
    first, end = asked.wants
    about = first <= at < end or first >= at or asked.opener.startswith("how")
    return about and not reading.sheet.heads[column].isdisjoint(near)


def _holder(reading: Reading, column: int) -> int | None:
    """Return the column that names what has the extreme."""
    sheet, asked = reading.sheet, reading.asked
    without = reading.bound | {column}
    named = columns.named(sheet, asked, [at for at in range(*asked.wants) if at in reading.free], without)
    if named is not None:
        return named.column
    if asked.opener in {"who", "whom"}:
        return columns.person(sheet, without)
    if asked.opener in {"where", "when"}:
        kind = columns.target(sheet, asked, [], without)
        return kind.column if kind else None
    return columns.entity(sheet, without)
