"""What a reranker sees of a passage of any kind: numbers between 0 and 1 (`log_length` goes to about 1.5).

    route        how near its retriever's probability is to the likeliest one's: 1 for the likeliest, and for all
                 without a trained router
    kind_norm    its fused score as a share of the best one of its kind, so that kinds compare
    is_*         its kind; a text has none of them
    name_match   the share of the question's exact names (identifiers, versions, what stands in quotes) that it has;
                 1 where the question has none
    symbol_match the share of the words of the symbol that it defines that the question has

and, from `rare_words` on, what only the whole list tells (`closer_features.py`).

Cheap on purpose: forty passages take well under a millisecond, so that reranking costs next to nothing.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from flywheel.knowledge.identifiers import split
from flywheel.model import Kind

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
    "route",
    "kind_norm",
    "is_code",
    "is_table",
    "is_image",
    "name_match",
    "symbol_match",
    "rare_words",
    "document_words",
    "missing_word",
    "word_pairs",
    "document_fused",
    "document_bm25",
)
"""The names of the reranker's features, in its order."""

SCORES: tuple[str, ...] = ("dense", "bm25", "dense_rank", "bm25_rank", "dense_norm", "bm25_norm")
"""The names of what the two indexes said, which stand beside the features in every hit."""

PLACED: tuple[str, ...] = (*SCORES, "route", "kind_norm")
"""The names of what must be known of a passage before its features can be computed."""

_RRF_K = 60  # Cormack, Clarke and Buettcher 2009
_RRF_BEST = 2 / (_RRF_K + 1)
_YEAR = timedelta(days=365.25)
_UNKNOWN_AGE = 0.5
_LONG = math.log1p(1_000)  # characters: about what the encoder's window holds
_WORD = re.compile(r"\w+")
_QUOTED_OR_RUN = re.compile(r"`([^`]{2,80})`|\"([^\"\s]{2,40})\"|([\w./:-]+)")
_EXACT = re.compile(r"[A-Za-z](?:_|[.:](?=\w))[A-Za-z0-9]|\d[._-]\d|[a-z][A-Z]|[A-Za-z]\d|/\w+/")
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by can do does for from get has have how i if in is it me my of on or our the there this"
        " to us was we what when where which who why will with you your",
    )
)


@dataclass(frozen=True, slots=True)
class Words:
    """A question's words as the features need them: content words, neighbouring pairs, numbers, exact names."""

    content: frozenset[str]
    pairs: tuple[str, ...]
    numbers: frozenset[str]
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: str) -> "Words":
        """Cut a question into words."""
        words = _WORD.findall(query.lower())
        pairs = tuple(f"{first} {second}" for first, second in pairwise(words))
        numbers = frozenset(word for word in words if any(character.isdigit() for character in word))
        return cls(content_words(query), pairs, numbers, frozenset(_exact_names(query)) - {""})


def _exact_names(query: str) -> Iterator[str]:
    """Yield what is quoted, and what is written as identifiers, versions and paths are.

    Runs are cut first and looked into then: one pattern for both would take quadratic time on a long run.
    """
    for ticked, quoted, run in _QUOTED_OR_RUN.findall(query):
        if ticked or quoted or _EXACT.search(run):
            yield (ticked or quoted or run).strip(".:-/").lower()


def content_words(query: str) -> frozenset[str]:
    """Return a question's words but for those that every question has."""
    return frozenset(_WORD.findall(query.lower())) - _STOP_WORDS


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

    @property
    def kind(self) -> str:
        """Return its kind, a value of `Kind`."""

    @property
    def detail(self) -> Mapping[str, str] | None:
        """Return what only passages of its kind have."""


def features(words: Words, passage: Written, scores: Mapping[str, float], now: datetime) -> dict[str, float]:
    """Return the features of a passage; `scores` holds what `PLACED` names."""
    text = passage.text.lower()
    symbol = (passage.detail or {}).get("symbol", "")
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
        "route": scores["route"],
        "kind_norm": scores["kind_norm"],
        "is_code": float(passage.kind == Kind.CODE),
        "is_table": float(passage.kind == Kind.TABLE),
        "is_image": float(passage.kind == Kind.IMAGE),
        "name_match": _standing(words.names, f"{symbol} {passage.title} {text}".lower()) if words.names else 1.0,
        "symbol_match": _overlap(_symbol_words(symbol), " ".join(words.content)) if symbol else 0.0,
    }


def held(words: Words, passage: Written) -> float:
    """Return the share of the question's content words that stand in a text, parts of words included, in [0, 1].

    1 where the question has none, and for what is no text: its index holds more words than it shows.
    """
    if not words.content or passage.kind != Kind.TEXT:
        return 1.0
    return _standing(words.content, " ".join((passage.title, *passage.heading_path, passage.text)).lower())


def _reciprocal(rank: float) -> float:
    return 1 / rank if rank > 0 else 0.0


def _rrf(scores: Mapping[str, float]) -> float:
    ranks = (scores["dense_rank"], scores["bm25_rank"])
    return sum([1 / (_RRF_K + rank) for rank in ranks if rank > 0]) / _RRF_BEST


def _overlap(content: frozenset[str], text: str) -> float:
    return len(content.intersection(_WORD.findall(text.lower()))) / len(content) if text and content else 0.0


def _standing(pieces: Collection[str], text: str) -> float:
    return len([piece for piece in pieces if piece in text]) / len(pieces) if pieces else 0.0


@lru_cache(maxsize=4_096)
def _symbol_words(symbol: str) -> frozenset[str]:
    return frozenset(split(symbol))


def _recency(updated_at: datetime | None, now: datetime) -> float:
    """Return 1 for today, 1/2 for a year ago, 1/3 for two; 1/2 when nobody knows."""
    if updated_at is None:
        return _UNKNOWN_AGE
    return 1 / (1 + max(now - updated_at, timedelta()) / _YEAR)
