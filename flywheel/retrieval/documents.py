"""Find passages of documents: two indexes, one score, at most one hit per record of a list.

Each index brings its nearest; what only one of them found gets the other's score too, exactly, so that a passage never
loses for not having been asked about. Then the scores are fused, the hits read from SQL behind the audience filter,
their features computed and, where a reranker serves, the order is the reranker's.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.errors import IndexUnavailable
from flywheel.model import Audience, Hit
from flywheel.ports import LexicalIndex, Scored, VectorIndex
from flywheel.retrieval import fusion
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.features import Words, features
from flywheel.store import passages
from flywheel.store.database import Session

DEPTH = 40
"""How many candidates each index brings, or `k` if that is more; 60 gave the same nDCG@10 on all three dev splits."""

_SPARE = 8  # read beyond k, for what the audience filter and the collapsing of records take away
_LOG = logging.getLogger(__name__)


@runtime_checkable
class ScoresNamed(Protocol):
    """A lexical index that can score passages it is asked about; without it they count 0, BM25's minimum."""

    def scores(self, query: str, passage_ids: Sequence[str]) -> Mapping[str, float]:
        """Return the BM25 of those of the named passages that hold a word of the query."""


@runtime_checkable
class ComparesNamed(Protocol):
    """A vector index that can compare passages it is asked about; without it they count 0."""

    def cosines(self, vector: NDArray[np.float32], passage_ids: Sequence[str]) -> Mapping[str, float]:
        """Return the cosine of those of the named passages that it knows with the vector."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question on its way through retrieval, with its vector, shape (dimensions,), length 1."""

    text: str
    vector: NDArray[np.float32]
    audience: Audience
    k: int


@dataclass(frozen=True, slots=True)
class ByWords:
    """What the lexical index found, best first; `failed` says why it could not be asked, else it is empty."""

    found: tuple[Scored, ...]
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the two indexes found, best first, and the scores that each gives to what only the other one found."""

    dense: tuple[Scored, ...]
    bm25: tuple[Scored, ...]
    dense_named: Mapping[str, float]
    bm25_named: Mapping[str, float]


def by_words(core: Core, inquiry: Inquiry) -> ByWords:
    """Ask the lexical index. When it is unavailable the dense one goes on alone, and `failed` says why."""
    try:
        return ByWords(tuple(core.words.match(inquiry.text, inquiry.audience, max(DEPTH, inquiry.k))))
    except IndexUnavailable as error:
        _LOG.warning("searching by meaning alone: %s", error)
        return ByWords((), str(error))


def candidates(core: Core, inquiry: Inquiry, words: ByWords) -> Candidates:
    """Ask the dense index, and both for the scores of what only the other one found."""
    dense = core.vectors.nearest(inquiry.vector, inquiry.audience, max(DEPTH, inquiry.k))
    dense_named = _dense_named(core.vectors, inquiry.vector, dense, words.found)
    bm25_named = {} if words.failed else _bm25_named(core.words, inquiry.text, dense, words.found)
    return Candidates(tuple(dense), words.found, dense_named, bm25_named)


def rank(core: Core, db: Session, inquiry: Inquiry, found: Candidates, champions: Champions) -> list[Hit]:
    """Return up to `k` hits, best first, with every score in their features and a relative score in [0, 1]."""
    scores = _scores(found)
    combined = fusion.fused(scores.dense_norm, scores.bm25_norm, champions.alpha)
    order = np.argsort(-combined, kind="stable")[: inquiry.k + _SPARE]
    readable = passages.find(db, [scores.ids[place] for place in order], inquiry.audience)
    hits = _collapsed(readable)[: inquiry.k]
    places = {one: place for place, one in enumerate(scores.ids)}
    words = Words.of(inquiry.text)
    now = core.now()
    described = []
    for hit in hits:
        place = places[hit.passage_id]
        known = scores.of(place)
        described.append(
            replace(hit, score=float(combined[place]), features={**known, **features(words, hit, known, now)})
        )
    return _reranked(described, champions)


@dataclass(frozen=True, slots=True)
class _Scores:
    """Every score of every candidate; the arrays are in the order of `ids`."""

    ids: tuple[str, ...]
    dense: fusion.Scores
    bm25: fusion.Scores
    dense_norm: fusion.Scores
    bm25_norm: fusion.Scores
    dense_ranks: Mapping[str, int]
    bm25_ranks: Mapping[str, int]

    def of(self, place: int) -> dict[str, float]:
        """Return one candidate's scores by name."""
        return {
            "dense": float(self.dense[place]),
            "bm25": float(self.bm25[place]),
            "dense_norm": float(self.dense_norm[place]),
            "bm25_norm": float(self.bm25_norm[place]),
            "dense_rank": float(self.dense_ranks.get(self.ids[place], 0)),
            "bm25_rank": float(self.bm25_ranks.get(self.ids[place], 0)),
        }


def _bm25_named(
    words: LexicalIndex, query: str, dense: Sequence[Scored], bm25: Sequence[Scored]
) -> Mapping[str, float]:
    return words.scores(query, _missing(dense, bm25)) if isinstance(words, ScoresNamed) else {}


def _dense_named(
    vectors: VectorIndex, vector: NDArray[np.float32], dense: Sequence[Scored], bm25: Sequence[Scored]
) -> Mapping[str, float]:
    return vectors.cosines(vector, _missing(bm25, dense)) if isinstance(vectors, ComparesNamed) else {}


def _missing(wanted: Sequence[Scored], known: Sequence[Scored]) -> list[str]:
    already = {one.passage_id for one in known}
    return [one.passage_id for one in wanted if one.passage_id not in already]


def _scores(found: Candidates) -> _Scores:
    dense = {**found.dense_named, **dict(found.dense)}
    bm25 = {**found.bm25_named, **dict(found.bm25)}
    ids = tuple(dict.fromkeys([one.passage_id for one in (*found.dense, *found.bm25)]))
    dense_column = np.array([dense.get(one, 0.0) for one in ids])
    bm25_column = np.array([bm25.get(one, 0.0) for one in ids])
    return _Scores(
        ids,
        dense_column,
        bm25_column,
        fusion.normalised(dense_column),
        fusion.normalised(bm25_column),
        fusion.ranks([one.passage_id for one in found.dense]),
        fusion.ranks([one.passage_id for one in found.bm25]),
    )


def _collapsed(found: passages.Found) -> list[Hit]:
    """Keep the best passage of each record; a document that is no record keeps all of its own."""
    seen: set[str] = set()
    kept = []
    for hit in found.hits:
        if hit.document_id in seen:
            continue
        if hit.document_id in found.records:
            seen.add(hit.document_id)
        kept.append(hit)
    return kept


def _reranked(hits: list[Hit], champions: Champions) -> list[Hit]:
    if champions.reranker is None or not hits:
        return hits
    scores = champions.reranker.scores([hit.features for hit in hits])
    relative = np.exp(scores - scores.max())  # in (0, 1], the best 1, as the fused score has it
    order = np.argsort(-scores, kind="stable")
    return [replace(hits[place], score=float(relative[place])) for place in order]
