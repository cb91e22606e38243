"""The workspace's clock: real or injected time that a test can push forward.

Waiting happens on this clock too, so a retry that is due in five minutes runs at once when somebody advances it.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

_LONGEST_NAP_SECONDS = 1.0


class Clock:
    """Time that goes on by itself (as `now` does) and jumps when told to."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._source = now
        self._ahead = timedelta(0)
        self._moved = threading.Condition()

    def now(self) -> datetime:
        """Return the workspace's time."""
        return self._source() + self._ahead

    def seconds(self) -> float:
        """Return the workspace's time as Unix seconds."""
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        """Jump `seconds` forward and wake everybody who waits; raises ValueError below zero."""
        if seconds < 0:
            raise ValueError("time only goes forward")
        with self._moved:
            self._ahead += timedelta(seconds=seconds)
            self._moved.notify_all()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until `seconds` have passed on this clock; False when `stop` was set first."""
        due = self.seconds() + seconds
        with self._moved:
            while not stop.is_set():
                left = due - self.seconds()
                if left <= 0:
                    return True
                self._moved.wait(min(left, _LONGEST_NAP_SECONDS))
        return False

    def wake(self) -> None:
        """Let every waiting thread look at its stop flag again."""
        with self._moved:
            self._moved.notify_all()
