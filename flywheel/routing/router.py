"""Say which retriever will serve a question, as probabilities, from what both of them found.

Both retrievers are searched for every question: with two of them a search costs less than a wrong guess. The route
therefore guesses nothing beforehand; it is a calibrated reading of the best similarity each one reached, and orders the
two lists against each other. The two numbers are independent: each is the probability that this retriever's best hit is
right, and both may be low.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from flywheel.model import Retriever


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


def route(best: Mapping[Retriever, float]) -> dict[str, float]:
    """Return the probability that each retriever's best hit is right; 0 for one that found nothing.

    `best` maps retrievers that found something to the cosine of their best hit with the question.
    """
    curves = {Retriever.DOCUMENTS: DOCUMENTS, Retriever.ANSWERS: ANSWERS}
    return {
        retriever.value: curve.probability(best[retriever]) if retriever in best else 0.0
        for retriever, curve in curves.items()
    }
