"""Ask the questions of a data set again, as their readers would be answered now, and say how well what is found fits.

Retrieval is measured by what is found against what people wanted, routing by whether the retriever that has it was
searched. P(route) × P(found | route) says where what is lost is lost: a low first factor is the router's, a low second
one that of retrieval behind it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.curation.dataset import Group
from flywheel.learning.searching import ndcg, recall
from flywheel.measurement.averages import Floats, Ratio, mean
from flywheel.model import KIND_OF, Retriever
from flywheel.retrieval import search
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.metrics import hit_at, reciprocal_rank
from flywheel.routing.router import Plan

FOUND_WITHIN = 10
_DEFAULT = "default"
_ROUTES = tuple(one.value for one in Retriever if one in KIND_OF)
_IN_SEGMENTS = frozenset({"ndcg_at_10", "recall_at_5", "recall_at_40"})

Fit = Callable[[Sequence[str], Mapping[str, float]], float]


@dataclass(frozen=True, slots=True)
class Found:
    """A question, the ids of the passages found for it, best first, and the plan of the router."""

    group: Group
    ids: tuple[str, ...]
    plan: Plan

    @property
    def route(self) -> str:
        """Return the retriever that has what is wanted, or nothing where that is not known."""
        return self.group.segments.get("route", "")

    @property
    def is_reached(self) -> bool:
        """Tell whether that retriever was searched; people are known by all that they wrote."""
        return Retriever.PEOPLE in self.plan.searched or self.route in {one.value for one in self.plan.searched}

    @property
    def is_found(self) -> bool:
        """Tell whether something wanted is among the first `FOUND_WITHIN`."""
        return hit_at(self.ids, self.group.wanted, FOUND_WITHIN) > 0


def searched_again(core: Core, champions: Champions, groups: Sequence[Group]) -> list[Found]:
    """Search for each question with these learned parts, as its readers may; chance has no say."""
    vectors = core.encoder.encode([one.text for one in groups]) if groups else ()
    return [_found(core, champions, one, vector) for one, vector in zip(groups, vectors, strict=True)]


def retrieval(found: Sequence[Found], seen: NDArray[np.bool_] | None) -> list[Ratio]:
    """Return the retrieval metrics of all questions and of their segments.

    `seen` tells for each question whether people called a passage that it wants good for another question as well;
    None where nobody knows.
    """
    told = [mean(name, [fit(one.ids, one.group.wanted) for one in found]) for name, fit in _fits().items()]
    segments = _segments(found)
    if seen is not None:
        segments |= {"seen": seen, "unseen": ~seen}
    return [
        *told,
        *(one.of(name, rows) for one in told if one.metric in _IN_SEGMENTS for name, rows in segments.items()),
    ]


def routing(found: Sequence[Found]) -> list[Ratio]:
    """Return the routing metrics of the questions whose route is known; those of a router only where one serves."""
    known = np.array([one.route in _ROUTES for one in found], dtype=np.float64)
    reached = known * [one.is_reached for one in found]
    both = reached * [one.is_found for one in found]
    ratios = [
        Ratio("route_reached", reached, known),
        Ratio("found_given_route", both, reached),
        Ratio("route_and_found", both, known),
    ]
    segments = {name: rows for name, rows in _segments(found).items() if name.startswith("route:")}
    ratios += [one.of(name, rows) for one in ratios for name, rows in segments.items()]
    if any(not one.plan.version.startswith(_DEFAULT) for one in found):
        ratios += _of_router(found, known)
    return [one for one in ratios if one.weights.any()]


def _of_router(found: Sequence[Found], known: Floats) -> list[Ratio]:
    chosen = np.array([_likeliest(one.plan) for one in found])
    wanted = np.array([one.route for one in found])
    right = known * (chosen == wanted)
    sure = np.array([one.plan.sure for one in found], dtype=np.float64)
    ratios = [Ratio("route_accuracy", right, known), Ratio("route_coverage", sure, np.ones(len(found)))]
    for route in sorted(set(wanted[known > 0].tolist())):
        ratios.append(Ratio("route_precision", right * (chosen == route), known * (chosen == route), f"route:{route}"))
        ratios.append(Ratio("route_recall", right * (wanted == route), known * (wanted == route), f"route:{route}"))
    return ratios


def _fits() -> dict[str, Fit]:
    return {
        **{f"recall_at_{k}": partial(recall, depth=k) for k in (1, 5, 10, 40)},
        **{f"precision_at_{k}": partial(_precision, depth=k) for k in (1, 5, 10)},
        "ndcg_at_10": ndcg,
        "mrr_at_10": reciprocal_rank,
    }


def _precision(ids: Sequence[str], wanted: Mapping[str, float], depth: int) -> float:
    return len(wanted.keys() & set(ids[:depth])) / depth


def _likeliest(plan: Plan) -> str:
    return max(plan.probabilities, key=lambda one: plan.probabilities[one]).value if plan.probabilities else ""


def _segments(found: Sequence[Found]) -> dict[str, NDArray[np.bool_]]:
    """Return which questions belong to each segment, such as `route:code` and `surface:mention`."""
    names = sorted({(name, value) for one in found for name, value in one.group.segments.items() if value})
    return {
        f"{name}:{value}": np.array([one.group.segments.get(name) == value for one in found]) for name, value in names
    }


def _found(core: Core, champions: Champions, group: Group, vector: NDArray[np.float32]) -> Found:
    plan = search.planned(core, group.text, vector, group.audience)
    inquiry = search.inquired(group.text, vector, group.audience, search.SHORTLIST, plan)
    ranked = search.found_by(core, inquiry, champions)
    return Found(group, tuple(one.passage.id for one in ranked), plan)
