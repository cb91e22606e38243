"""Make one score of two, a convex combination of normalised scores, and lean it towards what is exact and likely.

    fused = alpha * dense_norm + (1 - alpha) * bm25_norm
    leaning = fused + PHRASE * phrase_match - NAME * (1 - name_match) - ROUTE * (1 - route)

Each score is divided by the question's best after its theoretical minimum is taken off (Bruch, Gai and Ingber 2022,
"An Analysis of Fusion Functions for Hybrid Retrieval": better than reciprocal ranks, and one parameter to learn).
BM25's minimum is 0. For the cosine 0 is taken too: MiniLM's cosines of unrelated texts lie around 0, so that a minimum
of -1 would squeeze all that matters into the upper half.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

DEFAULT_ALPHA = 0.6
"""Chosen on the train splits of handbook_wiki, scifact and nl2bash: of 0.2 to 0.95 it gains most over the better index.

nDCG@10 on train (n = 600 each): .577, .741, .527; BM25 .523, .706, .381; dense .499, .662, .500; reciprocal ranks .547
on handbook_wiki and .515 on nl2bash. `python -m tests.benchmarks.retrieval` prints the same for dev.
"""

NAME = 0.2
"""What a passage loses that has none of the exact names that the question gives."""

PHRASE = 0.1
"""What a passage gains in which every two neighbouring words of the question stand side by side.

`NAME` and `PHRASE` were chosen on the train splits of handbook_wiki, scifact, slack_irc, fetaqa and nl2bash (n = 600
each), of 0 to 0.3: nDCG@10 .575 → .585, .749 → .755, .425 → .429, .919 → .921, .673 → .705; on dev the mean of the five
goes from .664 to .670.
"""

ROUTE = 0.2
"""What a passage loses when its retriever is as unlikely as can be and another one is certain.

Chosen on train questions (n = 1,030) of a corpus of 3,000 passages each of handbook_wiki, nl2bash and fetaqa, of 0.1 to
0.5: mean nDCG@10 of the three .770 → .772, .767 → .770, .771 → .775 with routers that were right 76, 93 and 98 times in
100. Multiplying by the probability instead lost up to .015, and gained no more where a floor of 0.8 softened it.
Knowing the kind for certain, and leaving out all others, gains .004.
"""

Scores = NDArray[np.float64]
_Number = TypeVar("_Number", float, Scores)


def normalised(scores: Scores, first: int | None = None) -> Scores:
    """Return scores in [0, 1]: negative ones are 0 and the best of the `first` is 1; all 0 when none is above 0."""
    best = float(scores[:first].max(initial=0.0))
    return np.clip(scores, 0.0, best) / best if best > 0 else np.zeros_like(scores)


def fused(dense_norm: Scores, bm25_norm: Scores, alpha: float) -> Scores:
    """Return the combination, in [0, 1]."""
    return alpha * dense_norm + (1 - alpha) * bm25_norm


def leaning(score: _Number, phrase_match: _Number, name_match: _Number, route: _Number) -> _Number:
    """Return a fused score as it orders passages, in [-NAME - ROUTE, 1 + PHRASE]; `features` tells of the others."""
    return score + PHRASE * phrase_match - NAME * (1 - name_match) - ROUTE * (1 - route)


def ranks(order: list[str]) -> dict[str, int]:
    """Return each id's rank, counted from 1."""
    return {one: rank for rank, one in enumerate(order, start=1)}
