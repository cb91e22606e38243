"""Two scores become one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flywheel.retrieval.fusion import fused, leaning, normalised

SCORES = st.lists(st.floats(-1, 50, allow_nan=False), max_size=20).map(np.array)


def test_the_best_is_one_and_the_rest_keep_their_proportion() -> None:
    assert normalised(np.array([2.0, 8.0, 0.0])) == pytest.approx([0.25, 1.0, 0.0])


def test_the_best_of_the_first_is_one_and_nothing_is_more() -> None:
    assert normalised(np.array([2.0, 4.0, 9.0]), 2) == pytest.approx([0.5, 1.0, 1.0])


def test_below_zero_is_zero() -> None:
    assert normalised(np.array([-0.5, 0.5])) == pytest.approx([0.0, 1.0])


@given(SCORES)
def test_normalised_scores_lie_between_zero_and_one(scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    norm = normalised(scores)

    assert ((norm >= 0) & (norm <= 1)).all()


def test_the_weight_goes_to_the_dense_score() -> None:
    assert fused(np.array([1.0]), np.array([0.0]), 0.7) == pytest.approx([0.7])


def test_a_passage_of_the_likeliest_retriever_that_has_every_name_keeps_its_score() -> None:
    assert leaning(0.5, 0.0, 1.0, 1.0) == 0.5


def test_phrases_raise_a_passage_and_missing_names_and_unlikely_routes_lower_it() -> None:
    assert leaning(0.5, 1.0, 1.0, 1.0) > 0.5 > max(leaning(0.5, 0.0, 0.0, 1.0), leaning(0.5, 0.0, 1.0, 0.0))
