"""Read a question against one table: its conditions, and whether every word of it is accounted for.

A word is accounted for when it names a cell or a column, belongs to a comparison, to the operation or to what the table
is about, or says nothing of its own. What is left over is a wish that the answer would ignore.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from flywheel.answering.tables import columns
from flywheel.answering.tables.asked import Asked, Word, understand
from flywheel.answering.tables.comparisons import comparisons, condition
from flywheel.answering.tables.conditions import Condition, said_flags, said_outcomes, said_values, said_years
from flywheel.answering.tables.lexicon import FREE, MEASURES, RIGID, TIMES, alike, is_filler, word_set
from flywheel.answering.tables.moments import said_days, said_period
from flywheel.answering.tables.sheet import Sheet, tokens
from flywheel.answering.words import stem

_OPERATION = word_set(
    "how many much more fewer less than difference between average mean avg sum total altogether combined all list "
    "show number count top bottom which what who where when each per"
)
_ASKING = word_set("what which who whom how when where whose")
_SPANS = word_set("day week month quarter season year")
_WIN = frozenset({"win", "won"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A question read against a table. `said` are the conditions, at most one per words of the question."""

    sheet: Sheet
    asked: Asked
    said: tuple[Condition, ...]
    covered: frozenset[int] = field(default_factory=frozenset)

    @property
    def free(self) -> list[int]:
        """Return the places of the words that no condition explains."""
        return [at for at in range(len(self.asked.words)) if at not in self.covered]

    @property
    def bound(self) -> frozenset[int]:
        """Return the columns of the conditions."""
        return frozenset(one.column for one in self.said)

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the body rows that meet every condition."""
        return tuple(row for row in self.sheet.body if all(row in one.rows for one in self.said))

    def rivals(self) -> tuple[Condition, Condition] | None:
        """Return the two conditions on one column that no row can both meet, if there are exactly two."""
        by_column: dict[int, list[Condition]] = defaultdict(list)
        for one in self.said:
            by_column[one.column].append(one)
        pairs = [pair for pair in by_column.values() if len(pair) == 2 and not pair[0].rows & pair[1].rows]
        return (pairs[0][0], pairs[0][1]) if len(pairs) == 1 else None

    def is_rigid(self) -> bool:
        """Tell whether the question has a word that is not understood, or asks for two things at once."""
        words = self.asked.words
        odd = [at for at in self.free if words[at].text in RIGID and not self._is_head(at)]
        first, end = self.asked.wants
        two = [at for at in range(first, end) if words[at].text in {"and", "or"} and at not in self.covered]
        return bool(odd or two) or self._asks_twice() or self.asked.is_yes_or_no or self._is_relative()

    def _is_relative(self) -> bool:
        """Tell whether a time is named from today's point of view: "this week"."""
        texts = [word.text for word in self.asked.words]
        return any(one == "this" and other in _SPANS for one, other in pairwise(texts))

    def _asks_twice(self) -> bool:
        asking = [at for at in self.free if self.asked.words[at].text in _ASKING]
        between = range(asking[0], asking[-1]) if asking else ()
        return any(at in self.free and self.asked.words[at].text == "and" for at in between)

    def _is_head(self, at: int) -> bool:
        return any(self.asked.words[at].stem in head for head in self.sheet.heads)

    def unexplained(self) -> tuple[list[str], list[str]]:
        """Return the words that nothing accounts for: those that matter, and plain ones.

        Names and numbers matter, words of what is asked for, and words that some cell has in another form.
        """
        left = [self.asked.words[at] for at in self.free if not self._is_explained(at)]
        wanted = self.asked.words[slice(*self.asked.wants)]
        cells = _stems_of_cells(self.sheet) if left else frozenset()
        hard = [one.text for one in left if one.proper or one in wanted or one.stem in cells]
        return hard, [one.text for one in left if one.text not in hard]

    def left_out(self, used: Collection[int]) -> list[Word]:
        """Return the words that name a column by its own words which an answer from these columns leaves out."""
        known = {stem for column in used for stem in self.sheet.heads[column]}
        if "percent" in known:
            return []  # "the percentage of the vote" names two columns and means one
        entity = columns.entity(self.sheet, ())
        unused = {stem for at, head in enumerate(self.sheet.heads) if at not in used and at != entity for stem in head}
        words = [self.asked.words[at] for at in self.free if not is_filler(self.asked.words[at].text)]
        wishes = [word for word in words if word.text not in _OPERATION and word.stem not in FREE]
        return [word for word in wishes if word.stem in unused - known - self.sheet.context]

    def _is_explained(self, at: int) -> bool:
        word = self.asked.words[at]
        if (is_filler(word.text) and not word.proper) or word.text in _OPERATION or word.stem in FREE:
            return True
        if not alike(word.stem).isdisjoint(self.sheet.context) or at == self.asked.extreme:
            return True
        if word.text in MEASURES or word.text == str(self.asked.most):
            return True
        return self._is_all(at) or any(not head.isdisjoint(alike(word.stem)) for head in self.sheet.heads)

    def _is_all(self, at: int) -> bool:
        """Tell whether a word is the plural after "of the" or "of all", a name for all rows: "of the ships"."""
        words = self.asked.words
        before = " ".join(word.text for word in words[max(at - 2, 0) : at])
        is_plural = words[at].text.endswith("s") and not words[at].proper
        return is_plural and before in {"of the", "of all", "of our", "for all"} and not self._is_in_cells(at)

    def _is_in_cells(self, at: int) -> bool:
        return self.asked.words[at].stem in _stems_of_cells(self.sheet)


def read(sheet: Sheet, question: str) -> Reading | None:
    """Return the reading of a question, None where its conditions can be meant in more than one way."""
    asked = understand(question)
    compared = comparisons(asked)
    inside = {at for one in compared for at in range(one.first, one.end)}
    on_days = [one for one in said_days(sheet, asked) if not inside & set(range(*one.span))]
    inside |= {at for one in on_days for at in range(*one.span)}
    values = [one for one in said_values(sheet, asked) if not inside & set(range(*one.span))]
    covered = inside | {at for one in values for at in range(*one.span)}
    years = [one for one in said_years(sheet, asked, covered) if not _is_known(sheet, asked, one)]
    said = _resolved(sheet, asked, [*values, *on_days, *_periods(sheet, asked, years, covered)])
    if said is None:
        return None
    ranges = [condition(sheet, asked, one) for one in compared]
    if any(one is None for one in ranges):
        return None
    said += [one for one in ranges if one]
    covered = inside | {at for one in said for at in range(*one.span)}
    said += _outcome(sheet, asked, covered)
    covered |= {at for one in said for at in range(*one.span)}
    if asked.opener not in {"", "what", "how"}:
        said += said_flags(sheet, asked, covered)
    return Reading(sheet, asked, tuple(said), frozenset(covered | {at for one in said for at in range(*one.span)}))


def _periods(sheet: Sheet, asked: Asked, years: list[Condition], covered: Collection[int]) -> list[Condition]:
    """Return the conditions of years, with the period around a year in place of a day in it."""
    found = {at: said_period(sheet, asked, at) for at in range(len(asked.words)) if at not in covered}
    periods = [one for one in found.values() if one is not None and not _is_known(sheet, asked, one)]
    return [*periods, *(one for one in years if not any(one.span == other.span for other in periods))]


def _is_known(sheet: Sheet, asked: Asked, one: Condition) -> bool:
    """Tell whether a year is the table's own, or names a column."""
    year = asked.words[one.first].text
    return year in sheet.context or any(year in head for head in sheet.heads)


def _outcome(sheet: Sheet, asked: Asked, covered: Collection[int]) -> list[Condition]:
    """Return the condition that "won" means, as a result or as the first place, where no column is about winning."""
    won = [at for at, word in enumerate(asked.words) if word.stem in _WIN and at not in covered]
    found = said_outcomes(sheet, asked, set(covered))
    if found or not won:
        return found
    ranked = columns.rank(sheet)
    if ranked is None or any(not head.isdisjoint(alike("win") - alike("rank")) for head in sheet.heads):
        return []
    rows = frozenset(row for row in sheet.body if sheet.cell(row, ranked).strip(" .").lower() in {"1", "1st"})
    name = sheet.names[ranked]
    return [Condition(ranked, rows, f"{name} = 1", won[0], won[0] + 1)] if rows else []


def _resolved(sheet: Sheet, asked: Asked, found: list[Condition]) -> list[Condition] | None:
    """Return one condition for each group of words, None where two columns fit equally."""
    spans: dict[tuple[int, int], list[Condition]] = defaultdict(list)
    for one in found:
        spans[one.span].append(one)
    wanted = columns.named(sheet, asked, range(*asked.wants))
    chosen = []
    for options in spans.values():
        meant = _meant(sheet, asked, options, wanted.column if wanted else None)
        if meant is None:
            return None
        chosen.append(meant)
    return chosen


def _meant(sheet: Sheet, asked: Asked, options: list[Condition], wanted: int | None) -> Condition | None:
    exact = [one for one in options if one.exact] or options
    if len(exact) == 1:
        return exact[0]
    near = [one for one in exact if _is_named_nearby(sheet, asked, one)]
    if len(near) == 1:
        return near[0]
    other = [one for one in exact if one.column != wanted]
    if len(other) == 1:
        return other[0]
    timed = [one for one in other if not sheet.heads[one.column].isdisjoint({"year", "dat", "date", "season"} & TIMES)]
    if len(timed) == 1:
        return timed[0]
    same = len({one.rows for one in other}) == 1
    return other[0] if same and other else None


def _is_named_nearby(sheet: Sheet, asked: Asked, one: Condition) -> bool:
    near = [*asked.words[max(one.first - 2, 0) : one.first], *asked.words[one.end : one.end + 1]]
    return any(not sheet.heads[one.column].isdisjoint(alike(word.stem)) for word in near if not is_filler(word.text))


def _stems_of_cells(sheet: Sheet) -> frozenset[str]:
    return frozenset(stem(word) for row in sheet.body for cell in sheet.table.rows[row] for word in tokens(cell))
