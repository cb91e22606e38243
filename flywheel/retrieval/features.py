"""What a reranker sees of a passage: about ten numbers between 0 and 1 (`log_length` goes to about 1.5).

Cheap on purpose: forty passages take well under a millisecond, so that reranking costs next to nothing.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

FEATURES: tuple[str, ...] = (
    "dense_norm",
    "bm25_norm",
    "dense_reciprocal_rank",
    "bm25_reciprocal_rank",
    "rrf",
    "title_overlap",
    "heading_overlap",
    "phrase_match",
    "number_match",
    "recency",
    "log_length",
)
"""The names of the reranker's features, in its order."""

SCORES: tuple[str, ...] = ("dense", "bm25", "dense_rank", "bm25_rank", "dense_norm", "bm25_norm")
"""The names of what the two indexes said, which stand beside the features in every hit."""

_RRF_K = 60  # Cormack, Clarke and Buettcher 2009
_RRF_BEST = 2 / (_RRF_K + 1)
_YEAR = timedelta(days=365.25)
_UNKNOWN_AGE = 0.5
_LONG = math.log1p(1_000)  # characters: about what the encoder's window holds
_WORD = re.compile(r"\w+")
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by can do does for from get has have how i if in is it me my of on or our the there this"
        " to us was we what when where which who why will with you your",
    )
)


@dataclass(frozen=True, slots=True)
class Words:
    """A question's words as the features need them: content words, neighbouring pairs, numbers."""

    content: frozenset[str]
    pairs: tuple[str, ...]
    numbers: frozenset[str]

    @classmethod
    def of(cls, query: str) -> "Words":
        """Cut a question into words."""
        words = _WORD.findall(query.lower())
        pairs = tuple(f"{first} {second}" for first, second in pairwise(words))
        numbers = frozenset(word for word in words if any(character.isdigit() for character in word))
        return cls(frozenset(words) - _STOP_WORDS, pairs, numbers)


class Written(Protocol):
    """What is written of a passage, a hit or one on its way to becoming a hit."""

    @property
    def title(self) -> str:
        """Return the document's title."""

    @property
    def text(self) -> str:
        """Return what the passage says."""

    @property
    def heading_path(self) -> Sequence[str]:
        """Return the headings above it."""

    @property
    def updated_at(self) -> datetime | None:
        """Return when its document was last changed, if that is known."""


def features(words: Words, passage: Written, scores: Mapping[str, float], now: datetime) -> dict[str, float]:
    """Return the features of a passage; `scores` holds what `SCORES` names."""
    text = passage.text.lower()
    return {
        "dense_norm": scores["dense_norm"],
        "bm25_norm": scores["bm25_norm"],
        "dense_reciprocal_rank": _reciprocal(scores["dense_rank"]),
        "bm25_reciprocal_rank": _reciprocal(scores["bm25_rank"]),
        "rrf": _rrf(scores),
        "title_overlap": _overlap(words.content, passage.title),
        "heading_overlap": _overlap(words.content, " ".join(passage.heading_path)),
        "phrase_match": _standing(words.pairs, text),
        "number_match": _standing(words.numbers, text),
        "recency": _recency(passage.updated_at, now),
        "log_length": math.log1p(len(text)) / _LONG,
    }


def _reciprocal(rank: float) -> float:
    return 1 / rank if rank > 0 else 0.0


def _rrf(scores: Mapping[str, float]) -> float:
    ranks = (scores["dense_rank"], scores["bm25_rank"])
    return sum([1 / (_RRF_K + rank) for rank in ranks if rank > 0]) / _RRF_BEST


def _overlap(content: frozenset[str], text: str) -> float:
    return len(content.intersection(_WORD.findall(text.lower()))) / len(content) if text and content else 0.0


def _standing(pieces: Collection[str], text: str) -> float:
    return len([piece for piece in pieces if piece in text]) / len(pieces) if pieces else 0.0


def _recency(updated_at: datetime | None, now: datetime) -> float:
    """Return 1 for today, 1/2 for a year ago, 1/3 for two; 1/2 when nobody knows."""
    if updated_at is None:
        return _UNKNOWN_AGE
    return 1 / (1 + max(now - updated_at, timedelta()) / _YEAR)
