"""Whether a thread looks unresolved."""

from datetime import timedelta

import pytest

from flywheel.model import Signal, SignalKind
from flywheel.signals.unresolved import is_open, looks_unresolved
from tests.parts import MOMENT


def did(*acts: tuple[SignalKind, str]) -> list[Signal]:
    """Return acts of the asker, a minute apart, with what was said."""
    return [
        Signal(f"{n}", "a1", kind, "U2", MOMENT + timedelta(minutes=n), {"text": text} if text else {})
        for n, (kind, text) in enumerate(acts)
    ]


OPEN = [
    "That did not work for me.", "It still doesn't connect", "thanks, but it is still broken", "no luck",
    "And on Linux?", "same error as before", "it isn't working", "I'm stuck here",
]  # fmt: skip
SETTLED = ["Thanks, that works!", "Solved.", "works?", "I will tell Ana.", "Perfect, thank you", "Nice weather today"]


@pytest.mark.parametrize("text", OPEN)
def test_who_says_so_still_waits(text: str) -> None:
    assert is_open(text)


@pytest.mark.parametrize("text", SETTLED)
def test_who_says_this_does_not(text: str) -> None:
    assert not is_open(text)


def test_the_last_word_counts() -> None:
    talk = did((SignalKind.HUMAN_REPLY, "It does not work"), (SignalKind.HUMAN_REPLY, "Now it works, thanks"))

    assert not looks_unresolved(talk)


def test_a_yes_settles_it() -> None:
    assert not looks_unresolved(did((SignalKind.HUMAN_REPLY, "Really?"), (SignalKind.THUMBS_UP, "")))


def test_a_no_without_more_is_open() -> None:
    assert looks_unresolved(did((SignalKind.THUMBS_DOWN, "")))


def test_a_no_with_a_correction_is_taken_up() -> None:
    assert not looks_unresolved(did((SignalKind.THUMBS_DOWN, ""), (SignalKind.EDIT, "")))


def test_silence_says_nothing() -> None:
    assert not looks_unresolved([])
