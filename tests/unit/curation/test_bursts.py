"""An alarm rings for floods and not for busy days."""

import time
from datetime import timedelta

from flywheel.curation.bursts import Burst, alarms, tail
from flywheel.model import Signal, SignalKind
from tests.unit.curation.exchanges import START


def vote(person: str, answer: int, day: int, minute: int = 0, kind: SignalKind = SignalKind.THUMBS_UP) -> Signal:
    at = START + timedelta(days=day, minutes=minute)
    return Signal(f"{person}{answer}{day}{minute}{kind}", f"a{answer}", kind, person, at)


def usual_week(each: int = 4) -> list[Signal]:
    """Return a week in which ten persons vote on different answers each day."""
    return [
        vote(f"U{person}", 1_000 * day + 10 * person + number, day)
        for day in range(7)
        for person in range(10)
        for number in range(each)
    ]


def rung(*signals: Signal) -> list[tuple[Burst, str]]:
    return [(one.kind, one.subject) for one in alarms(signals)]


def test_an_ordinary_week_is_quiet() -> None:
    assert rung(*usual_week()) == []


def test_one_person_who_votes_fifty_times_a_day_rings() -> None:
    flood = [vote("mallory", 90_000 + number, 3) for number in range(50)]

    assert rung(*usual_week(), *flood) == [(Burst.PERSON, "mallory")]


def test_somebody_who_always_votes_much_does_not() -> None:
    much = [vote("keen", 90_000 + 100 * day + number, day) for day in range(1, 7) for number in range(18)]
    first = [vote("keen", 80_000 + number, 0) for number in range(10)]

    assert rung(*usual_week(8), *first, *much) == []


def test_many_votes_on_one_answer_ring() -> None:
    crowd = [vote(f"sock{number}", 5, 3) for number in range(20)]

    assert (Burst.ANSWER, "a5") in rung(*usual_week(), *crowd)


def test_many_changed_votes_ring() -> None:
    before = [vote(f"U{number}", 100 + number, 1) for number in range(40)]
    one_flip = vote("U0", 100, 2, kind=SignalKind.THUMBS_DOWN)
    flips = [vote(f"U{number}", 100 + number, 3, kind=SignalKind.THUMBS_DOWN) for number in range(1, 40)]

    assert (Burst.FLIPS, "everybody") in rung(*usual_week(), *before, one_flip, *flips)


def test_alarms_of_days_gone_by_are_left_out() -> None:
    flood = [vote("mallory", 90_000 + number, 3) for number in range(50)]

    assert alarms([*usual_week(), *flood], since=(START + timedelta(days=4)).date()) == []


def test_votes_on_ten_thousand_answers_take_no_time() -> None:
    many = [vote(f"U{number % 500}", number, number % 30) for number in range(10_000)]
    began = time.perf_counter()

    assert rung(*many) == []
    assert time.perf_counter() - began < 3.0


def test_the_tail_is_that_of_a_poisson_variable() -> None:
    assert abs(tail(3, 1.0) - 0.0803) < 1e-4
