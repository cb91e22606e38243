"""How sure auto mode must be, and when it stops."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flywheel.learning.unasked_threshold import (
    DEFAULT,
    HIGHEST,
    LOWEST,
    Judged,
    is_unwelcome,
    probability_above,
    threshold,
)

CONFIDENCE = st.integers(0, 100).map(lambda percent: percent / 100)
JUDGED = st.lists(st.builds(Judged, CONFIDENCE, st.sampled_from([0.0, 0.5, 1.0])), max_size=30)


def test_without_votes_the_threshold_is_the_anchor() -> None:
    assert threshold([]) == DEFAULT
    assert threshold([], 0.75) == 0.75


@given(judged=JUDGED, confidence=CONFIDENCE)
def test_a_no_never_lowers_it(judged: list[Judged], confidence: float) -> None:
    assert threshold([*judged, Judged(confidence, 0.0)]) >= threshold(judged)


@given(judged=JUDGED, confidence=CONFIDENCE)
def test_a_yes_never_raises_it(judged: list[Judged], confidence: float) -> None:
    assert threshold([*judged, Judged(confidence, 1.0)]) <= threshold(judged)


@given(judged=JUDGED)
def test_it_stays_within_its_bounds(judged: list[Judged]) -> None:
    assert LOWEST <= threshold(judged) <= HIGHEST


def test_one_no_raises_it_above_where_it_was() -> None:
    assert threshold([Judged(0.7, 0.0)]) > DEFAULT


def test_many_that_helped_lower_it_step_by_step() -> None:
    moved = [threshold([Judged(0.9, 1.0)] * count) for count in range(0, 40, 5)]

    assert all(later <= earlier for earlier, later in pairwise(moved))
    assert moved[-1] < DEFAULT


@pytest.mark.parametrize("bad", [1, 2, 3])
def test_a_few_that_did_not_help_are_no_reason_to_stop(bad: int) -> None:
    assert is_unwelcome([Judged(0.8, 0.0)] * bad) is None


def test_it_stops_where_most_of_the_last_did_not_help() -> None:
    assert is_unwelcome([Judged(0.8, 0.0)] * 4 + [Judged(0.8, 1.0)]) == (4, 5)


def test_a_share_that_people_bear_is_no_reason_to_stop() -> None:
    assert is_unwelcome([Judged(0.8, 0.0)] * 4 + [Judged(0.8, 1.0)] * 16) is None


def test_old_displeasure_is_forgotten() -> None:
    assert is_unwelcome([Judged(0.8, 0.0)] * 10 + [Judged(0.8, 1.0)] * 20) is None


def test_the_probability_is_that_of_the_beta_distribution() -> None:
    assert probability_above(0.3, 5, 3) == pytest.approx(0.971205, abs=1e-5)  # scipy.stats.beta(5, 3).sf(.3)
