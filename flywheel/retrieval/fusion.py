"""Make one score of two: a convex combination of normalised scores.

    fused = alpha * dense_norm + (1 - alpha) * bm25_norm

Each score is divided by the question's best after its theoretical minimum is taken off (Bruch, Gai and Ingber 2022,
"An Analysis of Fusion Functions for Hybrid Retrieval": better than reciprocal ranks, and one parameter to learn).
BM25's minimum is 0. For the cosine 0 is taken too: MiniLM's cosines of unrelated texts lie around 0, so that a minimum
of -1 would squeeze all that matters into the upper half.
"""

import numpy as np
from numpy.typing import NDArray

DEFAULT_ALPHA = 0.6
"""Chosen on the train splits of handbook_wiki, scifact and nl2bash: of 0.2 to 0.95 it gains most over the better index.

nDCG@10 on train (n = 600 each): .577, .741, .527; BM25 .523, .706, .381; dense .499, .662, .500; reciprocal ranks .547
on handbook_wiki and .515 on nl2bash. `python -m tests.benchmarks.retrieval` prints the same for dev.
"""

Scores = NDArray[np.float64]


def normalised(scores: Scores) -> Scores:
    """Return scores in [0, 1]: negative ones are 0 and the best is 1; all 0 when none is above 0."""
    best = float(scores.max(initial=0.0))
    return np.clip(scores, 0.0, None) / best if best > 0 else np.zeros_like(scores)


def fused(dense_norm: Scores, bm25_norm: Scores, alpha: float) -> Scores:
    """Return the combination, in [0, 1]."""
    return alpha * dense_norm + (1 - alpha) * bm25_norm


def ranks(order: list[str]) -> dict[str, int]:
    """Return each id's rank, counted from 1."""
    return {one: rank for rank, one in enumerate(order, start=1)}
