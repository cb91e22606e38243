"""Choose the retrievers of a question, and say with what probability each one serves it.

    probabilities   over the retrievers that hold something the audience may read; they add up to 1
    sure            one retriever, or two for a mixed question, reach the threshold together: they alone are searched;
                    else everything is searched and the reranker decides
    explored        a small share of sure questions searches everywhere all the same, so that what the router leaves
                    out can still be found and learned from; the propensity of either choice is kept

Verified answers are looked up for every question, because that costs next to nothing; `ANSWERS` reads the best
similarity among them as a probability.
"""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from random import Random

from flywheel.model import KIND_OF, Retriever
from flywheel.ports import Kinds
from flywheel.routing.model import Judgement


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve from a cosine to the probability that a best hit with it is right."""

    slope: float
    intercept: float

    def probability(self, cosine: float) -> float:
        """Return the probability, in (0, 1)."""
        return 1 / (1 + math.exp(-(self.slope * cosine + self.intercept)))


DOCUMENTS = Calibration(slope=3.73, intercept=-1.11)
"""Fitted on the train questions of handbook_wiki and scifact (n = 1,366): a relevant passage is among the first five.

On their dev questions (n = 264) it says .748 where .754 is true; AUC .685. All of those questions have an answer
somewhere, so for a question about nothing the corpus knows it is too hopeful: deciding to answer takes more than this.
"""

ANSWERS = Calibration(slope=8.79, intercept=-6.00)
"""Fitted on clinc150 and banking77 (n = 2,400): three questions each of half the intents were remembered, and another
person's question counted as met when the nearest remembered one had its intent. One half is reached at cosine .68."""


NEVER = 1.0
"""The threshold under which no question is sure."""
EXPLORATION = 0.05
"""The share of sure questions that search everywhere nevertheless, so that routes never tried can still be learned."""
MIXED = 2
"""How many retrievers a sure question may need together."""


class NoChance(Random):
    """A generator that never lets a router explore."""

    def random(self) -> float:
        """Return 1."""
        return 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Which retrievers to ask, the likeliest first, and why; see `model.Routing` for the words.

    `probabilities` are of the retrievers there are; `scope` is the probability that anything there is can answer.
    """

    searched: tuple[Retriever, ...]
    probabilities: dict[Retriever, float] = field(default_factory=dict)
    sure: bool = False
    threshold: float = 1.0
    explored: bool = False
    propensity: float = 1.0
    asked_for: Retriever | None = None
    scope: float = 1.0
    version: str = "default"

    @property
    def kinds(self) -> Kinds:
        """Return the kinds of passages to look among; None means all.

        People are known by what they wrote, so for them alone it is all as well.
        """
        if self.searched == (Retriever.PEOPLE,):
            return None
        kinds = frozenset(KIND_OF[one] for one in self.searched if one in KIND_OF)
        return None if len(kinds) == len(KIND_OF) else kinds


def everywhere(present: AbstractSet[Retriever]) -> Plan:
    """Return the plan without a trained router: every retriever that holds something, all as likely."""
    order = tuple(one for one in Retriever if one in present)
    return Plan(order, {one: 1 / len(order) for one in order})


def choose(judgement: Judgement, threshold: float, present: AbstractSet[Retriever], rng: Random) -> Plan:
    """Return the plan that a trained router's judgement gives; `present` holds at least one retriever.

    The threshold counts for the probabilities as judged, so a question that seems to have no answer here is never
    sure; those shown are of the retrievers there are.
    """
    there = {one: judgement.probabilities.get(one.value, 0.0) for one in Retriever if one in present}
    order = tuple(sorted(there, key=lambda one: -there[one]))
    likely = _together(order, there, threshold)
    plan = Plan(order, _shares(there), threshold=threshold, scope=judgement.scope)
    if likely is None:
        return plan
    if rng.random() < EXPLORATION:
        return replace(plan, sure=True, explored=True, propensity=EXPLORATION)
    return replace(plan, searched=likely, sure=True, propensity=1 - EXPLORATION)


def _together(
    order: Sequence[Retriever], probabilities: Mapping[Retriever, float], threshold: float
) -> tuple[Retriever, ...] | None:
    """Return the fewest retrievers, at most `MIXED` and not all, that reach the threshold together, or None."""
    for count in range(1, min(MIXED, len(order) - 1) + 1):
        if threshold < NEVER and sum(probabilities[one] for one in order[:count]) >= threshold:
            return tuple(order[:count])
    return None


def _shares(probabilities: Mapping[Retriever, float]) -> dict[Retriever, float]:
    total = sum(probabilities.values())
    return {one: value / total if total else 1 / len(probabilities) for one, value in probabilities.items()}


def only(retriever: Retriever, plan: Plan) -> Plan:
    """Return a plan as a person changed it: the retriever that they chose, and no other."""
    return Plan(
        (retriever,),
        plan.probabilities,
        sure=True,
        threshold=plan.threshold,
        asked_for=retriever,
        scope=plan.scope,
        version=plan.version,
    )
