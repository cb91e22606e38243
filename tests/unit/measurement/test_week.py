"""What a week's figures count."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flywheel.measurement.week import Day, Unanswered, bars, figures, share, share_by_person, unanswered, week_of
from flywheel.model import Audience, Signal, SignalKind
from flywheel.store.ledger import Exchange
from tests.unit.curation.exchanges import did, exchange

YES, NO = SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN
PUBLIC = frozenset({"public"})


def about(exchanges: list[Exchange], *signals: Signal) -> dict[str, list[Signal]]:
    """Return the signals by answer."""
    return {one.answer.id: [each for each in signals if each.answer_id == one.answer.id] for one in exchanges}


def abstained(number: int, text: str, labels: frozenset[str] = PUBLIC) -> Exchange:
    """Return a question that got no answer, readable by holders of these labels."""
    one = exchange(number, text=text)
    return replace(
        one, question=replace(one.question, audience=Audience(labels)), answer=replace(one.answer, abstained=True)
    )


def test_the_wilson_interval_is_the_textbook_s() -> None:
    made = share(8, 10)  # Agresti and Coull (1998) give 0.49 to 0.94 for 8 of 10

    assert (made.low, made.high) == pytest.approx((0.490, 0.943), abs=0.001)


def test_a_share_of_nothing_has_no_value() -> None:
    assert (share(0, 0).value, share(0, 0).low) == (None, None)


def test_ten_votes_of_one_person_are_no_ten_witnesses() -> None:
    alone = share_by_person([("ana", True)] * 8 + [("ana", False)] * 2)
    apart = share_by_person([(f"p{n}", n < 8) for n in range(10)])

    assert (alone.count, alone.total) == (8, 10)
    assert apart.low == pytest.approx(share(8, 10).low)
    assert alone.low is not None
    assert alone.low < 0.2


def test_satisfaction_counts_live_votes() -> None:
    week = [exchange(0), exchange(1)]
    votes = [did(YES, "ana"), did(YES, "ben"), did(YES, "cem"), did(NO, "cem", minute=2)]

    counted = figures(week, about(week, *votes), [])

    assert (counted.satisfied.count, counted.satisfied.total) == (2, 3)


def test_an_answer_nobody_did_anything_with_is_silent() -> None:
    week = [exchange(0), exchange(1)]

    assert figures(week, about(week, did(SignalKind.COPY)), []).silent.count == 1


def test_latency_is_the_total_where_it_is_kept() -> None:
    week = [exchange(n) for n in range(3)]
    timed = [
        replace(one, answer=replace(one.answer, timings_ms={"total": ms, "search": 1.0}))
        for one, ms in zip(week, (100.0, 200.0, 900.0), strict=True)
    ]

    assert figures(timed, about(timed), []).median_ms == 200.0


def test_unanswered_questions_are_grouped_by_their_words() -> None:
    asked = [abstained(0, "Where is the bike room?"), abstained(1, "where is the BIKE room"), abstained(2, "Parking?")]

    assert unanswered(asked, PUBLIC)[0] == [Unanswered("where is the BIKE room", 2), Unanswered("Parking?", 1)]


@pytest.mark.parametrize("private", ["channel:C9", "user:U1"])
def test_a_question_asked_elsewhere_is_counted_and_not_quoted(private: str) -> None:
    asked = [abstained(0, "A secret?", frozenset({"public", private}))]

    assert unanswered(asked, frozenset({"public", "channel:C1"})) == ([], 1)


def test_a_question_of_the_report_s_own_channel_is_quoted() -> None:
    asked = [abstained(0, "Ours?", frozenset({"public", "channel:C1"}))]

    assert unanswered(asked, frozenset({"public", "channel:C1"}))[0] == [Unanswered("Ours?", 1)]


def test_every_answer_is_in_one_part_of_its_bar() -> None:
    day = [exchange(0), exchange(1), exchange(2), abstained(3, "?")]
    signals = about(day, did(YES, "ana", number=0), did(NO, "ana", number=1))

    assert bars(day, signals, timedelta(days=1)) == [Day(datetime(2026, 11, 2, tzinfo=UTC).date(), 1, 1, 1, 1)]


def test_weeks_begin_on_monday() -> None:
    days = [exchange(0), exchange(5 * 24)]

    (week,) = bars(days, about(days), timedelta(days=7))

    assert (week.first.isoformat(), week.silent) == ("2026-11-02", 2)


def test_the_first_days_of_january_may_belong_to_last_year_s_week() -> None:
    period, start, end = week_of(datetime(2027, 1, 2, 15, tzinfo=UTC))

    assert (period, start.isoformat(), (end - start).days) == ("2026-W53", "2026-12-28T00:00:00+00:00", 7)
