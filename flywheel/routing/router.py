"""Choose the retrievers of a question, and say with what probability each one serves it.

    probabilities   over the retrievers that hold something the audience may read; they add up to 1
    sure            the likeliest reaches the threshold: it is searched alone (or with whatever is as likely as
                    it takes); else everything is searched and the reranker decides

Verified answers are looked up for every question, because that costs next to nothing; `ANSWERS` reads the best
similarity among them as a probability.
"""

import math
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from flywheel.model import KIND_OF, Retriever
from flywheel.ports import Kinds


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
        """Return the kinds of passages to look among; None means all."""
        kinds = frozenset(KIND_OF[one] for one in self.searched if one in KIND_OF)
        return None if len(kinds) == len(KIND_OF) else kinds


def everywhere(present: AbstractSet[Retriever]) -> Plan:
    """Return the plan without a trained router: every retriever that holds something, all as likely."""
    order = tuple(one for one in Retriever if one in present)
    return Plan(order, {one: 1 / len(order) for one in order})


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
