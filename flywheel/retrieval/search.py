"""From a question to its shortlist: the retrievers that the router chose, one list, and how long each stage took.

    plan    the router's choice (routing/router.py)
    hits    passages of the chosen kinds from one search of both indexes, read closely by a cross-encoder where one
            serves, refined by the retriever of each kind; people; verified answers

A verified answer that is more likely right than not goes before everything else, since people have already agreed with
it once; a less likely one competes by its probability with how likely the rest is. Scores therefore fall along the list
and lie in [0, 1], but compare within one question only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.model import KIND_OF, RETRIEVER_OF, Audience, Hit, Kind, Retriever, Routing
from flywheel.ports import Kinds
from flywheel.retrieval import answers, champions, closely, code, documents, hybrid, images, people, tables
from flywheel.retrieval.answers import Memory
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.hybrid import Candidates, Ranked
from flywheel.retrieval.inquiry import Inquiry
from flywheel.retrieval.narrowing import rests_on
from flywheel.routing import champion, router
from flywheel.routing.router import DOCUMENTS, NoChance, Plan
from flywheel.stages import Stages
from flywheel.store.direct import direct

SHORTLIST = 40
"""How many hits a question keeps, each with every score: what learning needs later."""

NEAREST = 40
"""Among so many of the nearest passages those are counted that the audience may not read."""

Refine = Callable[[str, Sequence[Ranked], datetime], list[Ranked]]

_REFINE: Mapping[str, Refine] = {
    Kind.TEXT: documents.refine,
    Kind.CODE: code.refine,
    Kind.TABLE: tables.refine,
    Kind.IMAGE: images.refine,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """On whose behalf a question is searched, and where: the retriever that a person chose, who asks, the sources.

    Who asks decides which arm of a canary they are in; None is nobody in particular. No sources mean all.
    """

    asked_for: Retriever | None = None
    person: str | None = None
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What was found, best first.

    `route` maps each retriever to the probability that it serves the question; the verified answers' is the probability
    that the best of them fits. `timings_ms` has the stages encode, route, find, rank and their total. `vector` is the
    question's, shape (dimensions,), None for an empty one.
    """

    hits: tuple[Hit, ...]
    route: Mapping[str, float]
    versions: Mapping[str, str]
    timings_ms: Mapping[str, float]
    routing: Routing = field(default_factory=Routing)
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def verified(self) -> float:
        """Return the probability that the best verified answer fits, in [0, 1]; 0 where there is none."""
        return max((hit.score for hit in self.hits if hit.retriever is Retriever.ANSWERS), default=0.0)


NOBODY = Terms()
"""The terms of a question that belongs to nobody."""


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


@runtime_checkable
class CountsWithheld(Protocol):
    """A vector index that can say how much of what is near an audience may not read."""

    def withheld(self, vector: NDArray[np.float32], audience: Audience, k: int) -> int:
        """Return how many of the `k` nearest of all passages the audience may not read."""


def shortlist(core: Core, query: str, audience: Audience, k: int = SHORTLIST, terms: Terms = NOBODY) -> Shortlist:
    """Return up to `k` hits that the audience may read; an empty question finds nothing."""
    if not query.strip() or k < 1:
        return Shortlist((), {}, {}, {})
    watch = Stages(core.tracer)
    with watch.stage("encode"):
        vector = core.encoder.encode([query])[0]
    with watch.stage("route"):
        plan = _plan(core, query, vector, audience, terms)
        inquiry = replace(inquired(query, vector, audience, k, plan), sources=terms.sources)
    with watch.stage("find"):
        with direct(core.database) as db:
            serving = champions.read(db, terms.person)
        found = hybrid.candidates(core, inquiry, serving)
    with watch.stage("rank"):
        verified, merged = _ranked(core, inquiry, plan, found, serving)
    versions = {
        **_versions(core, found.words_failed),
        **closely.versions(core, serving),
        "router": plan.version,
    }
    routing = replace(_routing(plan), withheld=_withheld(core, inquiry))
    return Shortlist(tuple(merged), _route(plan, verified), versions, watch.timings(), routing, vector)


def _ranked(
    core: Core, inquiry: Inquiry, plan: Plan, found: Candidates, serving: Champions
) -> tuple[list[Hit], list[Hit]]:
    """Return the verified answers that are backed, and the whole list with them, passages and people, best first."""
    memory = Memory(core.database, core.encoder.name, core.encoder.dimensions, core.now(), serving.repeats)
    with direct(core.database) as db:
        near = answers.nearest(db, memory, inquiry.text, inquiry.vector, inquiry.audience)
        passages = hybrid.rank(core, db, inquiry, found, serving)
    passages = _refined(inquiry.text, closely.read(core, inquiry.text, passages, serving), core.now())
    verified = [one for one in near if rests_on(core.database, one.passage_id, inquiry.sources)]
    verified = answers.backed(core.database, verified, passages[0].passage.id if passages else None)
    return verified, _with_people(core, inquiry, plan, _merged(verified, passages))[: inquiry.k]


def inquired(query: str, vector: NDArray[np.float32], audience: Audience, k: int, plan: Plan) -> Inquiry:
    """Return a question as both indexes are asked it, under a plan."""
    return Inquiry(query, vector, audience, k, _kinds(plan), _closeness(plan))


def found_by(core: Core, inquiry: Inquiry, serving: Champions) -> list[Ranked]:
    """Return the passages that retrieval finds for an inquiry with these learned parts, best first.

    It is what `shortlist` does between planning and merging, for those who compare learned parts.
    """
    found = hybrid.candidates(core, inquiry, serving)
    with direct(core.database) as db:
        ranked = hybrid.rank(core, db, inquiry, found, serving)
    return _refined(inquiry.text, closely.read(core, inquiry.text, ranked, serving), core.now())


def planned(core: Core, query: str, vector: NDArray[np.float32], audience: Audience) -> Plan:
    """Return the plan of the router that serves, without chance."""
    return _plan(replace(core, rng=NoChance()), query, vector, audience, NOBODY)


def _plan(core: Core, query: str, vector: NDArray[np.float32], audience: Audience, terms: Terms) -> Plan:
    present = _present(core, query, audience)
    model, version = champion.read(core.database, core.encoder.name, terms.person)
    if model is None:
        plan = router.everywhere(present)
    else:
        plan = router.choose(model.judge(vector, query), model.threshold, present, core.rng)
    plan = replace(plan, version=version)
    return plan if terms.asked_for is None else router.only(terms.asked_for, plan)


def _present(core: Core, query: str, audience: Audience) -> frozenset[Retriever]:
    """Return the retrievers that hold something the audience may read; documents where none does.

    People count only where the question's words ask for somebody: a name is no answer to anything else.
    """
    kinds = core.vectors.kinds(audience) if isinstance(core.vectors, KnowsKinds) else frozenset(Kind)
    found = {RETRIEVER_OF[kind] for kind in kinds} or {Retriever.DOCUMENTS}
    if not people.asks_for_people(query):
        return frozenset(found)
    with direct(core.database) as db:
        known = people.present(db, audience)
    return frozenset({*found, Retriever.PEOPLE}) if known else frozenset(found)


def _kinds(plan: Plan) -> Kinds:
    """Return the kinds of passages to look among: where people are wanted all of them, since they say who knows."""
    return None if Retriever.PEOPLE in plan.searched else plan.kinds


def _with_people(core: Core, inquiry: Inquiry, plan: Plan, hits: Sequence[Hit]) -> list[Hit]:
    """Add people where the plan has them."""
    if Retriever.PEOPLE not in plan.searched:
        return list(hits)
    with direct(core.database) as db:
        found = people.nearest(core, db, inquiry.text, hits, inquiry.audience)
    return sorted([*hits, *found], key=lambda hit: -hit.score)


def _closeness(plan: Plan) -> dict[str, float]:
    """Return how near each kind's retriever is to the likeliest of those that find passages, in [0, 1]."""
    of_kinds = {KIND_OF[one]: plan.probabilities.get(one, 0.0) for one in plan.searched if one in KIND_OF}
    best = max(of_kinds.values(), default=0.0)
    return {kind.value: 1 - (best - probability) for kind, probability in of_kinds.items()}


def _refined(question: str, passages: Sequence[Ranked], now: datetime) -> list[Ranked]:
    """Let the retriever of each kind refine what was found of its kind, and put all in one order again."""
    of_kinds: dict[str, list[Ranked]] = {}
    for one in passages:
        of_kinds.setdefault(one.passage.kind, []).append(one)
    refined = [_REFINE[kind](question, group, now) if kind in _REFINE else group for kind, group in of_kinds.items()]
    return sorted((one for group in refined for one in group), key=lambda one: -one.score)


def _withheld(core: Core, inquiry: Inquiry) -> int:
    if not isinstance(core.vectors, CountsWithheld):
        return 0
    return core.vectors.withheld(inquiry.vector, inquiry.audience, NEAREST)


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
