"""From a question to its shortlist: the retrievers that the router chose, one list, and how long each stage took.

    plan    the router's choice (routing/router.py)
    hits    passages of the chosen kinds from one search of both indexes, refined by the retriever of each kind; people;
            verified answers

A verified answer that is more likely right than not goes before everything else, since people have already agreed with
it once; a less likely one competes by its probability with how likely the rest is. Scores therefore fall along the list
and lie in [0, 1], but compare within one question only.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from flywheel.core import Core
from flywheel.model import RETRIEVER_OF, Audience, Hit, Kind, Retriever, Routing
from flywheel.retrieval import answers, champions, hybrid
from flywheel.retrieval.answers import Memory
from flywheel.retrieval.hybrid import Inquiry, Ranked
from flywheel.routing import router
from flywheel.routing.router import DOCUMENTS, Plan
from flywheel.store.direct import direct

SHORTLIST = 40
"""How many hits a question keeps, each with every score: what learning needs later."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What was found, best first.

    `route` maps each retriever to the probability that it serves the question; the verified answers' is the probability
    that the best of them fits. `timings_ms` has the stages encode, route, find, rank and their total.
    """

    hits: tuple[Hit, ...]
    route: Mapping[str, float]
    versions: Mapping[str, str]
    timings_ms: Mapping[str, float]
    routing: Routing = field(default_factory=Routing)

    @property
    def verified(self) -> float:
        """Return the probability that the best verified answer fits, in [0, 1]; 0 where there is none."""
        return max((hit.score for hit in self.hits if hit.retriever is Retriever.ANSWERS), default=0.0)


@runtime_checkable
class Describes(Protocol):
    """An index that can say which generation and corpus version serves."""

    def describe(self) -> str:
        """Return what serves, for the log of versions."""


@runtime_checkable
class KnowsKinds(Protocol):
    """A vector index that can say what it holds for an audience."""

    def kinds(self, audience: Audience) -> frozenset[Kind]:
        """Return the kinds of passages of which the audience may read any."""


class _Watch:
    """Milliseconds per stage."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = (now - self._last) * 1e3
        self._last = now

    def timings(self) -> dict[str, float]:
        return {**self.laps, "total": (self._last - self._began) * 1e3}


def shortlist(
    core: Core, query: str, audience: Audience, k: int = SHORTLIST, asked_for: Retriever | None = None
) -> Shortlist:
    """Return up to `k` hits that the audience may read; an empty question finds nothing.

    `asked_for` is the retriever that a person chose by hand.
    """
    if not query.strip() or k < 1:
        return Shortlist((), {}, {}, {})
    watch = _Watch()
    vector = core.encoder.encode([query])[0]
    watch.lap("encode")
    plan = _plan(core, audience, asked_for)
    inquiry = Inquiry(query, vector, audience, k, plan.kinds)
    watch.lap("route")
    found = hybrid.candidates(core, inquiry)
    watch.lap("find")
    memory = Memory(core.database, core.encoder.name, core.encoder.dimensions)
    with direct(core.database) as db:
        serving = champions.read(db)
        verified = answers.nearest(db, memory, query, inquiry.vector, audience)
        passages = hybrid.rank(core, db, inquiry, found, serving)
    merged = _merged(verified, passages)[:k]
    watch.lap("rank")
    versions = {**_versions(core, found.words_failed), **serving.versions, "router": plan.version}
    return Shortlist(tuple(merged), _route(plan, verified), versions, watch.timings(), _routing(plan))


def _plan(core: Core, audience: Audience, asked_for: Retriever | None) -> Plan:
    kinds = core.vectors.kinds(audience) if isinstance(core.vectors, KnowsKinds) else frozenset(Kind)
    plan = router.everywhere({RETRIEVER_OF[kind] for kind in kinds} or {Retriever.DOCUMENTS})
    return plan if asked_for is None else router.only(asked_for, plan)


def _route(plan: Plan, verified: Sequence[Hit]) -> dict[str, float]:
    route = {retriever.value: probability for retriever, probability in plan.probabilities.items()}
    return {**route, Retriever.ANSWERS.value: max((hit.score for hit in verified), default=0.0)}


def _routing(plan: Plan) -> Routing:
    return Routing(
        searched=tuple(one.value for one in plan.searched),
        sure=plan.sure,
        threshold=plan.threshold,
        explored=plan.explored,
        propensity=plan.propensity,
        asked_for=plan.asked_for.value if plan.asked_for else "",
    )


def _merged(verified: Sequence[Hit], passages: Sequence[Ranked]) -> list[Hit]:
    likely = DOCUMENTS.probability(passages[0].features["dense"]) if passages else 0.0
    trusted = [hit.score for hit in verified if hit.score >= 0.5]
    ceiling = min([likely, *trusted])
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
