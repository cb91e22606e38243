"""Order a stored shortlist as a pipeline would have, and score that order.

A *pipeline* is what ranks documents for askers: the fusion weight, then the reranker where one serves. Learners
replace one part and keep the others, so that what is compared is what people would have seen. What nobody can see
here are passages outside of the stored 40: both sides are scored on the same candidates, and the recall of the
shortlist itself is reported beside them. Scores come from the very functions that serve; what comes after them (copies
folded, newer versions first, a cross-encoder) is the same for both sides, and left out.

nDCG@10 = DCG@10 / ideal DCG@10 with DCG = Σ (2^grade - 1) / log2(rank + 1) (Burges et al., 2005, eq. 9; Järvelin and
Kekäläinen, 2002). The ideal includes wanted passages that the shortlist missed. Recall@5 is the share of wanted
passages among the first five.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.curation.dataset import Group
from flywheel.retrieval.fusion import fused as fuse
from flywheel.retrieval.fusion import leaning
from flywheel.retrieval.reranking import Reranker

DEPTH = 10
RECALL_DEPTH = 5
FUSED = ("dense_norm", "bm25_norm", "phrase_match", "name_match", "route")
"""What the built-in order is made of."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What ranks documents: the weight `alpha` of the dense score in [0, 1], and a reranker or None."""

    alpha: float
    reranker: Reranker | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """nDCG@10 and recall@5 per group, each in [0, 1], shape (groups,)."""

    ndcg: Floats
    recall: Floats


@dataclass(frozen=True, slots=True)
class Table:
    """Groups as arrays, so that ten thousand of them are ordered at once, shape (groups, most candidates).

    `leaning` is what a candidate's exact names and its route add; a place beyond a group's candidates never comes
    first, and gains nothing.
    """

    dense: Floats
    words: Floats
    leaning: Floats
    gains: Floats
    ideal: Floats

    @classmethod
    def of(cls, groups: Sequence[Group]) -> "Table":
        """Return the arrays of groups."""
        shape = (len(groups), max((len(one.candidates) for one in groups), default=0))
        dense, words, gains = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        lean = np.full(shape, -np.inf)
        for row, group in enumerate(groups):
            count = len(group.candidates)
            dense[row, :count], words[row, :count], phrase, name, route = matrix(group, FUSED).T
            lean[row, :count] = leaning(np.zeros(count), phrase, name, route)
            gains[row, :count] = 2.0 ** grades_of(group) - 1
        ideal = np.array([gain(np.sort(np.append(grades_of(one), one.missed))[::-1]) for one in groups])
        return cls(dense, words, lean, gains, ideal)

    def ndcg(self, alpha: float) -> Floats:
        """Return nDCG@10 per group under a fusion weight; ties keep the order that was shown."""
        order = np.argsort(-(fuse(self.dense, self.words, alpha) + self.leaning), axis=1, kind="stable")[:, :DEPTH]
        top = np.take_along_axis(self.gains, order, axis=1)
        found = top @ (1 / np.log2(np.arange(2, top.shape[1] + 2)))
        return np.divide(found, self.ideal, out=np.zeros_like(found), where=self.ideal > 0)


def matrix(group: Group, features: Sequence[str]) -> Floats:
    """Return the candidates' features, shape (candidates, features)."""
    rows = [[one.features[name] for name in features] for one in group.candidates]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(features))


def fused(group: Group, alpha: float) -> Floats:
    """Return each candidate's fused score and its leaning, as retrieval orders by them."""
    dense, words, phrase, name, route = matrix(group, FUSED).T
    return leaning(fuse(dense, words, alpha), phrase, name, route)


def evaluate(pipeline: Pipeline, groups: Sequence[Group]) -> Scores:
    """Re-score each group's stored shortlist with a pipeline."""
    pairs = [(one, linear(pipeline, one)) for one in groups]
    return Scores(
        np.array([ndcg(group, scores) for group, scores in pairs]),
        np.array([recall(group, scores) for group, scores in pairs]),
    )


def linear(pipeline: Pipeline, group: Group) -> Floats:
    """Return the score that the pipeline gives each candidate, shape (candidates,); it compares within the group."""
    if pipeline.reranker is None:
        return fused(group, pipeline.alpha)
    return pipeline.reranker.scores([one.features for one in group.candidates])


def ndcg(group: Group, scores: Floats) -> float:
    """Return nDCG@10 of the candidates ordered by falling score; ties keep the order that was shown."""
    grades = grades_of(group)
    ideal = gain(np.sort(np.append(grades, group.missed))[::-1])
    return gain(grades[_order(scores)]) / ideal if ideal > 0 else 0.0


def recall(group: Group, scores: Floats) -> float:
    """Return the share of wanted passages among the first five; those that the shortlist missed count as wanted."""
    wanted = grades_of(group) > 0
    all_wanted = int(wanted.sum()) + len(group.missed)
    return float(wanted[_order(scores)][:RECALL_DEPTH].sum()) / all_wanted if all_wanted else 0.0


def grades_of(group: Group) -> Floats:
    """Return one grade per candidate, in [0, 3]."""
    return np.array([one.grade for one in group.candidates], dtype=np.float64)


def _order(scores: Floats) -> NDArray[np.intp]:
    return np.argsort(-scores, kind="stable")


def gain(grades: Floats) -> float:
    """Return DCG@10 of grades in the order of a ranking."""
    top = grades[:DEPTH]
    return float(((2.0**top - 1) / np.log2(np.arange(2, len(top) + 2))).sum())
