"""How often Slack lets each of its methods be called, kept on our side, so that nothing runs into a refusal.

    bucket    one per method: it holds a quarter of a minute's worth and fills with the other three in a minute, so that
              no minute, whenever it begins, sees more calls than Slack allows
    held      Slack itself said when to come again, or that a method is not there at all

Source of the rates, per method and workspace: docs.slack.dev, rate limits (tier 2: 20 a minute, 3: 50, 4: 100).
Surprising: a bucket belongs to one process. Two processes together may still be refused, which `hold` takes in.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

START, APPEND, STOP, UPDATE = "chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"
PER_MINUTE: Mapping[str, int] = {START: 20, STOP: 20, UPDATE: 50, APPEND: 100}

_MINUTE = timedelta(minutes=1)
_AT_ONCE = 0.25


@dataclass(slots=True)
class _Bucket:
    level: float
    at: datetime
    held_until: datetime


class Buckets:
    """One bucket per method for one workspace."""

    def __init__(self, per_minute: Mapping[str, int] = PER_MINUTE) -> None:
        """Start with full buckets."""
        self._per_minute = per_minute
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def take(self, now: datetime, *methods: str) -> bool:
        """Take one call of each method, or of none when one of them has to wait; tell which."""
        with self._lock:
            buckets = [self._filled(method, now) for method in methods]
            if any(one.level < 1.0 or one.held_until > one.at for one in buckets):
                return False
            for one in buckets:
                one.level -= 1.0
            return True

    def free_at(self, now: datetime, method: str) -> datetime:
        """Return when the method may be called next; now, when it may be called at once."""
        with self._lock:
            bucket = self._filled(method, now)
            missing = max(0.0, 1.0 - bucket.level)
            return max(bucket.held_until, bucket.at + _MINUTE * (missing / self._filling(method)))

    def hold(self, now: datetime, method: str, until: datetime) -> None:
        """Let nobody call a method before a time."""
        with self._lock:
            bucket = self._filled(method, now)
            bucket.held_until = max(until, bucket.held_until)

    def _filled(self, method: str, now: datetime) -> _Bucket:
        most = self._per_minute[method] * _AT_ONCE
        bucket = self._buckets.setdefault(method, _Bucket(most, now, now))
        passed = max(timedelta(0), now - bucket.at)
        bucket.level = min(most, bucket.level + self._filling(method) * (passed / _MINUTE))
        bucket.at = max(now, bucket.at)
        return bucket

    def _filling(self, method: str) -> float:
        """Return how many calls a minute adds."""
        return self._per_minute[method] * (1 - _AT_ONCE)
