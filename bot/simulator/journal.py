"""What went over the wire, for tests and for the page's inspector: calls to the Web API and deliveries to the app."""

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One Web API call; `at` is Unix seconds on the workspace's clock."""

    method: str
    args: dict[str, Any]
    ok: bool
    error: str
    at: float


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One attempt to reach the app; `status` is 0 when nothing answered in time."""

    kind: str
    type: str
    event_id: str
    status: int
    ack_ms: int
    retry_num: int
    reason: str
    at: float
    payload: dict[str, Any] = field(default_factory=dict)


class Journal:
    """A thread-safe list of calls and deliveries."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[CallRecord] = []
        self._deliveries: list[DeliveryRecord] = []

    def add_call(self, record: CallRecord) -> None:
        """Write a Web API call down."""
        with self._lock:
            self._calls.append(record)

    def add_delivery(self, record: DeliveryRecord) -> None:
        """Write a delivery attempt down."""
        with self._lock:
            self._deliveries.append(record)

    def calls(self, method: str = "") -> list[CallRecord]:
        """Return the calls so far, oldest first, of one method or of all."""
        with self._lock:
            return [record for record in self._calls if not method or record.method == method]

    def deliveries(self) -> list[DeliveryRecord]:
        """Return the delivery attempts so far, in the order they ended."""
        with self._lock:
            return list(self._deliveries)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._calls.clear()
            self._deliveries.clear()
