"""How good a ranking is. Pure: a ranking is ids, best first; relevance maps ids to grades above 0 (1 for plain yes).

An unjudged id counts as not relevant. A question without relevant ids has no value: leave it out before averaging.
"""

from collections.abc import Mapping, Sequence
from math import log2


def ndcg_at(ranking: Sequence[str], relevance: Mapping[str, float], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first `k`, in [0, 1].

    Gain 2^grade - 1, discount log2(rank + 1) (Burges et al. 2005); for grades of 1 this is the binary form.
    """
    ideal = _dcg(sorted(relevance.values(), reverse=True)[:k])
    return _dcg([relevance.get(one, 0.0) for one in ranking[:k]]) / ideal if ideal else 0.0


def recall_at(ranking: Sequence[str], relevance: Mapping[str, float], k: int) -> float:
    """Return the share of relevant ids among the first `k`, in [0, 1]."""
    relevant = {one for one, grade in relevance.items() if grade > 0}
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def hit_at(ranking: Sequence[str], relevance: Mapping[str, float], k: int) -> float:
    """Return 1 when any of the first `k` is relevant, else 0."""
    return float(any(relevance.get(one, 0.0) > 0 for one in ranking[:k]))


def reciprocal_rank(ranking: Sequence[str], relevance: Mapping[str, float], k: int = 10) -> float:
    """Return 1 / rank of the first relevant id within the first `k`, else 0; its mean over questions is the MRR."""
    for rank, one in enumerate(ranking[:k], start=1):
        if relevance.get(one, 0.0) > 0:
            return 1 / rank
    return 0.0


def _dcg(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))
