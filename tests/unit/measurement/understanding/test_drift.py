"""Whether a change of what people ask is found, and a quiet week is left quiet."""

import numpy as np
import pytest

from flywheel.measurement.understanding.clusters import grouped
from flywheel.measurement.understanding.drift import Asked, Drift, measured
from flywheel.measurement.understanding.topics import shifted
from tests.unit.measurement.understanding.planted import around, directions

TOPICS, WEEK, PEOPLE = 8, 100, 25
MIDDLES = directions(TOPICS + 1)


def week_of_questions(seed: int, new: float = 0.0, now: int = WEEK) -> Drift:
    """Compare a week with four before it; a share `new` of its questions is about a topic that is new."""
    rng = np.random.default_rng(seed)
    count = 4 * WEEK + now
    is_now = np.arange(count) >= 4 * WEEK
    truth = np.where(is_now & (rng.random(count) < new), TOPICS, rng.integers(TOPICS, size=count))
    weeks = [min(n // WEEK - 4, 0) for n in range(count)]
    asked = Asked(is_now, [f"P{one}" for one in rng.integers(PEOPLE, size=count)], weeks)
    vectors = around(MIDDLES, truth, spread=1.0, seed=seed)
    return measured(vectors, asked, shifted(asked, grouped(vectors)))


@pytest.mark.parametrize("seed", range(3))
def test_a_new_topic_with_a_fifth_of_a_hundred_questions_is_found(seed: int) -> None:
    assert week_of_questions(seed, new=0.2).is_found


@pytest.mark.parametrize("seed", range(6))
def test_a_quiet_week_raises_no_alarm(seed: int) -> None:
    assert not week_of_questions(seed).is_found


def test_quiet_weeks_cannot_be_told_apart() -> None:
    auc = week_of_questions(0).auc

    assert auc == pytest.approx(0.5, abs=0.1)


def test_twenty_questions_are_too_few_to_tell() -> None:
    found = week_of_questions(0, new=0.9, now=20)

    assert (found.auc, found.p, found.is_found) == (None, None, False)


def test_five_people_are_too_few_to_tell() -> None:
    asked = Asked(np.arange(200) >= 100, [f"P{n % 5}" for n in range(200)], [n // 100 - 1 for n in range(200)])
    vectors = around(MIDDLES, np.repeat([0, 1], 100))

    assert measured(vectors, asked).p is None


def test_one_person_with_a_new_topic_is_no_drift_of_all() -> None:
    rng = np.random.default_rng(1)
    is_now = np.arange(500) >= 400
    loud = is_now & (np.arange(500) % 4 == 0)
    truth = np.where(loud, TOPICS, rng.integers(TOPICS, size=500))
    persons = ["loud" if one else f"P{n % 25}" for n, one in enumerate(loud)]
    asked = Asked(is_now, persons, [n // 100 - 4 for n in range(500)])

    found = measured(around(MIDDLES, truth), asked, shifted(asked, truth))

    assert not found.is_found
