"""Read what a cell of a table says: a number, a day, a unit; and what its column holds.

    blank     a cell that says nothing: empty, a dash, "n/a", "?"
    notation  what a comma and a full stop mean; a column decides it together, since "1.234" alone is 1.234 and beside
              "5,6" it is 1234
    unit      a currency, a measure or % beside a number, or in a head: "Price (EUR)", "Growth %", "Cost in USD"

What is not surely a number is text: ranks (2nd), ranges (3–5), times (1:30), versions (1.2.3), identifiers that begin
with 0. A month or a quarter counts as its first day. 12 % is 12, $1.2M is 1200000, (300) is -300.
"""

import math
import re
from collections.abc import Sequence
from datetime import date

from flywheel.holdings import Column

_MOST = 0.8  # of a column's cells that say something are of its type
_LONGEST = 60
_BLANK = frozenset(
    {"", "-", "–", "—", "−", "--", "---", "n/a", "na", "n.a.", "?", "none", "null", "nil", "tba", "tbd", "…", ".."}
)
_NOTE = re.compile(r"(?:\s*\[(?:\d{1,3}|[a-z]|(?:note|nb) \d+|citation needed)\]|[*†‡§]+)+$")
_CURRENCY = (
    r"US\$|USD|A\$|AU\$|C\$|CA\$|NZ\$|HK\$|S\$|R\$|EUR|GBP|CHF|JPY|CNY|RMB|INR|Rs\.?|SEK|NOK|DKK|PLN|CZK|AUD|CAD|NZD|HKD"
    r"|SGD|BRL|MXN|ZAR|KRW|RUB|TRY|HUF|[$€£¥₹₩₽₺฿]"
)
_MEASURE = (
    r"%|‰|percent|per cent|pp|bps|°\s?[CFK]|°|[µmckd]?m[²³23]?|km/h|mph|m/s|mi²?|miles?|ft²?|feet|inch(?:es)?|in"
    r"|yd|yards?|acres?|ha|hectares?|[µmk]?g|kgs?|mg|t|tonnes?|tons?|lbs?|oz|[mc]?l|litres?|liters?|gal|[kMGTP]i?B|bytes?|bits?|[kMG]bit/s"
    r"|[kMG]bps|[kMGT]?Wh?|kWp|[kM]?V|[mk]?A|[kMG]?Hz|[kM]?J|k?cal|[kM]?Pa|hPa|bar|dB|px|dpi|rpm"
    r"|[mµn]?s|ms|secs?|seconds?|min|mins|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?|yrs?|FTEs?|people|persons?"
    r"|employees|users|seats|units|pcs|pieces|points|pts|times|x"
)
_SCALES = {
    "k": 1e3, "thousand": 1e3, "mn": 1e6, "mm": 1e6, "million": 1e6, "millions": 1e6, "mio": 1e6, "m": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9, "billions": 1e9, "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_SCALE = r"(?:k|K|M|B|mn|bn|tn|Mio\.?|thousand|millions?|billions?|trillion)"
_DIGITS = r"(?:\d[\d.,'’ ]*\d|\d|[.,]\d+)"
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)\s?(?P<before>{_CURRENCY})?\s?(?P<minus>-?)(?P<digits>{_DIGITS})"
    rf"(?:\s?(?P<scale>{_SCALE}))??"
    rf"(?:\s?(?P<after>(?:{_CURRENCY}|{_MEASURE})(?:\s?(?:/|per)\s?[A-Za-z]{{1,12}}[²³23]?)?))?"
)
_GROUPED_BY_COMMA = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?")
_GROUPED_BY_POINT = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_GROUPED_BY_SPACE = re.compile(r"[1-9]\d{0,2}(?:[ '’]\d{3})+(?:[.,]\d+)?")
_PLAIN = re.compile(r"(?:0|[1-9]\d*)?[.,]\d+|0|[1-9]\d*")
_SURELY_COMMA = re.compile(r".*\d\.\d{3},\d+|(?:0|[1-9]\d{3,}),\d+|[1-9]\d{0,2},(?:\d{1,2}|\d{4,})|.*\.\d{3}\.\d{3}")
_SURELY_POINT = re.compile(r".*\d,\d{3}\.\d+|(?:0|[1-9]\d{3,})\.\d+|[1-9]\d{0,2}\.(?:\d{1,2}|\d{4,})|.*,\d{3},\d{3}")
_MOST_DIGITS = 15

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?)"
_YEAR = r"(?P<year>1\d{3}|20\d{2}|21\d{2})"
_CLOCK = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:[ap]m|Z|[+-]\d{2}:?\d{2})?)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAYS = tuple(
    re.compile(_WEEKDAY + pattern + _CLOCK, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}[-/.](?P<number>\d{{1,2}})[-/.](?P<day>\d{{1,2}})",
        rf"{_YEAR}-(?P<number>\d{{2}})",
        rf"(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.\s?{_YEAR}",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?[ -](?:of )?{_MONTH}[, -]+{_YEAR}",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH}[ ,-]+{_YEAR}",
        rf"q(?P<quarter>[1-4])[ /-]?{_YEAR}",
        rf"{_YEAR}[ /-]?q(?P<quarter>[1-4])",
    )
)
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})" + _CLOCK, re.IGNORECASE)

_IN_BRACKETS = re.compile(r"[(\[]\s*(?:in\s+)?([^()\[\]]{1,24}?)\s*[)\]]\s*$")
_AFTER_IN = re.compile(r"\S\s+in\s+(\S[^()\[\]]{0,23})$", re.IGNORECASE)
_ONE_UNIT = rf"(?:{_CURRENCY}|{_MEASURE}|{_SCALE}|thousands|‘000|'000|000s)"
_UNIT = re.compile(rf"{_ONE_UNIT}(?:\s{_ONE_UNIT}|\s?(?:/|\b(?:per|of)\b)\s?[A-Za-z]{{1,12}}[²³23]?){{0,2}}")
_LAST_SIGN = re.compile(rf"\S\s*(%|‰|°C|°F|(?<=\s)(?:{_CURRENCY}|[kcm]?m[²³]))$")
_LAST_WORD = re.compile(
    rf"(?<=[^\W_])[\s_]({_CURRENCY}|[kcm]?m|[kcm]?m/s|km/h|[mk]?g|[kMGT]B|[kMG]Wh?|m?s|days|weeks|months|years|hours|minutes"
    r"|seconds)$"
)
_TOTAL = re.compile(
    r"(?:(?:grand|sub|overall|career|season|column|net|gross|annual|yearly|monthly|group)[\s-]*)?(?:totals?|sums?)"
    r"(?:\s*(?:\d{4}|\([^()]*\)|[—–-]))?|overall|averages?|mean|median|summe|gesamt|insgesamt|zwischensumme|somme|Σ|∑",
    re.IGNORECASE,
)


def is_blank(text: str) -> bool:
    """Tell whether a cell says nothing: it is empty, a dash, "n/a", "?" or the like."""
    return text.strip().casefold() in _BLANK


def number(text: str) -> float | None:
    """Return the number that a cell alone says, None where it is not surely one.

    A comma before exactly three digits parts thousands, a full stop never does unless there are two; `numbers` knows
    better, because it sees the column.
    """
    return _number(text, decimal_comma=None)


def numbers(cells: Sequence[str]) -> list[float | None]:
    """Return the numbers of a column's cells, which share one notation; None where a cell is none."""
    comma = _decimal_comma(cells)
    return [_number(cell, decimal_comma=comma) for cell in cells]


def day(text: str) -> date | None:
    """Return the day a cell says; "3/4/2026" alone is nothing, because people disagree what comes first."""
    return _day(text, day_first=None)


def days(cells: Sequence[str]) -> list[date | None]:
    """Return the days of a column's cells; one of them above 12 tells whether the day comes first in all of them."""
    pairs = [match.groups() for match in map(_SLASHED.fullmatch, (cell.strip() for cell in cells)) if match]
    day_first = any(int(first) > 12 for first, *_ in pairs)
    month_first = any(int(second) > 12 for _, second, *_ in pairs)
    order = None if day_first == month_first else day_first
    return [_day(cell, day_first=order) for cell in cells]


def unit(text: str) -> str:
    """Return the unit in a cell or a head, as written: "12 kg", "Weight [kg]", "Cost in USD"; empty where none is."""
    match = _match(_tidy(text))
    return _beside(match) if match else _of_head(text)


def column(name: str, cells: Sequence[str]) -> Column:
    """Return a column by its name and cells.

    It has a type when four of five cells that say something are of it; numbers in two units (kg and g) are text. The
    name stays as written, with its unit.
    """
    filled = [cell for cell in cells if not is_blank(cell)]
    if not filled:
        return Column(name, unit=_of_head(name))
    if _share(numbers(filled)) >= _MOST:
        units = {_beside(match) for match in map(_match, map(_tidy, filled)) if match} - {""}
        if len(units) > 1:
            return Column(name)
        return Column(name, "number", _of_head(name) or next(iter(units), "") or _last_word(name))
    return Column(name, "date") if _share(days(filled)) >= _MOST else Column(name)


def names(head: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns, each once: the second "Year" is "Year 2", an empty third one "column 3"."""
    made: list[str] = []
    seen: set[str] = set()
    for place, said in enumerate(head, 1):
        first = name = said.strip() or f"column {place}"
        again = 2
        while name.casefold() in seen:
            name = f"{first} {again}"
            again += 1
        seen.add(name.casefold())
        made.append(name)
    return tuple(made)


def is_total(row: Sequence[str]) -> bool:
    """Tell whether a row sums up others: its first cell that says something is "Total", "Subtotal", "Average"…"""
    first = next((cell.strip() for cell in row if not is_blank(cell)), "")
    return _TOTAL.fullmatch(first.strip(" :.*")) is not None


def _share(values: Sequence[object]) -> float:
    return sum(value is not None for value in values) / len(values)


def _tidy(text: str) -> str:
    """Return the text without notes ([1], *), with plain spaces and minus signs; too long a text says no value."""
    if len(text) > _LONGEST:
        return ""
    text = " ".join(text.replace("−", "-").replace("\u202f", " ").split())
    return _NOTE.sub("", text) if text[-1:] in "]*†‡§" else text


def _match(text: str) -> re.Match[str] | None:
    if text.startswith(("-", "–")) and text[1:2].isdigit():
        text = f"-{text[1:]}"
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    return _NUMBER.fullmatch(text)


def _is_millions(match: re.Match[str]) -> bool:
    """Tell whether the m of an amount of money, $5m, stands for millions."""
    return bool(match["before"]) and match["after"] == "m"


def _beside(match: re.Match[str]) -> str:
    """Return the unit beside a number."""
    return match["before"] if _is_millions(match) else match["after"] or match["before"] or ""


def _number(text: str, *, decimal_comma: bool | None) -> float | None:
    text = _tidy(text)
    match = _match(text)
    if match is None:
        return None
    value = _value(match["digits"], decimal_comma=decimal_comma)
    if value is None:
        return None
    scale = "m" if _is_millions(match) else (match["scale"] or "").rstrip(".").lower()
    value *= _SCALES[scale] if scale else 1.0
    negative = "-" in (match["sign"], match["minus"]) or text.startswith(("(", "–"))
    return -value if negative and value else value


def _value(digits: str, *, decimal_comma: bool | None) -> float | None:
    if sum(one.isdigit() for one in digits) > _MOST_DIGITS:
        return None
    if _GROUPED_BY_SPACE.fullmatch(digits):
        return float(re.sub(r"[ '’]", "", digits).replace(",", "."))
    if decimal_comma is not True and _GROUPED_BY_COMMA.fullmatch(digits):
        return float(digits.replace(",", ""))
    by_point = _GROUPED_BY_POINT.fullmatch(digits)
    if by_point and (decimal_comma is True or digits.count(".") > 1 or "," in digits):
        return float(digits.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(digits):
        value = float(digits.replace(",", "."))
        return value if math.isfinite(value) else None
    return None


def _decimal_comma(cells: Sequence[str]) -> bool | None:
    """Tell whether a comma begins the decimals in a column, None where no cell says or they disagree."""
    digits = [match["digits"] for match in map(_match, map(_tidy, cells)) if match]
    comma = any(_SURELY_COMMA.fullmatch(one) for one in digits)
    point = any(_SURELY_POINT.fullmatch(one) for one in digits)
    return None if comma == point else comma


def _day(text: str, *, day_first: bool | None) -> date | None:
    text = _tidy(text)
    for pattern in _DAYS:
        match = pattern.fullmatch(text)
        if match:
            return _date(match.groupdict())
    match = _SLASHED.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if day_first is None and first != second and first <= 12 and second <= 12:
        return None
    if first > 12 or day_first:
        first, second = second, first
    return _checked(year, first, second)


def _date(said: dict[str, str | None]) -> date | None:
    month = said.get("month")
    if month:
        number_of_month = _MONTHS.index(month[:3].lower()) + 1
    elif said.get("quarter"):
        number_of_month = 3 * int(said["quarter"] or 1) - 2
    else:
        number_of_month = int(said.get("number") or 0)
    return _checked(int(said["year"] or 0), number_of_month, int(said.get("day") or 1))


def _checked(year: int, month: int, day_of_month: int) -> date | None:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None


def _last_word(name: str) -> str:
    """Return the unit that the head of a column of numbers ends with: "weight kg", "notice_days"."""
    found = _LAST_WORD.search(name.strip())
    return found[1] if found else ""


def _of_head(name: str) -> str:
    """Return the unit in brackets at the end of a head, after "in", or as its last sign; words are no units."""
    name = " ".join(name.split())
    for pattern in (_IN_BRACKETS, _AFTER_IN):
        found = pattern.search(name)
        if found and _UNIT.fullmatch(found[1]) and (pattern is _IN_BRACKETS or len(found[1]) > 1 or found[1] in "$€£%"):
            return found[1]
    last = _LAST_SIGN.search(name)
    return last[1] if last else ""
