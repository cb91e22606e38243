"""Tell when the wheel turns and gains nothing: whether it has nothing left to gain here, or not enough to see it by.

A turn *wins* when one of its challengers is let serve. The last four turns are looked at:

    winning    one of them won
    stalled    none won, and in each of them some challenger had enough held-out questions to be tested
    starving   none won, and they mostly had too little to test anything
    young      fewer than four turns, none of which won

A challenger could have won only with a difference as large as the gate could see (2.8 standard errors); how many more
held-out questions would have shown what it gained follows from that: n · (smallest visible / gain)².
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flywheel.store import turns
from flywheel.store.database import Session

TURNS = 4
WORTH_SEEING = 0.01
"""The least gain that is worth waiting for, in the challenger's metric."""
_LONG_AGO = timedelta(days=180)
_WON = frozenset({"released", "provisional"})


class State(StrEnum):
    """How the wheel fares."""

    WINNING = "winning"
    STALLED = "stalled"
    STARVING = "starving"
    YOUNG = "young"


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner's newest trial among the turns looked at: what it gained, what could have been seen, what it lacks.

    `missing` counts held-out questions that would show a gain as large as its own, at least `WORTH_SEEING`; 0 where
    there are enough. `heldout` is 0 where nothing was held out.
    """

    name: str
    heldout: int
    gain: float | None
    smallest: float | None
    missing: int | None
    is_tested: bool
    metric: str


@dataclass(frozen=True, slots=True)
class Stall:
    """What the last turns say; `turns` counts those looked at, `tested` those that could test anything."""

    state: State
    turns: int
    tested: int
    learners: tuple[Learner, ...]

    @property
    def nearest(self) -> Learner | None:
        """Return the learner that gains something and lacks the fewest questions to show it."""
        gaining = [one for one in self.learners if one.missing and one.gain is not None and one.gain > 0]
        return min(gaining, key=lambda one: (one.missing or 0, one.name), default=None)


def read(db: Session, seen: datetime) -> Stall:
    """Return how the wheel fared in its last turns before a moment."""
    finished = [one.evidence for one in turns.finished_between(db, seen - _LONG_AGO, seen)]
    return of([one.get("learners", {}) for one in finished])  # type: ignore[misc]


def of(history: Sequence[Mapping[str, Mapping[str, Any]]]) -> Stall:
    """Return how the wheel fares; `history` holds each turn's evidence by learner, oldest first."""
    last = history[-TURNS:]
    tested = sum(any(one.get("tested") for one in told.values()) for told in last)
    newest: dict[str, Mapping[str, Any]] = {}
    for told in last:
        newest.update({name: one for name, one in told.items() if one.get("challenger") is not None})
    learners = tuple(_learner(name, one) for name, one in sorted(newest.items()))
    return Stall(_state(last, tested), len(last), tested, learners)


def _state(last: Sequence[Mapping[str, Mapping[str, Any]]], tested: int) -> State:
    if any(one.get("decision") in _WON for told in last for one in told.values()):
        return State.WINNING
    if len(last) < TURNS:
        return State.YOUNG
    return State.STALLED if tested == len(last) else State.STARVING


def _learner(name: str, told: Mapping[str, Any]) -> Learner:
    heldout, smallest = int(told.get("n_heldout") or 0), told.get("smallest")
    gain = told.get("difference") if heldout else None
    return Learner(
        name, heldout, gain, smallest if heldout else None, _missing(heldout, smallest, gain), bool(told.get("tested")),
        str(told.get("metric", "")),
    )  # fmt: skip


def _missing(heldout: int, smallest: float | None, gain: float | None) -> int | None:
    if not heldout or not smallest:
        return None
    target = max(WORTH_SEEING, gain or 0.0)
    return max(0, math.ceil(heldout * (smallest / target) ** 2) - heldout)
