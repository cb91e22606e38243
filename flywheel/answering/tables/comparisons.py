"""Find in a question the comparisons with a number or a day: "after 2000", "more than 100 seats", "between 5 and 9"."""

from dataclasses import dataclass

from flywheel.answering.tables.asked import Asked, Word
from flywheel.answering.tables.conditions import Condition
from flywheel.answering.tables.lexicon import TIMES, alike
from flywheel.answering.tables.sheet import Sheet
from flywheel.knowledge.cells import day, number

_BELOW = ("less than", "fewer than", "under", "below", "lower than", "smaller than", "cheaper than", "shorter than")
_ABOVE = ("more than", "over", "above", "greater than", "higher than", "larger than", "longer than", "exceeding")
_AT_LEAST = ("at least", "no less than", "from", "since", "starting")
_AT_MOST = ("at most", "up to", "no more than", "until", "till", "through")
_BEFORE = ("before", "prior to", "earlier than")
_AFTER = ("after", "later than")
_MARKS = sorted(
    [
        *((one, "<") for one in (*_BELOW, *_BEFORE)),
        *((one, ">") for one in (*_ABOVE, *_AFTER)),
        *((one, ">=") for one in _AT_LEAST),
        *((one, "<=") for one in _AT_MOST),
        ("between", "between"),
    ],
    key=lambda pair: -len(pair[0]),
)
_ONLY_TIMES = frozenset((*_BEFORE, *_AFTER, "since", "until", "till"))
_REACH = 4  # words around a comparison that may name its column


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison as said, in the words from `first` up to `end`; two `values` where it is between them.

    `is_time` says that the values are years or days, `is_day` that they are the ordinals of days.
    """

    sign: str
    values: tuple[float, ...]
    said: str
    first: int
    end: int
    is_time: bool
    is_day: bool


def comparisons(asked: Asked) -> list[Comparison]:
    """Return the comparisons of a question."""
    found: list[Comparison] = []
    at = 0
    while at < len(asked.words):
        one = _comparison(asked.words, at)
        if one is not None:
            found.append(one)
        at = one.end if one else at + 1
    return found


def condition(sheet: Sheet, asked: Asked, one: Comparison) -> Condition | None:
    """Return the rows a comparison leaves, None where no single column is meant."""
    column = _column(sheet, asked, one)
    if column is None:
        return None
    rows = frozenset(row for row in sheet.body if _holds(one, _value(sheet, row, column, one)))
    shown = f"{sheet.names[column]} {one.said}"
    return Condition(column, rows, shown, one.first, one.end)


def _comparison(words: tuple[Word, ...], at: int) -> Comparison | None:
    for mark, sign in _MARKS:
        size = len(mark.split())
        if " ".join(word.text for word in words[at : at + size]) == mark:
            return _with_values(words, at, size, (mark, sign))
    return None


def _with_values(words: tuple[Word, ...], at: int, size: int, mark: tuple[str, str]) -> Comparison | None:
    low = _value_said(words, at + size)
    if low is None:
        return None
    value, end, is_day = low
    is_year = is_day or (1500 <= value <= 2199 and words[end - 1].text.isdigit())
    if mark[0] in _ONLY_TIMES and not is_year:
        return None
    joined = end < len(words) and words[end].text in {"and", "to"}
    high = _value_said(words, end + 1) if joined and mark[0] in {"between", "from"} else None
    if high is None and mark[0] in {"between"}:
        return None
    if high is not None:
        said = " ".join(word.text for word in words[at : high[1]])
        return Comparison("between", (value, high[0]), said, at, high[1], is_year, is_day)
    said = f"{mark[0]} {' '.join(word.text for word in words[at + size : end])}"
    return Comparison(mark[1], (value,), said, at, end, is_year, is_day)


def _value_said(words: tuple[Word, ...], at: int) -> tuple[float, int, bool] | None:
    """Return the value said from a word on, where it ends, and whether it is a day."""
    for size in (3, 2):
        said = [word.text for word in words[at : at + size]]
        found = next((one for one in (day(" ".join(said)), day("-".join(said))) if one), None)
        if len(said) == size and found is not None:
            return float(found.toordinal()), at + size, True
    value = number(words[at].text) if at < len(words) else None
    return None if value is None else (value, at + 1, False)


def _value(sheet: Sheet, row: int, column: int, one: Comparison) -> float | None:
    if not one.is_time:
        return sheet.number(row, column)
    if one.is_day:
        found = sheet.day(row, column)
        return None if found is None else float(found.toordinal())
    year = sheet.year(row, column)
    return sheet.number(row, column) if year is None else float(year)


def _holds(one: Comparison, value: float | None) -> bool:
    if value is None:
        return False
    if one.sign == "between":
        return min(one.values) <= value <= max(one.values)
    limit = one.values[0]
    return {"<": value < limit, ">": value > limit, ">=": value >= limit, "<=": value <= limit}[one.sign]


def _column(sheet: Sheet, asked: Asked, one: Comparison) -> int | None:
    """Return the column meant: the one named nearby, else the only one that can be compared."""
    fits = [at for at in range(len(sheet.heads)) if _fits(sheet, at, one)]
    near = asked.words[max(one.first - _REACH, 0) : one.first] + asked.words[one.end : one.end + _REACH]
    named = {at: sum(not sheet.heads[at].isdisjoint(alike(word.stem)) for word in near) for at in fits}
    best = [at for at in fits if named[at] == max(named.values()) and named[at] > 0]
    if len(best) == 1:
        return best[0]
    if not best and one.is_time:
        dated = [at for at in fits if not sheet.heads[at].isdisjoint(TIMES)]
        return dated[0] if len(dated) == 1 else None
    return fits[0] if len(fits) == 1 and not best else None


def _fits(sheet: Sheet, column: int, one: Comparison) -> bool:
    if one.is_day:
        filled = sheet.filled(column)
        return bool(filled) and sum(sheet.day(row, column) is not None for row in filled) >= 0.8 * len(filled)
    if one.is_time and sheet.is_dated(column):
        return True
    return sheet.is_numeric(column) and not sheet.is_dated(column)
