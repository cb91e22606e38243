"""From a question to its shortlist: both retrievers, one list, with what served and how long each stage took.

A verified answer that is more likely right than not goes before every passage, since people have already agreed with it
once; a less likely one competes by its probability with how likely the passages are. Scores therefore fall along the
list and lie in [0, 1], but compare within one question only.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from flywheel.core import Core
from flywheel.model import Audience, Hit, Retriever
from flywheel.retrieval import answers, champions, documents
from flywheel.retrieval.answers import Memory
from flywheel.retrieval.documents import Inquiry, Ranked
from flywheel.routing.router import route
from flywheel.store.direct import direct

SHORTLIST = 40
"""How many hits a question keeps, each with every score: what learning needs later."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What was found, best first.

    `route` maps each retriever to the probability that it serves the question; `timings_ms` has the stages encode,
    find, rank and their total.
    """

    hits: tuple[Hit, ...]
    route: Mapping[str, float]
    versions: Mapping[str, str]
    timings_ms: Mapping[str, float]


@runtime_checkable
class Describes(Protocol):
    """An index that can say which generation and corpus version serves."""

    def describe(self) -> str:
        """Return what serves, for the log of versions."""


def shortlist(core: Core, query: str, audience: Audience, k: int = SHORTLIST) -> Shortlist:
    """Return up to `k` hits that the audience may read; an empty question finds nothing."""
    if not query.strip() or k < 1:
        return Shortlist((), route({}), {}, {})
    started = time.perf_counter()
    inquiry = Inquiry(query, core.encoder.encode([query])[0], audience, k)
    encoded = time.perf_counter()
    found = documents.candidates(core, inquiry)
    searched = time.perf_counter()
    memory = Memory(core.database, core.encoder.name, core.encoder.dimensions)
    with direct(core.database) as db:
        serving = champions.read(db)
        verified = answers.nearest(db, memory, query, inquiry.vector, audience)
        passages = documents.rank(core, db, inquiry, found, serving)
    chosen = route(_best(verified, passages))
    merged = _merged(verified, passages, chosen)[:k]
    ranked = time.perf_counter()
    timings = {
        "encode": (encoded - started) * 1e3,
        "find": (searched - encoded) * 1e3,
        "rank": (ranked - searched) * 1e3,
        "total": (ranked - started) * 1e3,
    }
    return Shortlist(tuple(merged), chosen, {**_versions(core, found.words_failed), **serving.versions}, timings)


def _best(verified: Sequence[Hit], passages: Sequence[Ranked]) -> dict[Retriever, float]:
    heads: dict[Retriever, list[Mapping[str, float]]] = {
        Retriever.ANSWERS: [hit.features for hit in verified[:1]],
        Retriever.DOCUMENTS: [one.features for one in passages[:1]],
    }
    return {retriever: head[0]["dense"] for retriever, head in heads.items() if head}


def _merged(verified: Sequence[Hit], passages: Sequence[Ranked], chosen: Mapping[str, float]) -> list[Hit]:
    trusted = [hit.score for hit in verified if hit.score >= 0.5]
    ceiling = min([chosen[Retriever.DOCUMENTS.value], *trusted])
    hits = [*verified, *(one.hit(ceiling) for one in passages)]
    return sorted(hits, key=lambda hit: -hit.score)  # stable: verified ones win ties


def _versions(core: Core, words_failed: str) -> dict[str, str]:
    return {
        "encoder": core.encoder.name,
        "vectors": _described(core.vectors),
        "words": f"unavailable: {words_failed}" if words_failed else _described(core.words),
    }


def _described(index: object) -> str:
    return index.describe() if isinstance(index, Describes) else type(index).__name__
