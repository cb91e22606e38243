"""One live vote per person: the last one."""

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flywheel.model import Signal, SignalKind
from flywheel.signals.record import record
from flywheel.signals.votes import VOTE, live_votes, votes
from tests.parts import MOMENT, make_core

UP, DOWN = SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN
ADDED, REMOVED = SignalKind.REACTION_ADDED, SignalKind.REACTION_REMOVED
THUMB = {"reaction": "+1", VOTE: "up"}
THUMB_DOWN = {"reaction": "-1", VOTE: "down"}

Act = tuple[SignalKind, str, dict[str, str]]


def ledger(*acts: tuple[SignalKind, str] | Act) -> list[Signal]:
    """Return signals in order, each given as (kind, person) or (kind, person, detail)."""
    full = [(*act, {})[:3] for act in acts]
    return [
        Signal(str(n), "a1", kind, person, MOMENT + timedelta(seconds=n), detail)
        for n, (kind, person, detail) in enumerate(full)
    ]


def test_nobody_has_voted_on_a_new_answer() -> None:
    assert live_votes([]) == {}


def test_each_person_has_one_vote() -> None:
    assert live_votes(ledger((UP, "U1"), (DOWN, "U2"), (UP, "U1"))) == {"U1": True, "U2": False}


def test_the_last_vote_counts() -> None:
    assert live_votes(ledger((UP, "U1"), (DOWN, "U1"))) == {"U1": False}


def test_a_reaction_that_means_a_vote_is_one() -> None:
    assert live_votes(ledger((ADDED, "U1", THUMB), (ADDED, "U2", THUMB_DOWN))) == {"U1": True, "U2": False}


def test_a_reaction_that_means_nothing_is_no_vote() -> None:
    assert live_votes(ledger((ADDED, "U1", {"reaction": "eyes"}))) == {}


def test_taking_the_reaction_away_takes_the_vote_away() -> None:
    assert live_votes(ledger((ADDED, "U1", THUMB), (REMOVED, "U1", THUMB))) == {}


def test_taking_away_another_reaction_changes_nothing() -> None:
    taken = {"reaction": "eyes"}

    assert live_votes(ledger((ADDED, "U1", THUMB), (REMOVED, "U1", taken))) == {"U1": True}


def test_a_button_pressed_since_outlives_the_reaction() -> None:
    assert live_votes(ledger((ADDED, "U1", THUMB), (DOWN, "U1"), (REMOVED, "U1", THUMB))) == {"U1": False}


def test_taking_a_reaction_away_leaves_the_votes_of_others() -> None:
    both = ledger((ADDED, "U1", THUMB), (ADDED, "U2", THUMB), (REMOVED, "U1", THUMB))

    assert live_votes(both) == {"U2": True}


def test_taking_the_later_of_two_reactions_away_leaves_the_earlier_one() -> None:
    both = ledger((ADDED, "U1", THUMB), (ADDED, "U1", THUMB_DOWN), (REMOVED, "U1", THUMB_DOWN))

    assert live_votes(both) == {"U1": True}


def test_other_signals_are_no_votes() -> None:
    others = [kind for kind in SignalKind if kind not in {UP, DOWN}]

    assert live_votes(ledger(*((kind, "U1") for kind in others))) == {}


@given(st.lists(st.tuples(st.sampled_from([UP, DOWN]), st.sampled_from(["U1", "U2", "U3"]))))
def test_of_buttons_alone_the_last_press_of_each_person_counts(acts: list[tuple[SignalKind, str]]) -> None:
    assert live_votes(ledger(*acts)) == {person: kind is UP for kind, person in acts}


def test_a_button_counts_again_when_a_later_reaction_is_taken_away() -> None:
    assert live_votes(ledger((UP, "U1"), (ADDED, "U1", THUMB_DOWN), (REMOVED, "U1", THUMB_DOWN))) == {"U1": True}


def test_votes_are_read_from_the_ledger(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    for signal in ledger((UP, "U1"), (DOWN, "U2"), (UP, "U2")):
        record(core, signal)

    assert votes(core, "a1") == {"U1": True, "U2": True}
    assert votes(core, "a2") == {}
