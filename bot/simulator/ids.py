"""Names of things: Slack's message timestamps and its prefixed identifiers.

A `ts` is both the time and the identity of a message: Unix seconds with six decimals, never given twice.
Other identifiers come from the injected random generator, so that a restarted demo does not repeat the last run's.
"""

import threading
from datetime import datetime
from random import Random

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MICROSECONDS = 1_000_000


class Ids:
    """A thread-safe source of timestamps and identifiers."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._last = 0
        self._lock = threading.Lock()

    def ts(self, now: datetime) -> str:
        """Return a fresh message timestamp at or just after `now`."""
        with self._lock:
            self._last = max(int(now.timestamp() * _MICROSECONDS), self._last + 1)
            return f"{self._last // _MICROSECONDS}.{self._last % _MICROSECONDS:06d}"

    def fresh(self, prefix: str, length: int = 9) -> str:
        """Return `prefix` followed by `length` random capitals and digits."""
        with self._lock:
            return prefix + "".join(self._rng.choices(_ALPHABET, k=length))

    def chance(self) -> float:
        """Return a random number in [0, 1)."""
        with self._lock:
            return self._rng.random()

    def reseed(self, rng: Random) -> None:
        """Use another random generator from now on."""
        with self._lock:
            self._rng = rng
