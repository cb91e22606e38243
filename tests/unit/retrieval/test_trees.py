"""Trees as they serve, and the arrays that they refuse."""

import numpy as np
import pytest

from flywheel.errors import ArtefactError
from flywheel.retrieval.reranking import Reranker
from flywheel.retrieval.trees import Trees

STUMP = {
    "feature": [1, 0, 0],
    "threshold": [0.5, 0.0, 0.0],
    "left": [1, 1, 2],
    "right": [2, 1, 2],
    "value": [0.0, -1.0, 2.0],
    "roots": [0],
    "depth": 1,
}
LINE = {"features": ["dense", "recency"], "mean": [0.0, 0.0], "scale": [1.0, 1.0], "weights": [1.0, 0.0]}


def test_up_to_the_threshold_the_left_leaf_counts() -> None:
    scores = Trees.of(STUMP, 2).scores(np.array([[9.0, 0.5], [9.0, 0.51]]))

    assert scores.tolist() == [-1.0, 2.0]


def test_two_trees_add_up() -> None:
    scores = Trees.of({**STUMP, "roots": [0, 0]}, 2).scores(np.array([[0.0, 1.0]]))

    assert scores.tolist() == [4.0]


def test_leaves_come_on_top_of_the_line() -> None:
    reranker = Reranker.of({**LINE, "form": "trees", "trees": STUMP})

    assert reranker.scores([{"dense": 0.25, "recency": 1.0}]) == pytest.approx([2.25])


@pytest.mark.parametrize(
    "change",
    [
        {"feature": [2, 0, 0]},
        {"feature": [0.5, 0, 0]},
        {"left": [3, 1, 2]},
        {"right": [-1, 1, 2]},
        {"roots": [3]},
        {"roots": None},
        {"threshold": [0.5]},
        {"value": [0.0, float("nan"), 1.0]},
        {"value": ["a", "b", "c"]},
        {"depth": -1},
        {"depth": 10_000},
    ],
)
def test_arrays_that_make_no_tree_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        Trees.of({**STUMP, **change}, 2)


@pytest.mark.parametrize("change", [{"form": "forest"}, {"trees": None}, {"trees": [1]}])
def test_a_reranker_of_an_unknown_form_or_without_its_trees_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        Reranker.of({**LINE, "form": "trees", "trees": STUMP, **change})
