"""Which questions are found to ask about the same thing."""

import numpy as np
import pytest

from flywheel.measurement.understanding.clusters import FEWEST, MOST, grouped, middles
from tests.unit.measurement.understanding.planted import around, directions


def together(groups: list[int], truth: list[int]) -> bool:
    """Tell whether the groups are the truth under other names."""
    return len(set(zip(groups, truth, strict=True))) == len(set(groups)) == len(set(truth))


@pytest.mark.parametrize(("topics", "each"), [(2, 6), (4, 10), (12, 15)])
def test_planted_topics_are_found_from_a_dozen_questions_up(topics: int, each: int) -> None:
    truth = np.repeat(np.arange(topics), each)

    found = grouped(around(directions(topics), truth))

    assert together(found.tolist(), truth.tolist())


def test_nine_questions_are_too_few() -> None:
    truth = np.zeros(FEWEST - 1, dtype=np.int64)

    assert set(grouped(around(directions(1), truth)).tolist()) == {-1}


def test_no_questions_make_no_groups() -> None:
    assert len(grouped(np.zeros((0, 64), dtype=np.float32))) == 0


def test_questions_about_anything_are_noise() -> None:
    found = grouped(directions(60))

    assert set(found.tolist()) == {-1}


def test_questions_all_about_one_thing_are_one_topic() -> None:
    found = grouped(around(directions(1), np.zeros(30, dtype=np.int64)))

    assert set(found.tolist()) == {0}


def test_the_same_question_asked_thirty_times_is_one_topic() -> None:
    found = grouped(np.repeat(directions(1), 30, axis=0))

    assert set(found.tolist()) == {0}


def test_repeated_questions_stay_beside_other_topics() -> None:
    middle = directions(3)
    vectors = np.concatenate([np.repeat(middle[:1], 12, axis=0), around(middle, np.repeat([1, 2], 12))])

    found = grouped(vectors)

    assert together(found.tolist(), np.repeat([0, 1, 2], 12).tolist())


def test_a_large_topic_is_not_cut_up_beside_small_ones() -> None:
    truth = np.repeat([0, 1, 2], [300, 20, 20])

    found = grouped(around(directions(3), truth))

    assert together(found.tolist(), truth.tolist())


def test_a_few_strays_are_no_topic() -> None:
    middle = directions(8)
    truth = np.concatenate([np.repeat([0, 1, 2], 15), [3, 4, 5, 6, 7]])

    found = grouped(around(middle, truth))

    assert set(found[-5:].tolist()) == {-1}


def test_the_largest_group_is_number_nought() -> None:
    truth = np.repeat([0, 1, 2], [12, 30, 18])

    found = grouped(around(directions(3), truth))

    assert np.bincount(found).tolist() == [30, 18, 12]


def test_the_same_questions_give_the_same_groups() -> None:
    vectors = around(directions(5), np.repeat(np.arange(5), 8), spread=1.2)

    assert grouped(vectors).tolist() == grouped(vectors).tolist()


def test_beyond_the_most_the_others_join_the_nearest_group() -> None:
    truth = np.arange(MOST + 500) % 3

    found = grouped(around(directions(3), truth))

    assert together(found.tolist(), truth.tolist())


def test_the_middle_of_a_group_is_of_length_one() -> None:
    made = middles(directions(6), np.array([0, 0, 0, 1, 1, -1]))

    assert np.linalg.norm(made, axis=1).tolist() == pytest.approx([1.0, 1.0])
