"""A data table made ready for computing: what each cell says as a number or a day, and which rows are data.

*Body* rows are data. Rows that sum up others ("Total", "Turnout" across several columns) and rows that are one remark
across all columns are no body, so nothing is counted twice. Rows count from 0 here and from 1 where people read.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from flywheel.answering.tables.lexicon import TIMES
from flywheel.answering.words import stem
from flywheel.holdings import DataTable
from flywheel.knowledge.cells import days, is_blank, is_total, names, number, numbers

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+")
_OWNER = re.compile(r"['’]s\b")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_TOTAL_WORD = re.compile(r"(?:\w+\s+){0,3}(?:sub)?totals?:?|(?:sub)?totals?\s+\w+(?:\s+\w+)?", re.IGNORECASE)
MOST = 0.8
"""The share of a column's cells that must be of a kind for the column to be of it."""

_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_SAMPLE = 40
_MOST_HEADS = 2
_LEADING = 3  # cells at the beginning of a row that may call it a total


@lru_cache(maxsize=100_000)
def tokens(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text, folded: lower case, without accents, "1,008" as "1008"."""
    text = _OWNER.sub("", text).replace("%", " percent ").replace("#", " no ").lower()
    plain = text if text.isascii() else _unaccented(text)
    return tuple(one.replace(",", "") if _GROUPED.fullmatch(one) else one for one in _TOKEN.findall(plain))


def bare(text: str) -> str:
    """Return a cell without what stands in brackets: "Guido Carlesi (ITA)" is Guido Carlesi."""
    return _BRACKETED.sub("", text).strip()


def is_year(text: str) -> bool:
    """Tell whether a token is a year as people write them of what concerns them: 1500 to 2199."""
    return _YEAR.fullmatch(text) is not None


@dataclass(frozen=True)
class Sheet:
    """A table and what was understood of it. Columns and rows are named by their place, from 0."""

    table: DataTable
    said: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' names, with those of a second head under the first; a column is told from an empty twin."""
        bases = self._bases
        lower = [self.table.rows[row] for row in range(self._heads)]
        parts = [(base, *(row[at] for row in lower)) for at, base in enumerate(bases)]
        merged = [" ".join(dict.fromkeys(one for one in said if not is_blank(one))) for said in parts]
        used = Counter(merged)
        told = [f"{one} (empty)" if used[one] > 1 and not self.filled(at) else one for at, one in enumerate(merged)]
        return names([one.replace("_", " ") for one in told])

    @cached_property
    def _bases(self) -> list[str]:
        """The names without the numbers that tell equal ones apart."""
        said = {column.name for column in self.table.columns}
        parts = [column.name.rpartition(" ") for column in self.table.columns]
        return [base if end.isdigit() and base in said else f"{base}{gap}{end}" for base, gap, end in parts]

    @cached_property
    def _heads(self) -> int:
        """How many rows at the top are more of the head: they repeat a name where another is parted."""
        bases = self._bases
        if len(set(bases)) == len(bases):
            return 0
        at = 0
        while at < min(_MOST_HEADS, len(self.table.rows) - 1) and self._is_head(self.table.rows[at], bases):
            at += 1
        return at

    def _is_head(self, row: Sequence[str], bases: Sequence[str]) -> bool:
        """Tell whether a row repeats a name, or has words where the rest of a parted column has numbers."""
        if any(cell == base and not is_blank(cell) for cell, base in zip(row, bases, strict=True)):
            return True
        parted = [at for at, base in enumerate(bases) if bases.count(base) > 1 and not is_blank(row[at])]
        return any(number(row[at]) is None and self.table.columns[at].type == "number" for at in parted)

    @cached_property
    def body(self) -> tuple[int, ...]:
        """The rows that are data."""
        spanning = [at for at, row in enumerate(self.table.rows) if _spans(row)]
        odd = set(spanning) if len(spanning) * 2 < len(self.table.rows) else set()
        return tuple(
            at for at, row in enumerate(self.table.rows) if at >= self._heads and at not in odd and not _sums_up(row)
        )

    @cached_property
    def sums(self) -> tuple[int, ...]:
        """The rows that sum up others."""
        return tuple(at for at, row in enumerate(self.table.rows) if _sums_up(row))

    @cached_property
    def heads(self) -> tuple[frozenset[str], ...]:
        """The stems of each column's name."""
        return tuple(frozenset(map(stem, tokens(name))) for name in self.names)

    @cached_property
    def context(self) -> frozenset[str]:
        """The stems of what the table is about: its title, its headings, its document."""
        text = " ".join((self.table.title, *self.table.heading_path, self.said))
        return frozenset(map(stem, tokens(text))) | _initials(text)

    @cached_property
    def _numbers(self) -> tuple[tuple[float | None, ...], ...]:
        return tuple(
            tuple(numbers(self._column(at))) if self._may_be(at, "number") else ()
            for at in range(len(self.table.columns))
        )

    @cached_property
    def _days(self) -> tuple[tuple[date | None, ...], ...]:
        return tuple(
            tuple(days(self._column(at))) if self._may_be(at, "date") else () for at in range(len(self.table.columns))
        )

    @cached_property
    def _filled(self) -> tuple[tuple[int, ...], ...]:
        rows = self.table.rows
        return tuple(
            tuple(row for row in self.body if not is_blank(rows[row][at])) for at in range(len(self.table.columns))
        )

    @cached_property
    def _numeric(self) -> tuple[bool, ...]:
        found = []
        for column, filled in enumerate(self._filled):
            said = sum(self.number(row, column) is not None for row in filled)
            found.append(bool(filled) and said >= MOST * len(filled))
        return tuple(found)

    @cached_property
    def _dated(self) -> tuple[bool, ...]:
        return tuple(self._has_dates(column) for column in range(len(self.table.columns)))

    def cell(self, row: int, column: int) -> str:
        """Return a cell as written."""
        return self.table.rows[row][column]

    def number(self, row: int, column: int) -> float | None:
        """Return the number a cell says, read in the notation of its column; None in a column of texts."""
        said = self._numbers[column]
        return said[row] if said else None

    def bare_number(self, row: int, column: int) -> float | None:
        """Return the number a cell says before its brackets: "189 km (117 mi)" is 189."""
        said = self.cell(row, column)
        return number(bare(said)) if said[:1].isdigit() else None

    def day(self, row: int, column: int) -> date | None:
        """Return the day a cell says; None in a column of texts."""
        said = self._days[column]
        return said[row] if said else None

    def filled(self, column: int) -> tuple[int, ...]:
        """Return the body rows whose cell in this column says something."""
        return self._filled[column]

    def is_numeric(self, column: int) -> bool:
        """Tell whether most cells of the body that say something are numbers."""
        return self._numeric[column]

    def is_dated(self, column: int) -> bool:
        """Tell whether most cells of the body that say something are days or years.

        Numbers that could be years are years where the head says so, or all of them are of our time.
        """
        return self._dated[column]

    def year(self, row: int, column: int) -> int | None:
        """Return the year a cell says, alone or in a day."""
        found = self.day(row, column)
        if found is not None:
            return found.year
        said = self.cell(row, column).strip()
        return int(said) if is_year(said) else None

    def _has_dates(self, column: int) -> bool:
        filled = self._filled[column]
        years = [year for row in filled if (year := self.year(row, column)) is not None]
        if not filled or len(years) < MOST * len(filled):
            return False
        days_said = any(self.day(row, column) is not None for row in filled)
        return days_said or not self.heads[column].isdisjoint(TIMES) or (min(years) >= 1900 and max(years) <= 2100)

    def _may_be(self, column: int, kind: str) -> bool:
        """Tell whether a column can hold numbers or days: it does by its type, or a sample of its body does.

        The type alone does not tell, since it counts rows that are no body.
        """
        if self.table.columns[column].type == kind:
            return True
        sample = [self.cell(row, column) for row in self._filled[column][:_SAMPLE]]
        said = numbers(sample) if kind == "number" else days(sample)
        return sum(one is not None for one in said) * 2 > len(sample)

    def _column(self, column: int) -> list[str]:
        return [row[column] if at >= self._heads else "" for at, row in enumerate(self.table.rows)]


def _spans(row: Sequence[str]) -> bool:
    """Tell whether a row says one thing across its first cells, as a remark, a heading or a sum does."""
    if len(row) < 3:
        return False
    first, second = row[0].strip(), row[1].strip()
    return bool(first) and first == second and not is_blank(first) and not first[:1].isdigit()


def _unaccented(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _sums_up(row: Sequence[str]) -> bool:
    if is_total(row):
        return True
    return any(_TOTAL_WORD.fullmatch(cell.strip()) is not None for cell in row[:_LEADING])


def _initials(text: str) -> frozenset[str]:
    """Return "us" for United States and the like, since questions abbreviate countries."""
    pairs = (("united states", "us"), ("united kingdom", "uk"), ("u.s.", "us"), ("u.k.", "uk"))
    return frozenset(short for long, short in pairs if long in text.lower())
