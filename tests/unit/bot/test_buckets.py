"""Slack's rates, kept on our side."""

from datetime import timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from bot.buckets import APPEND, START, STOP, Buckets
from tests.parts import MOMENT

SECOND = timedelta(seconds=1)


def test_a_quarter_of_a_minutes_worth_may_be_called_at_once() -> None:
    buckets = Buckets({START: 20})

    assert [buckets.take(MOMENT, START) for _ in range(6)] == [True] * 5 + [False]


def test_a_bucket_fills_steadily() -> None:
    buckets = emptied()

    assert not buckets.take(MOMENT + 3 * SECOND, START)
    assert buckets.take(MOMENT + 4 * SECOND, START)


def test_a_bucket_says_when_it_is_free_again() -> None:
    assert emptied().free_at(MOMENT, START) == MOMENT + 4 * SECOND


@given(waits=st.lists(st.floats(0, 20), min_size=60, max_size=120))
def test_no_minute_sees_more_calls_than_slack_allows(waits: list[float]) -> None:
    buckets, calls = Buckets({START: 20}), []
    for seconds in accumulate(waits):
        calls += [seconds for _ in range(7) if buckets.take(MOMENT + seconds * SECOND, START)]

    assert max(sum(first <= other < first + 60 for other in calls) for first in calls) <= 20


def test_a_free_bucket_is_free_now() -> None:
    assert Buckets().free_at(MOMENT, START) == MOMENT


def test_two_are_taken_together_or_not_at_all() -> None:
    buckets = Buckets({START: 20, STOP: 4})
    buckets.take(MOMENT, STOP)

    assert not buckets.take(MOMENT, START, STOP)
    assert [buckets.take(MOMENT, START) for _ in range(6)] == [True] * 5 + [False]


def test_what_slack_holds_back_waits_as_long() -> None:
    buckets = Buckets()
    buckets.hold(MOMENT, APPEND, MOMENT + 30 * SECOND)

    assert not buckets.take(MOMENT + 29 * SECOND, APPEND)
    assert buckets.take(MOMENT + 30 * SECOND, APPEND)


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    buckets = Buckets({START: 4})
    buckets.take(MOMENT, START)

    assert not buckets.take(MOMENT - timedelta(hours=1), START)


def emptied() -> Buckets:
    buckets = Buckets({START: 20})
    while buckets.take(MOMENT, START):
        pass
    return buckets
