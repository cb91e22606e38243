"""What a look at one part of the installation found.

ok      it is well
hint    it works; something would make it better, or cannot be known yet
fault   it does not work, and the advice says what to do
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.settings import Settings


class Level(StrEnum):
    """How a part is."""

    OK = "ok"
    HINT = "hint"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and how it is; `advice` is one line, empty when it is well."""

    part: str
    state: str
    level: Level = Level.OK
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: the settings, the clock of this machine, and the least free disk in bytes."""

    settings: Settings
    now: Callable[[], datetime]
    least_free: int


Look = Callable[[Patient], Iterator[Finding]]


def fault(part: str, state: str, advice: str) -> Finding:
    """Return a finding of something that does not work."""
    return Finding(part, state, Level.FAULT, advice)


def hint(part: str, state: str, advice: str) -> Finding:
    """Return a finding of something that works and could be better."""
    return Finding(part, state, Level.HINT, advice)
