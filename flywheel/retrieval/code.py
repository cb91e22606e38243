"""Refine the code that was found: what the question names comes first, copies are folded into their best.

Someone who writes `may_retry`, retryWithBackoff or Outer.method means that very thing. A question in words that has
all words of a symbol ("where do we round half even") means it probably. Scores stay in [0, 1] and go on falling.
"""

from collections.abc import Sequence
from datetime import datetime

from flywheel.knowledge.identifiers import mentioned, split
from flywheel.retrieval.hybrid import Ranked

_PART_OF_THE_WAY = 0.3  # of the way to 1 that a symbol moves whose words all stand in the question
_FEWEST_WORDS = 2


def refine(question: str, ranked: Sequence[Ranked], now: datetime) -> list[Ranked]:
    """Return the ranked code, best first: named symbols, then what mentions the name, then the rest by its score."""
    del now
    names = frozenset(name.lower() for name in mentioned(question))
    words = frozenset(word for token in question.split() for word in split(token))
    moved = [one._replace(score=_moved(one, words)) for one in _folded(ranked)]
    tiers = sorted(moved, key=lambda one: (-_named(one, names), -one.score))
    return _falling(tiers)


def _folded(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Keep the best of all that say the same but for white space; it says how many there are."""
    alike: dict[str, list[Ranked]] = {}
    for one in ranked:
        alike.setdefault("".join(one.passage.text.split()), []).append(one)
    return [_counted(copies[0], len(copies)) for copies in alike.values()]


def _counted(one: Ranked, count: int) -> Ranked:
    if count == 1:
        return one
    detail = {**(one.passage.detail or {}), "copies": str(count)}
    return one._replace(passage=one.passage._replace(detail=detail))


def _symbol(one: Ranked) -> str:
    return (one.passage.detail or {}).get("symbol", "")


def _named(one: Ranked, names: frozenset[str]) -> int:
    """Return 3 for the symbol itself, 2 for its last name, 1 for code in which the name stands, else 0."""
    if not names:
        return 0
    symbol = _symbol(one).lower()
    if symbol in names:
        return 3
    if symbol.rsplit(".", 1)[-1] in names:
        return 2
    return int(any(name in one.passage.text.lower() for name in names))


def _moved(one: Ranked, words: frozenset[str]) -> float:
    symbol = split(_symbol(one))
    if len(symbol) >= _FEWEST_WORDS and words.issuperset(symbol):
        return one.score + (1.0 - one.score) * _PART_OF_THE_WAY
    return one.score


def _falling(tiers: Sequence[Ranked]) -> list[Ranked]:
    """Raise every score to the highest of those that come after it."""
    highest = 0.0
    raised = []
    for one in reversed(tiers):
        highest = max(highest, one.score)
        raised.append(one._replace(score=highest))
    return raised[::-1]
