"""Which answers people are asked about: drawn by chance, or because somebody disagrees."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.review_sampling import PER_WEEK, disagreements, draw, route, sampled
from flywheel.model import SignalKind
from flywheel.store import expertise
from flywheel.store.ledger import Exchange
from tests.parts import MOMENT, StoppedClock, answered, make_core
from tests.unit.curation.exchanges import START, did, exchange, ledger

UP, DOWN = SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN
NOW = START + timedelta(days=2)


def routed(number: int, name: str) -> Exchange:
    made = exchange(number)
    return replace(made, answer=replace(made.answer, route={name: 0.8, "people": 0.1}))


def confident(value: float) -> tuple[Exchange, ...]:
    made = exchange()
    return (replace(made, answer=replace(made.answer, confidence=value)),)


def test_a_week_is_drawn_the_same_whatever_order_it_is_read_in() -> None:
    week = [routed(number, "documents") for number in range(50)]

    assert draw(week, "2026-W45") == draw(week[::-1], "2026-W45")
    assert len(draw(week, "2026-W45")) == PER_WEEK


def test_another_week_draws_others() -> None:
    week = [routed(number, "documents") for number in range(50)]

    assert draw(week, "2026-W45") != draw(week, "2026-W46")


def test_every_route_has_its_share_and_at_least_one() -> None:
    week = [routed(n, "documents") for n in range(70)] + [routed(n, "tables") for n in range(70, 98)]
    week += [routed(n, "code") for n in range(98, 100)]

    assert Counter(route(one.answer) for one in draw(week, "w")) == {"documents": 7, "tables": 2, "code": 1}


def test_a_quiet_week_is_drawn_whole() -> None:
    assert len(draw([routed(n, "documents") for n in range(4)], "w")) == 4


@pytest.mark.parametrize(
    ("votes", "confidence", "what"),
    [
        ((UP, DOWN), 0.5, "voters"),
        ((UP,), 0.3, "yes_without_confidence"),
        ((DOWN,), 0.9, "no_against_confidence"),
        ((UP,), 0.9, None),
        ((DOWN,), 0.5, None),
        ((), 0.1, None),
    ],
)
def test_votes_that_contradict_each_other_or_the_measure_are_put_up(
    votes: tuple[SignalKind, ...], confidence: float, what: str | None
) -> None:
    cast = [did(kind, person, minute=n) for n, (kind, person) in enumerate(zip(votes, ("ana", "ben"), strict=False))]
    found = disagreements(ledger(*cast, exchanges=confident(confidence)), NOW)

    assert [one.detail["what"] for one in found] == ([what] if what else [])


def test_a_person_in_quarantine_contradicts_nobody() -> None:
    book = ledger(did(UP, "ana"), did(DOWN, "ben"), exchanges=confident(0.5))

    assert disagreements(book, NOW, frozenset({"ben"})) == []


def test_old_disagreements_are_left_alone() -> None:
    book = ledger(did(UP, "ana"), did(DOWN, "ben"))

    assert disagreements(book, START + timedelta(days=60)) == []


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core in whose last week three answers were given in an open channel, and one in private."""
    clock = StoppedClock(MOMENT - timedelta(days=7))
    made = make_core(tmp_path, now=clock)
    for number in range(3):
        answered(made, f"a{number}", readers=("public", "channel:C1"))
    answered(made, "p1", readers=("public", "user:U1", "channel:C1"))
    with made.database.begin() as db:
        expertise.put_open_channels(db, ["C1"])
    return made


def test_last_week_s_answers_are_drawn_voted_on_or_not(core: Core) -> None:
    with core.database.read() as db:
        found = sampled(db, MOMENT)

    assert {one.answer_id for one in found} == {"a0", "a1", "a2"}
    assert {one.detail["week"] for one in found} == {"2026-W46"}


def test_this_week_is_not_drawn_before_it_is_over(core: Core) -> None:
    with core.database.read() as db:
        assert sampled(db, MOMENT - timedelta(days=7)) == []


def test_what_was_asked_in_private_is_never_drawn(core: Core) -> None:
    with core.database.read() as db:
        assert "p1" not in {one.answer_id for one in sampled(db, MOMENT)}
