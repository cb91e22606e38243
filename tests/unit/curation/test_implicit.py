"""What people only do weighs as much as it has foretold of what they say."""

from datetime import timedelta

import pytest

from flywheel.curation.implicit import FIRST, MOST, PAIRS, Behaviour, distance, quick_returns, weights
from flywheel.model import Signal, SignalKind
from flywheel.store.ledger import Ledger
from tests.unit.curation.exchanges import START, did, exchange, ledger

ANSWERS = 4 * PAIRS


def world(kind: SignalKind, *, helped_with: int, helped_without: int, of: int = ANSWERS) -> Ledger:
    """Return a ledger of `of` answers: half of them with a behaviour, of every 10 so many helpful with and without."""
    acts = []
    for number in range(of):
        shown, part = number % 2 == 0, (number // 2) % 10
        helped = part < (helped_with if shown else helped_without)
        acts.append(did(SignalKind.THUMBS_UP if helped else SignalKind.THUMBS_DOWN, "ana", number=number, minute=2))
        if shown:
            acts.append(did(kind, "ben", number=number))
    return ledger(*acts, exchanges=tuple(exchange(number) for number in range(of)))


def weight(kind: SignalKind, **shares: int) -> float:
    return weights(world(kind, **shares))[kind.value].value


def test_what_foretells_votes_weighs_almost_as_much_as_one() -> None:
    assert weight(SignalKind.COPY, helped_with=10, helped_without=1) > 0.9 * MOST


def test_what_foretells_nothing_weighs_nothing() -> None:
    assert weight(SignalKind.COPY, helped_with=5, helped_without=5) == 0.0


def test_what_foretells_the_opposite_weighs_nothing() -> None:
    assert weight(SignalKind.COPY, helped_with=2, helped_without=8) == 0.0


def test_a_complaint_is_expected_to_foretell_a_no() -> None:
    assert weight(SignalKind.FOLLOW_UP, helped_with=2, helped_without=8) > 0.3
    assert weight(SignalKind.FOLLOW_UP, helped_with=8, helped_without=2) == 0.0


def test_before_there_are_votes_enough_the_first_weights_hold() -> None:
    few = weights(world(SignalKind.COPY, helped_with=0, helped_without=10, of=PAIRS))

    assert few["copy"].value == FIRST[Behaviour.COPY]
    assert few["copy"].pairs == PAIRS / 2


def test_acts_of_people_in_quarantine_teach_nothing() -> None:
    made = weights(world(SignalKind.COPY, helped_with=10, helped_without=0), ignored=frozenset({"ana"}))

    assert made["copy"].pairs == 0


def click(second: float, passage_id: str) -> Signal:
    at = START + timedelta(seconds=second)
    return Signal(f"c{second}", "a0", SignalKind.CITATION_CLICK, "ana", at, {"passage_id": passage_id})


def test_a_click_left_within_seconds_is_a_quick_return() -> None:
    assert quick_returns([click(0, "p1"), click(8, "p2")]) == {"c0"}


def test_a_click_stayed_with_is_none() -> None:
    assert quick_returns([click(0, "p1"), click(90, "p2")]) == frozenset()


def test_the_same_source_opened_twice_was_not_left() -> None:
    assert quick_returns([click(0, "p1"), click(8, "p1")]) == frozenset()


@pytest.mark.parametrize(("after", "changed"), [("abcd", 0.0), ("wxyz", 1.0)])
def test_an_edit_is_as_large_as_what_it_changed(after: str, changed: float) -> None:
    assert distance("abcd", after) == changed
