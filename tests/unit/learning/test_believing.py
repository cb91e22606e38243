"""Votes that are slips: what is believed of them, and what is left alone."""

import numpy as np
import pytest

from flywheel.learning.believing import believed
from flywheel.learning.recurring import Floats, Wishes

TOPICS, EACH = 4, 30


def asked(said: list[int]) -> Wishes:
    """Return questions on four topics in turn, each with a vote; the index always lists the targets in one order."""
    rng = np.random.default_rng(3)
    topics = np.arange(len(said)) % TOPICS
    vectors = np.eye(8)[topics] + 0.1 * rng.normal(size=(len(said), 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    column = np.array(said)
    wanted = np.where(column[:, None] >= 0, np.eye(TOPICS)[column], 0.0)
    base = np.tile(np.linspace(1.0, 0.97, TOPICS), (len(said), 1))
    return Wishes(vectors, wanted, base, np.full((len(said), 1), -np.inf), np.zeros(len(said)), column)


def right() -> list[int]:
    """Return what each question wanted."""
    return [number % TOPICS for number in range(TOPICS * EACH)]


def test_votes_that_all_the_like_contradict_are_not_believed() -> None:
    said = right()
    slips = [7, 14, 21, 31, 38, 45, 57, 70, 83, 93, 106, 119]
    for row in slips:
        said[row] = 0  # the first one listed, where slips fall

    shares = believed(asked(said))

    assert shares[slips, 0].mean() < 0.5 < shares[slips, [row % TOPICS for row in slips]].mean()


def test_votes_that_nobody_contradicts_are_believed_as_they_are() -> None:
    known = asked(right())

    assert believed(known) == pytest.approx(known.wanted, abs=0.02)


def test_a_vote_on_what_was_listed_last_is_believed_more_than_one_on_the_first() -> None:
    first, last = right(), right()
    first[5], last[4] = 0, 3

    def doubt(said: list[int], row: int) -> float:
        shares: Floats = believed(asked(said))
        return 1 - float(shares[row, said[row]])

    assert doubt(first, 5) > doubt(last, 4)


def test_a_question_that_wanted_no_target_stays_without_one() -> None:
    said = right()
    said[9] = -1

    assert believed(asked(said))[9].sum() == 0
