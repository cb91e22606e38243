"""The linear reranker, and the artefacts it refuses."""

import pytest

from flywheel.errors import ArtefactError
from flywheel.retrieval.reranking import Reranker

GOOD = {"features": ["dense", "recency"], "mean": [0.5, 0.0], "scale": [0.5, 1.0], "weights": [2.0, -1.0]}


def test_the_score_is_the_weighted_sum_of_standardised_features() -> None:
    scores = Reranker.of(GOOD).scores([{"dense": 1.0, "recency": 0.5, "other": 9.0}])

    assert scores == pytest.approx([1.5])


@pytest.mark.parametrize(
    "change",
    [
        {"features": []},
        {"features": "dense"},
        {"features": ["dense", "no_such_feature"]},
        {"mean": [0.5]},
        {"weights": ["a", "b"]},
        {"weights": None},
        {"scale": [0.0, 1.0]},
        {"weights": [float("nan"), 1.0]},
    ],
)
def test_an_artefact_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        Reranker.of({**GOOD, **change})
