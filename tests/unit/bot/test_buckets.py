"""Slack's rates, kept on our side."""

from datetime import timedelta

from bot.buckets import APPEND, START, STOP, Buckets
from tests.parts import MOMENT

SECOND = timedelta(seconds=1)


def test_a_minutes_worth_may_be_called_at_once() -> None:
    buckets = Buckets({START: 20})

    assert [buckets.take(MOMENT, START) for _ in range(21)] == [True] * 20 + [False]


def test_a_bucket_fills_steadily() -> None:
    buckets = Buckets({START: 20})
    for _ in range(20):
        buckets.take(MOMENT, START)

    assert not buckets.take(MOMENT + 2 * SECOND, START)
    assert buckets.take(MOMENT + 3 * SECOND, START)


def test_a_bucket_says_when_it_is_free_again() -> None:
    buckets = Buckets({START: 20})
    for _ in range(20):
        buckets.take(MOMENT, START)

    assert buckets.free_at(MOMENT, START) == MOMENT + 3 * SECOND


def test_a_free_bucket_is_free_now() -> None:
    assert Buckets().free_at(MOMENT, START) == MOMENT


def test_two_are_taken_together_or_not_at_all() -> None:
    buckets = Buckets({START: 5, STOP: 1})
    buckets.take(MOMENT, STOP)

    assert not buckets.take(MOMENT, START, STOP)
    assert [buckets.take(MOMENT, START) for _ in range(6)] == [True] * 5 + [False]


def test_what_slack_holds_back_waits_as_long() -> None:
    buckets = Buckets()
    buckets.hold(MOMENT, APPEND, MOMENT + 30 * SECOND)

    assert not buckets.take(MOMENT + 29 * SECOND, APPEND)
    assert buckets.take(MOMENT + 30 * SECOND, APPEND)


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    buckets = Buckets({START: 1})
    buckets.take(MOMENT, START)

    assert not buckets.take(MOMENT - timedelta(hours=1), START)
