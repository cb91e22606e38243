"""Learn to order a shortlist with boosted trees, where there are questions enough: LambdaMART.

The trees begin where the linear reranker ends (`ranker.py`, learned on the same questions): each tree is fitted to what
would still raise nDCG@10 (Burges, 2010), and boosting stops when questions about other passages stop gaining. With no
tree at all it is the linear reranker. `lightgbm` learns; what serves is arrays (`retrieval/trees.py`).

It takes the linear reranker's place, so of the two the gate lets the one serve that gains more. What the trees add to
the linear reranker in nDCG@10, on questions that want other passages:

    learned from      aws_support    nl2bash    handbook_wiki
      500 questions   +0.007         +0.002     -0.002, and -0.014 in the worst of 6 splits
    1,000 questions   +0.010         -          -
    1,366 questions   +0.015         -          -
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from flywheel.curation.dataset import Group
from flywheel.learning import ranker
from flywheel.learning.lesson import Lesson, stored_trial
from flywheel.learning.ranking import Floats, Pipeline, grades_of, matrix
from flywheel.learning.ranking import evaluate as evaluate_pipeline
from flywheel.learning.trial import Flags, Trial
from flywheel.retrieval.features import FEATURES
from flywheel.retrieval.reranking import TREES, Reranker
from flywheel.store.releases import identity

NAME = "lambdamart"
SLOT = ranker.SLOT
QUESTIONS = 1_000
MOST = 4_000
"""It learns from the newest questions, so many at most: half a minute of one core."""
FOLDS = 5
"""One in five questions, by what they want, tells when to stop; the linear part does not learn from it either then."""
ROUNDS = 300
PATIENCE = 30
PARAMETERS: Mapping[str, object] = {
    "objective": "lambdarank",
    "metric": "ndcg",
    "eval_at": [10],
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 100,
    "lambda_l2": 10.0,
    "max_depth": 5,
    "lambdarank_truncation_level": 15,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}
"""lightgbm's; small and strongly regularised trees, one thread and row-wise sums so that runs agree to the last bit."""


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether there are questions enough to teach the trees, and say why not."""
    return lesson.enough(QUESTIONS, "LambdaMART")


def fit(lesson: Lesson) -> dict[str, object]:
    """Learn from the lesson's older questions."""
    return learned(lesson.parts.train, lesson.pipeline, lesson.seed)


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Score both sides on the stored shortlists of the newer questions."""
    return stored_trial(NAME, lesson, ranker.replaced(artefact, lesson.pipeline))


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact."""
    return identity(SLOT, artefact)


def learned(train: Sequence[Group], champion: Pipeline, seed: int) -> dict[str, object]:
    """Return the linear reranker of the newest training questions, and the trees on top of it."""
    newest = train[-MOST:]
    taught = _Taught.of(newest, [matrix(one, FEATURES) for one in newest], champion)
    return _with_trees(taught.linear, _boosted(taught, _rounds(taught, champion, seed), seed))


@dataclass(frozen=True, slots=True)
class _Taught:
    """Questions to learn from, the features of each one's candidates, and the linear reranker to begin with."""

    groups: tuple[Group, ...]
    values: tuple[Floats, ...]
    linear: Mapping[str, object]

    @classmethod
    def of(cls, groups: Sequence[Group], values: Sequence[Floats], champion: Pipeline) -> "_Taught":
        """Return them with the linear reranker that they teach."""
        return cls(tuple(groups), tuple(values), ranker.of_matrices(groups, values, champion))

    def part(self, where: Flags) -> tuple[tuple[Group, ...], tuple[Floats, ...]]:
        """Return some of the questions, and their features; `where` has shape (n,)."""
        rows = np.flatnonzero(where).tolist()
        return tuple(self.groups[row] for row in rows), tuple(self.values[row] for row in rows)


def _rounds(taught: _Taught, champion: Pipeline, seed: int) -> int:
    """Return after how many trees questions about other passages stop gaining; 0 where no tree gains them anything."""
    held = np.array([zlib.crc32(min(one.targets, default="").encode()) % FOLDS == 0 for one in taught.groups])
    if held.all() or not held.any():
        return 0
    learning = _Taught.of(*taught.part(~held), champion)
    stopping = _Taught(*taught.part(held), learning.linear)
    trees = _boosted(learning, ROUNDS, seed, stopping)
    both = (_with_trees(learning.linear, trees), learning.linear)
    gained, line = (evaluate_pipeline(ranker.replaced(one, champion), stopping.groups).ndcg.mean() for one in both)
    return len(trees) if gained > line else 0


def _boosted(taught: _Taught, rounds: int, seed: int, stopping: _Taught | None = None) -> list[dict[str, Any]]:
    """Return so many trees, or as many as other questions gain by, as lightgbm describes them."""
    import lightgbm  # noqa: PLC0415 - a training job's library

    if not rounds:
        return []
    told = _dataset(taught)
    booster = lightgbm.train(
        {**PARAMETERS, "seed": seed % 2**31},
        told,
        num_boost_round=rounds,
        valid_sets=None if stopping is None else [_dataset(stopping, told)],
        callbacks=None if stopping is None else [lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    described = booster.dump_model(num_iteration=rounds if stopping is None else booster.best_iteration)
    return [one["tree_structure"] for one in described["tree_info"]]


def _dataset(taught: _Taught, reference: Any = None) -> Any:
    """Return the questions as lightgbm wants them; grades are rounded to whole ones, which lambdarank asks for."""
    import lightgbm  # noqa: PLC0415 - a training job's library

    linear = Reranker.of(taught.linear)
    return lightgbm.Dataset(
        np.vstack(taught.values),
        label=np.concatenate([np.rint(grades_of(one)) for one in taught.groups]),
        group=[len(one.candidates) for one in taught.groups],
        init_score=np.concatenate([linear.of_values(one) for one in taught.values]),
        reference=reference,
    )


def _with_trees(linear: Mapping[str, object], trees: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Return the artefact: the linear reranker's, and all trees' nodes in five lists, parents before children."""
    nodes: list[Mapping[str, Any]] = []
    children: list[tuple[int, int]] = []
    roots = [_laid_out(tree, nodes, children) for tree in trees]
    split = ["split_feature" in one for one in nodes]
    arrays = {
        "feature": [int(one.get("split_feature", 0)) for one in nodes],
        "threshold": [float(one.get("threshold", 0.0)) for one in nodes],
        "left": [left for left, _ in children],
        "right": [right for _, right in children],
        "value": [0.0 if inner else float(one["leaf_value"]) for one, inner in zip(nodes, split, strict=True)],
        "roots": roots,
        "depth": max((_depth(tree) for tree in trees), default=0),
    }
    return {**linear, "form": TREES, "trees": arrays}


def _laid_out(node: Mapping[str, Any], nodes: list[Mapping[str, Any]], children: list[tuple[int, int]]) -> int:
    """Append a node and all below it, and return its number."""
    number = len(nodes)
    nodes.append(node)
    children.append((number, number))
    if "split_feature" in node:
        left = _laid_out(node["left_child"], nodes, children)
        children[number] = (left, _laid_out(node["right_child"], nodes, children))
    return number


def _depth(node: Mapping[str, Any]) -> int:
    """Return how many decisions lead to the farthest leaf."""
    return 1 + max(_depth(node["left_child"]), _depth(node["right_child"])) if "split_feature" in node else 0
