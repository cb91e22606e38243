"""Find the column that words of a question name.

A word that stands in a column's head counts 1, a word of like meaning 0.7. Of columns with equal scores the one with
fewer other words in its head is meant; where that does not decide either, nobody can tell, and none is.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flywheel.answering.tables.asked import Asked
from flywheel.answering.tables.lexicon import PEOPLE, PLACES, PRICES, RANKS, TIMES, alike, is_filler
from flywheel.answering.tables.sheet import Sheet

SAME, LIKE, KIND = 1.0, 0.7, 0.5
"""What a word counts that stands in a head, one that means the same, and a question word of the column's kind."""

_KINDS = {"how much": PRICES, "who": PEOPLE, "whom": PEOPLE, "where": PLACES, "when": TIMES}


@dataclass(frozen=True, slots=True)
class Named:
    """A column and how surely the question names it; `score` counts words."""

    column: int
    score: float
    left: int


def named(sheet: Sheet, asked: Asked, places: Iterable[int], without: Collection[int] = ()) -> Named | None:
    """Return the one column that the words at these places name best, None where none or several do."""
    stems = _stems(asked, places)
    found = [_scored(sheet, column, stems) for column in range(len(sheet.heads)) if column not in without]
    return best(sheet, [one for one in found if one.score > 0])


def numeric(sheet: Sheet, asked: Asked, places: Iterable[int], without: Collection[int]) -> list[int]:
    """Return all columns of numbers, not years, that the words name at all."""
    stems = _stems(asked, places)
    fits = [at for at in range(len(sheet.heads)) if sheet.is_numeric(at) and not sheet.is_dated(at)]
    return [at for at in fits if at not in without and _scored(sheet, at, stems).score > 0]


def best(sheet: Sheet, found: list[Named]) -> Named | None:
    """Return the best of several, None where two are equally good."""
    filled = [one for one in found if sheet.filled(one.column)]
    ranked = sorted(filled, key=lambda one: (-one.score, one.left))
    if len(ranked) > 1 and (ranked[0].score, ranked[0].left) == (ranked[1].score, ranked[1].left):
        return None
    return ranked[0] if ranked else None


def target(sheet: Sheet, asked: Asked, free: Collection[int], without: Collection[int]) -> Named | None:
    """Return the column that is asked for: what "which …" names, else what any free word and the question word say."""
    first, end = asked.wants
    wanted = [at for at in range(first, end) if at in free]
    found = named(sheet, asked, wanted, without)
    if asked.opener == "how" or (found is not None and _can_answer(sheet, found.column, asked.opener)):
        return found
    kinds = _KINDS.get(asked.opener, frozenset())
    stems = _stems(asked, free)
    scored = []
    for column in range(len(sheet.heads)):
        one = _scored(sheet, column, stems)
        kind = KIND if not sheet.heads[column].isdisjoint(kinds) else 0.0
        if column not in without and one.score + kind > 0 and _can_answer(sheet, column, asked.opener):
            scored.append(Named(column, one.score + kind, one.left))
    return best(sheet, scored)


def entity(sheet: Sheet, without: Collection[int]) -> int | None:
    """Return the column that names what a row is about: the first of texts, nearly all different."""
    texts = [
        column
        for column in range(len(sheet.heads))
        if column not in without and not sheet.is_numeric(column) and not sheet.is_dated(column)
    ]
    for column in texts:
        cells = [sheet.cell(row, column) for row in sheet.filled(column)]
        if len(cells) >= 0.8 * len(sheet.body) and len(set(cells)) >= 0.9 * len(cells):
            return column
    return None


def person(sheet: Sheet, without: Collection[int]) -> int | None:
    """Return the one column that holds people."""
    found = [
        at
        for at, head in enumerate(sheet.heads)
        if at not in without and not head.isdisjoint(PEOPLE) and sheet.filled(at)
    ]
    return found[0] if len(found) == 1 else None


def rank(sheet: Sheet) -> int | None:
    """Return the one column in which 1 is best."""
    found = [at for at, head in enumerate(sheet.heads) if not head.isdisjoint(RANKS)]
    return found[0] if len(found) == 1 else None


def _can_answer(sheet: Sheet, column: int, opener: str) -> bool:
    """Tell whether a column can hold what a question word asks for: no day is somebody, no name is a time."""
    if opener in {"who", "whom"}:
        return not sheet.is_dated(column) and not sheet.is_numeric(column)
    if opener == "how much":
        return sheet.is_numeric(column) or not sheet.heads[column].isdisjoint(PRICES)
    if opener == "when":
        return sheet.is_dated(column) or not sheet.heads[column].isdisjoint(TIMES)
    return True


def _stems(asked: Asked, places: Iterable[int]) -> list[str]:
    words = [asked.words[at] for at in places]
    return [word.stem for word in words if word.proper or not is_filler(word.text)]


def _scored(sheet: Sheet, column: int, stems: list[str]) -> Named:
    head = sheet.heads[column]
    said = {stem for stem in stems if stem in head}
    like = {stem for stem in stems if stem not in said and not head.isdisjoint(alike(stem))}
    matched = {one for stem in said | like for one in alike(stem) & head}
    return Named(column, SAME * len(said) + LIKE * bool(like - said), len(head - matched))
