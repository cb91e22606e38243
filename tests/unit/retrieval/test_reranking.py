"""The linear reranker, the cross-encoder's share, and the artefacts that they refuse."""

import numpy as np
import pytest

from flywheel.errors import ArtefactError
from flywheel.retrieval.features import FEATURES
from flywheel.retrieval.reranking import READ, Blend, Reranker, blended, read_as

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


def test_an_artefact_from_before_there_were_kinds_still_loads() -> None:
    before = FEATURES[: FEATURES.index("route")]
    numbers = [1.0] * len(before)

    loaded = Reranker.of({"features": before, "mean": numbers, "scale": numbers, "weights": numbers})

    assert loaded.features == before


def test_half_a_weight_lets_both_models_speak_as_loudly() -> None:
    linear, cross = np.array([0.9, 0.8, 0.1]), np.array([-7.0, 3.0, 3.0])

    assert blended(linear, cross, 0.5) == pytest.approx([0.5, 0.9375, 0.5])


def test_scores_that_are_all_the_same_change_nothing() -> None:
    assert blended(np.array([0.2, 0.4]), np.array([1.0, 1.0]), 0.5) == pytest.approx([0.0, 0.5])


def test_a_passage_is_read_with_its_title_and_headings_and_cut_where_the_window_ends() -> None:
    read = read_as("VPN", ("Set up", "Linux"), "x" * 9_999)

    assert read.startswith("VPN\nSet up › Linux\nxxx")
    assert len(read) == READ


@pytest.mark.parametrize("artefact", [{"weight": 0.5}, {"model": "", "weight": 0.5}, {"model": "m", "weight": 1.5}, {"model": "m"}])  # fmt: skip  # noqa: E501
def test_a_blend_that_makes_no_sense_is_refused(artefact: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        Blend.of(artefact)
