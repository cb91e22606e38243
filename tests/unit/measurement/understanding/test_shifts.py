"""Which shares changed, and which only chance moved."""

import numpy as np
import pytest

from flywheel.measurement.understanding.shifts import blocks_of, shifted

RNG = np.random.default_rng(5)
PERSONS = [f"P{n % 20}" for n in range(500)]
WEEKS = [n // 100 - 4 for n in range(500)]
IS_NOW = np.array([week == 0 for week in WEEKS])
BLOCKS = blocks_of(PERSONS, WEEKS)


def hits(share: float, now: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return a thing that this share of earlier questions had, and that share of those of now."""
    return (np.random.default_rng(3).random(500) < np.where(IS_NOW, now, share)).astype(np.float64)


def test_a_share_that_doubled_is_a_change() -> None:
    (found,) = shifted(hits(0.15, 0.4)[:, None], IS_NOW, BLOCKS)

    assert (found.p or 1.0) < 0.01


def test_the_change_lies_in_its_interval() -> None:
    (found,) = shifted(hits(0.15, 0.4)[:, None], IS_NOW, BLOCKS)

    assert 0 < (found.low or 0.0) < found.change < (found.high or 0.0)


def test_a_share_that_stayed_is_none() -> None:
    (found,) = shifted(hits(0.2, 0.2)[:, None], IS_NOW, BLOCKS)

    assert (found.p or 0.0) > 0.05


def test_what_one_person_asks_thirty_times_is_not_tested() -> None:
    persons = ["loud" if n % 100 < 30 and n >= 400 else one for n, one in enumerate(PERSONS)]
    loud = np.array([one == "loud" for one in persons], dtype=np.float64)

    (found,) = shifted(loud[:, None], IS_NOW, blocks_of(persons, WEEKS))

    assert found.p is None


def test_looking_at_many_shares_costs_certainty() -> None:
    one = hits(0.2, 0.32)[:, None]
    many = np.concatenate([one, (RNG.random((500, 40)) < 0.1).astype(np.float64)], axis=1)

    alone, among = (shifted(table, IS_NOW, BLOCKS)[0].p for table in (one, many))

    assert (among or 0.0) > (alone or 1.0)


def test_a_thing_of_four_questions_is_not_tested() -> None:
    rare = np.zeros((500, 1))
    rare[-4:] = 1

    assert shifted(rare, IS_NOW, BLOCKS)[0].p is None


def test_without_weeks_before_nothing_is_tested() -> None:
    found = shifted(np.ones((30, 1)), np.ones(30, dtype=np.bool_), np.arange(30))

    assert (found[0].now, found[0].p) == (1.0, None)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_questions_give_the_same_p(seed: int) -> None:
    table = (np.random.default_rng(seed).random((500, 3)) < 0.2).astype(np.float64)

    assert shifted(table, IS_NOW, BLOCKS) == shifted(table, IS_NOW, BLOCKS)
