"""Slack's rates, kept on our side."""

from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buckets import APPEND, RATES, START, STOP, Buckets, Rate
from tests.parts import MOMENT

SECOND = timedelta(seconds=1)


def test_a_minutes_worth_may_be_called_at_once() -> None:
    buckets = Buckets({START: Rate(20)})

    assert [buckets.take(MOMENT, START) for _ in range(21)] == [True] * 20 + [False]


def test_what_was_taken_comes_back_a_minute_later() -> None:
    buckets = Buckets({START: Rate(2)})
    buckets.take(MOMENT, START)
    buckets.take(MOMENT + 10 * SECOND, START)

    assert not buckets.take(MOMENT + 59 * SECOND, START)
    assert [buckets.take(MOMENT + 60 * SECOND, START) for _ in range(2)] == [True, False]


def test_a_bucket_says_when_it_is_free_again() -> None:
    buckets = Buckets({START: Rate(2)})
    buckets.take(MOMENT, START)
    buckets.take(MOMENT + 10 * SECOND, START)

    assert buckets.free_at(MOMENT + 20 * SECOND, START) == MOMENT + 60 * SECOND


@pytest.mark.parametrize(("method", "a_minute"), [(START, 20), (APPEND, 100)])
@given(waits=st.lists(st.floats(0, 20), min_size=60, max_size=120))
def test_no_minute_sees_more_calls_than_slack_allows(method: str, a_minute: int, waits: list[float]) -> None:
    buckets, calls = Buckets(RATES), []
    for seconds in accumulate(waits):
        calls += [seconds for _ in range(30) if buckets.take(MOMENT + seconds * SECOND, method)]

    assert max(sum(first <= other < first + 60 for other in calls) for first in calls) <= a_minute


def test_a_free_bucket_is_free_now() -> None:
    assert Buckets().free_at(MOMENT, START) == MOMENT


def test_two_are_taken_together_or_not_at_all() -> None:
    buckets = Buckets({START: Rate(5), STOP: Rate(1)})
    buckets.take(MOMENT, STOP)

    assert not buckets.take(MOMENT, START, STOP)
    assert [buckets.take(MOMENT, START) for _ in range(6)] == [True] * 5 + [False]


def test_what_slack_holds_back_waits_as_long() -> None:
    buckets = Buckets()
    buckets.hold(MOMENT, APPEND, MOMENT + 30 * SECOND)

    assert not buckets.take(MOMENT + 29 * SECOND, APPEND)
    assert buckets.take(MOMENT + 30 * SECOND, APPEND)


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    buckets = Buckets({START: Rate(1)})
    buckets.take(MOMENT, START)

    assert not buckets.take(MOMENT - timedelta(hours=1), START)
