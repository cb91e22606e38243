"""Things that go wrong on purpose.

Fault             what happens to the next call of a Web API method ("*" for any)
DeliveryTrouble   how often deliveries to the app are doubled, lost or held back, each a probability in [0, 1]
PostLimiter       Slack's limit of about one message per second and channel
"""

import threading
from collections import deque
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Fault:
    """A prepared answer; with `lose_reply` the call takes effect and the connection breaks before the reply."""

    method: str
    status: int = 200
    error: str = ""
    retry_after: int = 0
    delay: float = 0.0
    lose_reply: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryTrouble:
    """Probabilities of delivering twice, never, or after a later event."""

    duplicate: float = 0.0
    drop: float = 0.0
    reorder: float = 0.0


class Faults:
    """Prepared faults, first in first out for each method."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: deque[Fault] = deque()

    def add(self, fault: Fault, times: int = 1) -> None:
        """Prepare a fault for the next `times` calls of its method."""
        with self._lock:
            self._queue.extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """Remove and return the next fault prepared for this method."""
        with self._lock:
            for fault in self._queue:
                if fault.method in (method, "*"):
                    self._queue.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """Forget what was prepared."""
        with self._lock:
            self._queue.clear()


class PostLimiter:
    """One message per second and channel, when switched on."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}

    def wait(self, channel: str, now: float) -> int:
        """Return 0 and count the message, or the whole seconds to wait before the next one."""
        if not self.on:
            return 0
        with self._lock:
            left = self._last.get(channel, now - 1.0) + 1.0 - now
            if left > 0:
                return max(1, ceil(left))
            self._last[channel] = now
            return 0
