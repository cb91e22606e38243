"""Means and differences in which a person is one witness."""

from random import Random

import pytest

from flywheel.measurement.clustered import difference, mean


def test_independent_voices_give_student_s_interval() -> None:
    found = mean([(f"p{n}", float(n % 2)) for n in range(20)])

    assert found is not None
    assert found.low == pytest.approx(0.5 - 2.093 * 0.5 / 19**0.5, abs=1e-3)


def test_what_one_person_says_ten_times_is_said_once() -> None:
    once = mean([(f"p{n}", float(n % 2)) for n in range(20)])
    often = mean([(f"p{n}", float(n % 2)) for n in range(20) for _ in range(10)])

    assert once is not None
    assert often is not None
    assert often.low == pytest.approx(once.low)


def test_people_who_said_the_same_before_make_the_difference_surer() -> None:
    said = [(f"p{n}", float(n % 2)) for n in range(40)]
    others = [(f"q{n}", float(n % 2)) for n in range(40)]

    same, different = difference(said, said), difference(said, others)

    assert same is not None
    assert different is not None
    assert (same.value, same.high) == (0, 0)
    assert different.high is not None
    assert different.high > 0.2


def test_nothing_is_compared_with_nothing() -> None:
    assert difference([("p", 1.0)], []) is None


def test_one_person_gives_no_interval() -> None:
    found = mean([("p", 1.0), ("p", 0.0)])

    assert found is not None
    assert (found.value, found.low) == (0.5, None)


def test_the_interval_misses_no_difference_about_once_in_twenty() -> None:
    rng, missed = Random(5), 0
    for _ in range(300):
        tastes = {f"p{n}": rng.betavariate(4, 2) for n in range(25)}
        now, before = (
            [(name, float(rng.random() < taste)) for name, taste in tastes.items() for _ in range(rng.randint(1, 8))]
            for _ in range(2)
        )
        found = difference(now, before)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        missed += not found.low <= 0 <= found.high
    assert 0.01 <= missed / 300 <= 0.09


def test_persons_count_by_how_much_they_say() -> None:
    found = mean([("loud", float(n % 2)) for n in range(10)] + [(f"p{n}", float(n % 2)) for n in range(10)])

    assert found is not None
    assert found.persons == 11
    assert found.alike == pytest.approx(20**2 / (10**2 + 10))


def test_where_few_say_most_a_quiet_week_seldom_seems_to_differ() -> None:
    """With as many degrees of freedom as persons 28 of these 400 weeks seemed to."""
    rng, missed = Random(7), 0
    busy = [1 / (1 + n) for n in range(15)]
    for _ in range(400):
        tastes = [rng.betavariate(6, 2) for _ in busy]
        now, before = (
            [(f"p{who}", float(rng.random() < tastes[who])) for who in rng.choices(range(15), busy, k=size)]
            for size in (30, 120)
        )
        found = difference(now, before)
        assert found is not None
        if found.low is not None and found.high is not None:
            missed += not found.low <= 0 <= found.high
    assert missed <= 0.05 * 400
