"""Find passages of any kind: two indexes, one score, at most one hit per record of a list.

Each index brings its nearest, and the memory what earlier askers of the like wanted; what one of them did not find gets
its score too, exactly, so that a passage never loses for not having been asked about. Then the scores are fused, the
hits read from SQL behind the audience filter, their features computed and, where a reranker serves, the order is the
reranker's. What earlier questions vote for (`voted`) and what votes on the passage itself say (`prior`) is added to
either order; both are 0 where nothing of the kind serves.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.errors import ArtefactError, IndexUnavailable
from flywheel.model import Hit
from flywheel.ports import LexicalIndex, Scored, VectorIndex
from flywheel.retrieval import fusion
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.closer_features import of_list
from flywheel.retrieval.features import Words, features
from flywheel.retrieval.inquiry import Inquiry
from flywheel.retrieval.narrowing import narrowed
from flywheel.retrieval.reranking import Reranker
from flywheel.retrieval.tower import placed
from flywheel.retrieval.trust import trusting
from flywheel.store import passages
from flywheel.store.direct import Reader
from flywheel.store.passages import FoundPassage

DEPTH = 40
"""How many each index brings, or `k` if more; with 60 nDCG@10 is the same (scifact, handbook_wiki; nl2bash +.001)."""

LOG_ODDS = 8.0
"""What a fused score of 1 is worth in a reranker's units (learning/ranker.py: `SHARPNESS`)."""

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
class ByWords:
    """What the lexical index found, best first; `failed` says why it could not be asked, else it is empty."""

    found: tuple[Scored, ...]
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the two indexes found, best first, and the scores that each gives to what only the other one found.

    `voted` is what the memory brings, by id. `words_failed` says why the lexical index could not be asked, or nothing.
    """

    dense: tuple[Scored, ...]
    bm25: tuple[Scored, ...]
    dense_named: Mapping[str, float]
    bm25_named: Mapping[str, float]
    words_failed: str = ""
    voted: Mapping[str, float] = field(default_factory=dict)


class Ranked(NamedTuple):
    """A passage on its way to becoming a hit, with a score in [0, 1] that compares within its question only."""

    passage: FoundPassage
    score: float
    features: dict[str, float]

    def hit(self, ceiling: float) -> Hit:
        """Return the hit; its score is a share of `ceiling`."""
        return self.passage.hit(self.score * ceiling, self.features)


def by_words(core: Core, inquiry: Inquiry, depth: int) -> ByWords:
    """Ask the lexical index. When it is unavailable the dense one goes on alone, and `failed` says why."""

    def ask(k: int) -> list[Scored]:
        return core.words.match(inquiry.text, inquiry.audience, k, inquiry.kinds)

    try:
        return ByWords(tuple(narrowed(core.database, inquiry.sources, depth, ask)))
    except IndexUnavailable as error:
        _LOG.warning("searching by meaning alone: %s", error)
        return ByWords((), str(error))


def candidates(core: Core, inquiry: Inquiry, champions: Champions) -> Candidates:
    """Ask the two indexes and the memory, and both indexes for the scores of what they did not find.

    The dense one goes first: it reads all its vectors, which pushes everything else out of the processor's caches.
    """
    depth, serving = max(DEPTH, inquiry.k), champions.under(core.encoder.name)
    turned = _turned(core, inquiry, serving)
    dense = narrowed(
        core.database, inquiry.sources, depth,
        lambda k: core.vectors.nearest(turned, inquiry.audience, k, inquiry.kinds),
    )  # fmt: skip
    words = by_words(core, inquiry, depth)
    voted = serving.memory.voted(inquiry.vector) if serving.memory else {}
    every = list(dict.fromkeys([one.passage_id for one in (*dense, *words.found)] + list(voted)))
    bm25_named = {} if words.failed else _bm25_named(core.words, inquiry.text, _missing(every, words.found))
    dense_named = _dense_named(core.vectors, turned, _missing(every, dense))
    return Candidates(tuple(dense), words.found, dense_named, bm25_named, words.failed, voted)


def rank(core: Core, db: Reader, inquiry: Inquiry, found: Candidates, champions: Champions) -> list[Ranked]:
    """Return up to `k` passages, best first, with every score among their features."""
    scores = _scores(found)
    combined = fusion.fused(scores.dense_norm, scores.bm25_norm, champions.alpha)
    order = np.argsort(-(combined + scores.voted), kind="stable")[: inquiry.k + _SPARE + len(found.voted)].tolist()
    known = scores.named(order)
    fused = dict(zip(known, combined[order].tolist(), strict=True))
    kept = _kept(db, inquiry, list(known))
    words, now, memory = Words.of(inquiry.text), core.now(), champions.memory
    for named, scored in trusting(words, kept, known).items():
        fused[named] += (1 - champions.alpha) * (scored["bm25_norm"] - known[named]["bm25_norm"])
        known[named] = scored
    best = _best_of_kinds(kept, fused)
    ranked = []
    for one in kept:
        score, route = fused[one.id], inquiry.route.get(one.kind, 1.0)
        prior = champions.priors.prior(one.id, one.source) if champions.priors else 0.0
        placed = known[one.id] | {"route": route, "kind_norm": score / best[one.kind], "prior": prior}
        placed["remembered"] = memory.share(placed["voted"]) if memory else 0.0
        seen = features(words, one, placed, now)
        leaning = fusion.leaning(score, seen["phrase_match"], seen["name_match"], route)
        ranked.append(Ranked(one, max(leaning + placed["voted"] + prior, 0.0), placed | seen))
    rows = of_list(inquiry.text, ranked)
    ranked = [one._replace(features=one.features | row) for one, row in zip(ranked, rows, strict=True)]
    return _reranked(_scaled(ranked, max(best.values(), default=0.0)), champions)


def _turned(core: Core, inquiry: Inquiry, serving: Champions) -> NDArray[np.float32]:
    """Return the question's vector for the dense search: from the query tower, then turned, where either serves."""
    vector = inquiry.vector
    try:
        vector = placed(core.encoder, serving.tower, inquiry.text, vector)
    except ArtefactError as error:
        _LOG.warning("searching without the query tower: %s", error)
    return serving.adapter.turned(vector, _likeliest(inquiry)) if serving.adapter else vector


def _likeliest(inquiry: Inquiry) -> str:
    """Return the one kind that the route thinks likeliest; "" where it cannot choose."""
    likely = [kind for kind, nearness in inquiry.route.items() if nearness >= 1]
    return likely[0] if len(likely) == 1 else ""


def _scaled(ranked: list[Ranked], best: float) -> list[Ranked]:
    """Return the passages in order, the first with the best fused score, so that scores stay in [0, 1]."""
    ordered = sorted(ranked, key=lambda one: -one.score)
    factor = best / ordered[0].score if ordered and ordered[0].score > 0 else 0.0
    return [one._replace(score=one.score * factor) for one in ordered]


def _best_of_kinds(found: Sequence[FoundPassage], fused: Mapping[str, float]) -> dict[str, float]:
    """Return the best fused score of each kind, 1 where there is none above 0."""
    best: dict[str, float] = {}
    for one in found:
        best[one.kind] = max(best.get(one.kind, 0.0), fused[one.id])
    return {kind: score if score > 0 else 1.0 for kind, score in best.items()}


@dataclass(frozen=True, slots=True)
class _Scores:
    """Every score of every candidate; the arrays are in the order of `ids`."""

    ids: tuple[str, ...]
    dense: fusion.Scores
    bm25: fusion.Scores
    dense_norm: fusion.Scores
    bm25_norm: fusion.Scores
    voted: fusion.Scores
    dense_ranks: Mapping[str, int]
    bm25_ranks: Mapping[str, int]

    def named(self, places: Sequence[int]) -> dict[str, dict[str, float]]:
        """Return the scores of the candidates in some places, by id and name."""
        rows = np.stack((self.dense, self.bm25, self.dense_norm, self.bm25_norm, self.voted), axis=1)[places].tolist()
        ids = [self.ids[place] for place in places]
        return {
            one: {
                "dense": dense,
                "bm25": bm25,
                "dense_norm": dense_norm,
                "bm25_norm": bm25_norm,
                "dense_rank": float(self.dense_ranks.get(one, 0)),
                "bm25_rank": float(self.bm25_ranks.get(one, 0)),
                "voted": voted,
            }
            for one, (dense, bm25, dense_norm, bm25_norm, voted) in zip(ids, rows, strict=True)
        }


def _bm25_named(words: LexicalIndex, query: str, passage_ids: Sequence[str]) -> Mapping[str, float]:
    return words.scores(query, passage_ids) if isinstance(words, ScoresNamed) else {}


def _dense_named(vectors: VectorIndex, vector: NDArray[np.float32], passage_ids: Sequence[str]) -> Mapping[str, float]:
    return vectors.cosines(vector, passage_ids) if isinstance(vectors, ComparesNamed) else {}


def _missing(wanted: Sequence[str], known: Sequence[Scored]) -> list[str]:
    already = {one.passage_id for one in known}
    return [one for one in wanted if one not in already]


def _scores(found: Candidates) -> _Scores:
    dense = {**found.dense_named, **dict(found.dense)}
    bm25 = {**found.bm25_named, **dict(found.bm25)}
    listed = dict.fromkeys(one.passage_id for one in (*found.dense, *found.bm25))
    ids = tuple(listed | dict.fromkeys(found.voted))  # what only the memory brings may turn out to be unreadable
    dense_column = np.array([dense.get(one, 0.0) for one in ids])
    bm25_column = np.array([bm25.get(one, 0.0) for one in ids])
    return _Scores(
        ids,
        dense_column,
        bm25_column,
        fusion.normalised(dense_column, len(listed)),
        fusion.normalised(bm25_column, len(listed)),
        np.array([found.voted.get(one, 0.0) for one in ids]),
        fusion.ranks([one.passage_id for one in found.dense]),
        fusion.ranks([one.passage_id for one in found.bm25]),
    )


def _kept(db: Reader, inquiry: Inquiry, ids: Sequence[str]) -> list[FoundPassage]:
    """Return the first `k` that stay; the spare ones are read only when that leaves too few.

    The indexes look among the wanted kinds and sources only; what the memory brings is held to them here.
    """
    found = [one for one in passages.find(db, ids[: inquiry.k], inquiry.audience) if inquiry.wants(one)]
    kept = _collapsed(found)
    if len(kept) < inquiry.k:
        spare = filter(inquiry.wants, passages.find(db, ids[inquiry.k :], inquiry.audience))
        kept = _collapsed([*found, *spare])
    return kept[: inquiry.k]


def _collapsed(found: Sequence[FoundPassage]) -> list[FoundPassage]:
    """Keep the best passage of each record; a document that is no record keeps all of its own."""
    seen: set[str] = set()
    kept = []
    for passage in found:
        if passage.document_id in seen:
            continue
        if passage.is_record:
            seen.add(passage.document_id)
        kept.append(passage)
    return kept


def linear(ranked: Sequence[Ranked], reranker: Reranker) -> fusion.Scores:
    """Return a reranker's scores with what votes add to them, in its units."""
    voted = np.array([one.features["voted"] + one.features["prior"] for one in ranked])
    scores: fusion.Scores = reranker.scores([one.features for one in ranked]) + LOG_ODDS * voted
    return scores


def _reranked(ranked: list[Ranked], champions: Champions) -> list[Ranked]:
    if champions.reranker is None or not ranked:
        return ranked
    scores = linear(ranked, champions.reranker)
    relative = np.exp(scores - scores.max())  # in (0, 1], the best 1, as the fused score has it
    order = np.argsort(-scores, kind="stable")
    return [ranked[place]._replace(score=float(relative[place])) for place in order]
