"""Find in a question the conditions on rows: values that cells have, years, and comparisons.

exact   the question says the whole cell, or all of it but what stands in brackets
part    the question says a part of a cell, or a year that a day falls in
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from flywheel.answering.tables.asked import Asked, Word
from flywheel.answering.tables.lexicon import alike, is_filler
from flywheel.answering.tables.sheet import Sheet, bare, is_year, tokens

LONGEST = 14
"""Words of a cell that a question may repeat."""

_LISTED = re.compile(r"[,;/]\s+")
_YES = frozenset({"yes", "y", "true", "x", "✓", "✔"})
_FLAGS = _YES | {"no", "n", "false"}
_OUTCOMES = {"win": ("won", "winner", "1st"), "won": ("won", "winner", "1st"), "nomin": ("nominated",)}


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows in which a column says what the question says in the words from `first` up to `end`."""

    column: int
    rows: frozenset[int]
    shown: str
    first: int
    end: int
    exact: bool = True

    @property
    def span(self) -> tuple[int, int]:
        """Return the words it explains."""
        return self.first, self.end


def said_values(sheet: Sheet, asked: Asked) -> list[Condition]:
    """Return the conditions that name cells, longest first, none within another; one per column for the same words."""
    found = _exact(sheet, asked)
    taken = _without_inner(found)
    covered = {at for one in taken for at in range(*one.span)}
    parts = _without_inner(_parts(sheet, asked, covered))
    return [*taken, *parts]


def said_years(sheet: Sheet, asked: Asked, covered: set[int]) -> list[Condition]:
    """Return the conditions of years that stand in the question and are no whole cell."""
    found = []
    for at, word in enumerate(asked.words):
        if at in covered or not is_year(word.text):
            continue
        for column in range(len(sheet.heads)):
            rows = frozenset(row for row in sheet.body if _mentions_year(sheet, row, column, word.text))
            if rows:
                name = sheet.names[column]
                found.append(Condition(column, rows, f"{name}: in {word.text}", at, at + 1, exact=False))
    return found


def said_outcomes(sheet: Sheet, asked: Asked, covered: set[int]) -> list[Condition]:
    """Return the condition that a row is "Won" where somebody asks what was won, and the like."""
    found = []
    for at, word in enumerate(asked.words):
        meant = _OUTCOMES.get(word.stem, ()) if at not in covered else ()
        rows: dict[int, set[int]] = defaultdict(set)
        for row, column, cell in _cells(sheet, meant):
            if cell.strip().lower() in meant:
                rows[column].add(row)
        if rows:
            column = max(rows, key=lambda one: len(rows[one]))
            shown = sheet.cell(min(rows[column]), column)
            name = sheet.names[column]
            found.append(Condition(column, frozenset(rows[column]), f"{name} = {shown}", at, at + 1))
    return found


def said_flags(sheet: Sheet, asked: Asked, covered: set[int]) -> list[Condition]:
    """Return the conditions that columns of yes and no make where they are named: "which rooms have video"."""
    found = []
    for column in range(len(sheet.heads)):
        cells = {row: sheet.cell(row, column).strip().lower() for row in sheet.filled(column)}
        if not cells or not set(cells.values()) <= _FLAGS:
            continue
        places = [at for at, word in enumerate(asked.words) if at not in covered and word.stem in sheet.heads[column]]
        rows = frozenset(row for row, said in cells.items() if said in _YES)
        if places and rows:
            found.append(Condition(column, rows, f"{sheet.names[column]} = yes", places[0], places[0] + 1))
    return found


def _exact(sheet: Sheet, asked: Asked) -> list[Condition]:
    said = _phrases(asked)
    found: dict[tuple[int, int, int], tuple[set[int], str]] = {}
    for row, column, cell in _cells(
        sheet, [word.text for word in asked.words if not is_filler(word.text) or word.proper]
    ):
        for form, text in _forms(cell).items():
            for span in said.get(form, ()):
                rows, _ = found.setdefault((column, *span), (set(), text))
                rows.add(row)
    return [
        Condition(column, frozenset(rows), f"{sheet.names[column]} = {shown}", first, end)
        for (column, first, end), (rows, shown) in found.items()
        if _is_telling(sheet, asked, column, (first, end))
    ]


def _forms(cell: str) -> dict[tuple[str, ...], str]:
    """Return what counts as saying a cell, with the text of it: the cell, it without brackets, an item of its list."""
    items = [one for one in _LISTED.split(cell) if tokens(one) and not any(map(str.isdigit, one))]
    whole = bare(cell) or cell
    forms = {tokens(one): one.strip() for one in items} | {tokens(cell): whole, tokens(whole): whole}
    return {form: text for form, text in forms.items() if form}


def _phrases(asked: Asked) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    said: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    texts = [word.text for word in asked.words]
    for first in range(len(texts)):
        for end in range(first + 1, min(first + LONGEST, len(texts)) + 1):
            said[tuple(texts[first:end])].append((first, end))
    return said


def _is_telling(sheet: Sheet, asked: Asked, column: int, span: tuple[int, int]) -> bool:
    """Tell whether words that a cell says are meant as its value, not by chance."""
    words = asked.words[span[0] : span[1]]
    if all(is_filler(word.text) and not word.proper for word in words):
        return False
    if asked.extreme is not None and span[0] <= asked.extreme < span[1] and len(words) == 1:
        return False
    if all(word.stem in sheet.context or is_filler(word.text) for word in words):
        return _named_before(sheet, asked, column, span[0])
    if len(words) == 1 and words[0].text.isdigit() and not is_year(words[0].text):
        return _named_before(sheet, asked, column, span[0])
    return len(words) > 1 or words[0].proper or not _is_in_heads(sheet, words[0])


def _named_before(sheet: Sheet, asked: Asked, column: int, first: int) -> bool:
    """Tell whether the word before names the column: "stage 15", "lane 6", "the album Feed Me Diamonds"."""
    return any(_names(sheet, column, word) for word in asked.words[max(first - 1, 0) : first])


def _is_in_heads(sheet: Sheet, word: Word) -> bool:
    return any(word.stem in head for head in sheet.heads)


def _parts(sheet: Sheet, asked: Asked, covered: set[int]) -> list[Condition]:
    """Return conditions of names in the question that stand inside longer cells."""
    found: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    spans = [span for span in _names_said(sheet, asked, covered) if not _is_context(sheet, asked, span)]
    said = {span: tuple(word.text for word in asked.words[span[0] : span[1]]) for span in spans}
    for row, column, cell in _cells(sheet, [phrase[0] for phrase in said.values()]):
        inside = tokens(cell)
        for span, phrase in said.items():
            if len(phrase) < len(inside) and _contains(inside, phrase):
                found[(column, *span)].add(row)
    return [
        Condition(column, frozenset(rows), _part_shown(sheet, column, rows, said[first, end]), first, end, exact=False)
        for (column, first, end), rows in found.items()
    ]


def _part_shown(sheet: Sheet, column: int, rows: set[int], phrase: tuple[str, ...]) -> str:
    """Return the one cell that was meant, or the part that several share."""
    cells = {sheet.cell(row, column) for row in rows}
    name = sheet.names[column]
    return f"{name} = {cells.pop()}" if len(cells) == 1 else f"{name} contains “{' '.join(phrase)}”"


def _names_said(sheet: Sheet, asked: Asked, covered: set[int]) -> Iterable[tuple[int, int]]:
    """Yield the spans of words that begin and end with a name or a number and touch nothing covered."""
    for first, word in enumerate(asked.words):
        if not word.proper or _is_in_heads(sheet, word) or is_year(word.text) or len(word.text) < 2:
            continue
        for end in range(first + 1, min(first + 6, len(asked.words)) + 1):
            if end - 1 in covered or first in covered:
                break
            if asked.words[end - 1].proper:
                yield first, end


def _is_context(sheet: Sheet, asked: Asked, span: tuple[int, int]) -> bool:
    return all(word.stem in sheet.context for word in asked.words[span[0] : span[1]])


def _contains(inside: Sequence[str], phrase: Sequence[str]) -> bool:
    size = len(phrase)
    return any(tuple(inside[at : at + size]) == tuple(phrase) for at in range(len(inside) - size + 1))


def _without_inner(found: Sequence[Condition]) -> list[Condition]:
    """Drop conditions whose words are among the words of a longer one."""
    spans = {one.span for one in found}
    return [one for one in found if not any(_is_inside(one.span, other) for other in spans)]


def _is_inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    overlap = min(one[1], other[1]) - max(one[0], other[0])
    return one != other and overlap > 0 and one[1] - one[0] < other[1] - other[0]


def _mentions_year(sheet: Sheet, row: int, column: int, year: str) -> bool:
    found = sheet.year(row, column)
    if found is not None:
        return str(found) == year
    cell = sheet.cell(row, column)
    return len(cell) <= 24 and year in tokens(cell) and sheet.number(row, column) is None


def _names(sheet: Sheet, column: int, word: Word) -> bool:
    return not sheet.heads[column].isdisjoint(alike(word.stem))


def _cells(sheet: Sheet, words: Collection[str]) -> Iterable[tuple[int, int, str]]:
    """Yield the cells of the body that say something and may hold one of the words."""
    if not words:
        return
    any_of = re.compile("|".join(map(re.escape, words)))
    for column in range(len(sheet.heads)):
        for row in sheet.filled(column):
            cell = sheet.cell(row, column)
            if not cell.isascii() or any_of.search(cell.lower().replace(",", "")):
                yield row, column, cell
