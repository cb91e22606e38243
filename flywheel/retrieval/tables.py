"""Refine the passages of tables: one hit per table, and among a document's tables the one whose columns are asked for.

    card  the passage that describes a whole table (`detail["card"]`); the others hold some of its rows

A question that names what only a row says ("Osprey") keeps the row, any other the card. Preferring named columns among
all tables was measured on fetaqa and lost (nDCG@10 on train .932 to .929 at the smallest weight that moved anything
much), so it only decides between tables of one document that are about as near.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from flywheel.retrieval.features import Words
from flywheel.retrieval.hybrid import Ranked

_NEAR = 0.8  # of the best score among the tables of a document
_WORD = re.compile(r"\w+")
_LABEL = re.compile(r"(?:^|; )([^:;]{1,60}): ")
_OF_CARD = re.compile(r" rows?\): (.*)$")


def refine(question: str, ranked: Sequence[Ranked], now: datetime) -> list[Ranked]:
    """Return the tables' passages, best first, one for each table, with the best score that any of its passages had."""
    del now  # a table's age says nothing of its own
    asked = _words(" ".join(Words.of(question).content))
    folded = sorted(_folded(asked, ranked), key=lambda one: -one.score)
    return _preferred(asked, folded)


def _folded(asked: frozenset[str], ranked: Sequence[Ranked]) -> list[Ranked]:
    of_table: defaultdict[str, list[Ranked]] = defaultdict(list)
    for one in ranked:
        of_table[(one.passage.detail or {}).get("table") or one.passage.id].append(one)
    return [_best(asked, group) for group in of_table.values()]


def _best(asked: frozenset[str], group: Sequence[Ranked]) -> Ranked:
    if len(group) == 1:
        return group[0]
    said = [len(asked & _words(one.passage.text)) for one in group]
    places = range(len(group))
    best = max(places, key=lambda place: (said[place], _is_card(group[place]), group[place].score))
    return group[best]._replace(score=max(one.score for one in group))


def _preferred(asked: frozenset[str], folded: list[Ranked]) -> list[Ranked]:
    """Return the tables with those of one document that are about as near in the order of their named columns."""
    of_document: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(folded):
        of_document[one.passage.document_id].append(place)
    made = list(folded)
    for places in of_document.values():
        near = [place for place in places if folded[place].score >= _NEAR * folded[places[0]].score]
        if len(near) > 1:
            order = sorted(near, key=lambda place: -len(asked & _columns(folded[place])))
            for place, chosen in zip(near, order, strict=True):
                made[place] = folded[chosen]._replace(score=folded[place].score)
    return made


def _columns(one: Ranked) -> frozenset[str]:
    """Return the words of the names of a table's columns, as far as a passage of it shows them."""
    first = next((line for line in one.passage.text.splitlines() if ": " in line or "|" in line), "")
    of_card = _OF_CARD.search(first) if _is_card(one) else None
    if of_card:
        return _words(of_card[1])
    return _words(first if "|" in first else " ".join(_LABEL.findall(first)))


def _is_card(one: Ranked) -> bool:
    return "card" in (one.passage.detail or {})


def _words(text: str) -> frozenset[str]:
    """Return the words of a text without the s of their plural."""
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") else word for word in _WORD.findall(text.lower())
    )
