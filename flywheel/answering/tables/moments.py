"""Find in a question the days it names, and the rows that are of that day, of its week, or of a period around it.

week     a column such as "week starting" says the first of seven days
period   two columns say from when and until when: "Took office", "Left office"; a year may fall in one, too
"""

from datetime import date, timedelta

from flywheel.answering.tables.asked import Asked
from flywheel.answering.tables.conditions import Condition
from flywheel.answering.tables.lexicon import stems
from flywheel.answering.tables.sheet import Sheet, is_year
from flywheel.knowledge.cells import day

_FROM = stems("start from begin began since took opened joined")
_UNTIL = stems("end until left finish closed expiry expires through to")


def said_days(sheet: Sheet, asked: Asked) -> list[Condition]:
    """Return the conditions of the days that the question names."""
    found: list[Condition] = []
    for first in range(len(asked.words) - 2):
        words = [word.text for word in asked.words[first : first + 3]]
        named = day(" ".join(words)) or day("-".join(words))
        if named is not None:
            found += _on(sheet, named, (first, first + 3))
    return found


def said_period(sheet: Sheet, asked: Asked, at: int) -> Condition | None:
    """Return the rows whose period a year falls in, where the table has periods and the year stands alone."""
    pair = _period(sheet)
    if pair is None or not is_year(asked.words[at].text):
        return None
    year = int(asked.words[at].text)
    return _within(sheet, pair, (date(year, 1, 1), date(year, 12, 31)), (at, at + 1))


def _on(sheet: Sheet, named: date, span: tuple[int, int]) -> list[Condition]:
    pair = _period(sheet)
    if pair is not None:
        within = _within(sheet, pair, (named, named), span)
        return [within] if within else []
    found = []
    for column, head in enumerate(sheet.heads):
        length = timedelta(days=7 if "week" in head else 1)
        rows = frozenset(
            row for row in sheet.body if (begun := sheet.day(row, column)) and begun <= named < begun + length
        )
        if rows:
            found.append(Condition(column, rows, f"{sheet.names[column]} = {sheet.cell(min(rows), column)}", *span))
    return found


def _period(sheet: Sheet) -> tuple[int, int] | None:
    """Return the columns that say from when and until when, if there is one of each."""
    dated = [at for at in range(len(sheet.heads)) if any(sheet.day(row, at) for row in sheet.body)]
    begins = [at for at in dated if not sheet.heads[at].isdisjoint(_FROM)]
    ends = [at for at in dated if not sheet.heads[at].isdisjoint(_UNTIL)]
    return (begins[0], ends[0]) if len(begins) == len(ends) == 1 and begins != ends else None


def _within(sheet: Sheet, pair: tuple[int, int], asked: tuple[date, date], span: tuple[int, int]) -> Condition | None:
    """Return the rows whose period shares a day with the one asked for."""
    rows = frozenset(
        row
        for row in sheet.body
        if (begun := sheet.day(row, pair[0]))
        and begun <= asked[1]
        and (sheet.day(row, pair[1]) or date.max) >= asked[0]
    )
    when = asked[0].isoformat() if asked[0] == asked[1] else str(asked[0].year)
    shown = f"{sheet.names[pair[0]]} to {sheet.names[pair[1]]} around {when}"
    return Condition(pair[0], rows, shown, *span) if rows else None
