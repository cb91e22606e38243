"""The thresholds of verified answers: a shift from votes on repeats."""

from datetime import timedelta

import pytest

from flywheel.learning.verified_thresholds import Repeat, shift
from flywheel.retrieval.repeats import FURTHEST
from tests.unit.learning.groups import START


def votes(*helped: bool, cosine: float = 0.75) -> list[Repeat]:
    """Return one vote each on repeats of an answer."""
    return [
        Repeat("v1", cosine, yes, f"U{number}", f"q{number}", START + timedelta(minutes=number))
        for number, yes in enumerate(helped)
    ]


def test_an_answer_that_is_refused_when_repeated_is_shifted_down() -> None:
    assert shift(votes(False, False, False)) < -0.5


def test_an_answer_that_is_liked_is_shifted_up() -> None:
    assert shift(votes(True, True, True, cosine=0.6)) > 0.5


def test_without_votes_nothing_shifts() -> None:
    assert shift([]) == pytest.approx(0, abs=1e-6)


def test_one_vote_shifts_less_than_ten() -> None:
    assert 0 > shift(votes(False)) > shift(votes(*[False] * 10)) > -FURTHEST
