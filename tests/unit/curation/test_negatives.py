"""A hard negative is near the question, clearly less near than the right passage, and was never called right."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flywheel.curation.negatives import MOST, RELATIVE_MARGIN, mined

NAMES = tuple("abcdefghij")
APART = dict(zip(NAMES, np.eye(len(NAMES), dtype=np.float32), strict=True))


def test_the_hardest_beyond_the_margin_come_first() -> None:
    cosines = {"a": 0.80, "b": 0.77, "c": 0.70, "d": 0.75}

    assert mined(cosines, "a", (), APART) == ["d", "c"]


@pytest.mark.parametrize("right", [("b",), ("b", "a")])
def test_what_somebody_called_right_is_none(right: tuple[str, ...]) -> None:
    assert mined({"a": 0.8, "b": 0.5, "c": 0.4}, "a", right, APART) == ["c"]


def test_what_says_nearly_the_same_as_a_right_one_is_none() -> None:
    vectors = {**APART, "b": APART["c"]}

    assert mined({"a": 0.8, "b": 0.5, "d": 0.4}, "a", ("c",), vectors) == ["d"]


def test_what_cannot_be_compared_is_none() -> None:
    assert mined({"a": 0.8, "unknown": 0.5}, "a", (), APART) == []
    assert mined({"b": 0.5}, "a", (), APART) == []


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1), min_size=1), st.sets(st.sampled_from(NAMES)))
def test_none_is_ever_within_the_margin(cosines: Mapping[str, float], right: set[str]) -> None:
    found = mined(cosines, "a", right, APART)

    assert len(found) <= MOST
    assert not {"a", *right} & set(found)
    assert all(cosines[one] < (1 - RELATIVE_MARGIN) * cosines.get("a", 0.0) for one in found)
