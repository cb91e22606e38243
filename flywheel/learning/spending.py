"""Spend a year's error probability over its tries, so that turning the wheel often releases nothing by luck.

A *try* is one challenger of a *slot* that was tested: its p-value was compared with a level. The n-th try since a
release of the slot that still stands has the level

    level(n) = BUDGET · n^-1.5 / ζ(1.5)        .0191, .0068, .0037, .0024, … .0006 for the 10th, .00005 for the 52nd

The levels of a series add up to less than `BUDGET`. So the probability that a champion is replaced by something no
better, over all tries against it, is at most `BUDGET` whatever the tries have in common (Bonferroni's inequality); and
tries do have much in common, since next week's questions are largely this week's. A release that stands begins a new
series, because it is a new champion that is challenged: over a year, at most 5 % of (releases + 1) are expected to
be false (mFDR: Foster and Stine, 2008, "α-investing"; a falling series as in Javanmard and Montanari, 2018).

Surprising: a try that could not have passed, whatever the signs of its differences, costs nothing (`gate.py`): whether
it could depends on the sizes of the differences alone, on which the sign-flip test conditions anyway. And the same
challenger on the same snapshot is no new try.
"""

from collections.abc import Sequence
from dataclasses import dataclass

BUDGET = 0.05
"""The probability of releasing something no better, over all tries against one champion."""
FALL = 1.5
"""How fast the levels fall: fast enough to leave .019 for a first try, slowly enough to leave something for a later
one. Of 100 simulated years with ten or thirty new held-out questions a week, 2 to 4 replaced a champion by something no
better, where 5 % a try replaced 41 to 43; of years with ten a week, a true gain of 0.04 was found in 70, one of 0.08 in
all, after four weeks at the median (`python -m tests.benchmarks.gate`)."""
NEWS = 200
"""A slot is tried again when its held-out questions have grown by half since the last try, or by so many: trying every
week on nearly the same questions would spend the levels on nothing new."""
_ZETA = 2.612375348685488
"""ζ(1.5), the sum of n^-1.5 over all n."""


@dataclass(frozen=True, slots=True)
class Try:
    """A challenger that was tested, `challenger` its release's id, on the data that `snapshot` names.

    `stands` tells whether it was released and has not been rolled back since; `n` counts its held-out questions.
    """

    slot: str
    challenger: str
    snapshot: str
    stands: bool = False
    n: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """The level that a p-value must stay below, and the number of the try, counted from 1, of a slot.

    `due` is the number of held-out questions from which on the slot is tried at all.
    """

    number: int = 1
    level: float = BUDGET / _ZETA
    slot: str = ""
    due: int = 0

    def too_soon(self, n: int) -> str:
        """Return why n held-out questions are no reason to try again, or nothing."""
        if n >= self.due:
            return ""
        return (
            f"{n} held-out questions are hardly more than the last try had; the next one waits for {self.due}, because "
            "each try makes the following ones stricter."
        )


def level(number: int) -> float:
    """Return the level of the n-th try since the last release, counted from 1."""
    return float(BUDGET * number**-FALL / _ZETA)


def allowance(past: Sequence[Try], slot: str, challenger: str, snapshot: str) -> Allowance:
    """Return what a challenger may spend; `past` holds the tested ones of former turns, oldest first.

    One that was tested on this very snapshot before, in this series, has the level it had then.
    """
    tested: dict[tuple[str, str], int] = {}
    most = 0
    for one in past:
        if one.slot != slot:
            continue
        if one.stands:
            tested, most = {}, 0
        else:
            tested.setdefault((one.challenger, one.snapshot), len(tested) + 1)
            most = max(most, one.n)
    known = tested.get((challenger, snapshot))
    if known is not None:
        return Allowance(known, level(known), slot)
    return Allowance(len(tested) + 1, level(len(tested) + 1), slot, most + min(most // 2, NEWS))
