"""How often Slack lets each of its methods be called, kept on our side, so that nothing runs into a refusal.

    bucket    one per method: it holds so many tokens, and each comes back so long after it was taken, so that no
              minute, whenever it begins, sees more calls than Slack allows
    held      Slack itself said when to come again, or that a method is not there at all

Source of the rates, per method and workspace: docs.slack.dev, rate limits (tier 2: 20 a minute, 3: 50, 4: 100).
Surprising: a bucket belongs to one process. Two processes together may still be refused, which `hold` takes in.
"""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

START, APPEND, STOP, UPDATE = "chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many calls may be made in any time as long as this."""

    calls: int
    within: timedelta = timedelta(minutes=1)


RATES: Mapping[str, Rate] = {
    START: Rate(20),
    STOP: Rate(20),
    UPDATE: Rate(50),
    APPEND: Rate(25, timedelta(seconds=15)),  # 100 a minute, of which no stream takes all at its beginning
}


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    at: datetime
    held_until: datetime
    taken: deque[datetime] = field(default_factory=deque)

    @property
    def free_at(self) -> datetime:
        """When there is a token: the oldest that was taken is the next to come back."""
        return max(self.held_until, self.taken[0] + self.rate.within if self.is_empty and self.taken else self.at)

    @property
    def is_empty(self) -> bool:
        """Whether all tokens are out."""
        return len(self.taken) >= self.rate.calls


class Buckets:
    """One bucket per method for one workspace."""

    def __init__(self, rates: Mapping[str, Rate] = RATES) -> None:
        """Start with full buckets."""
        self._rates = rates
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def take(self, now: datetime, *methods: str) -> bool:
        """Take one call of each method, or of none when one of them has to wait; tell which."""
        with self._lock:
            buckets = [self._filled(method, now) for method in methods]
            if any(one.is_empty or one.held_until > one.at for one in buckets):
                return False
            for one in buckets:
                one.taken.append(one.at)
            return True

    def free_at(self, now: datetime, method: str) -> datetime:
        """Return when the method may be called next; now, when it may be called at once."""
        with self._lock:
            return self._filled(method, now).free_at

    def hold(self, now: datetime, method: str, until: datetime) -> None:
        """Let nobody call a method before a time."""
        with self._lock:
            bucket = self._filled(method, now)
            bucket.held_until = max(until, bucket.held_until)

    def _filled(self, method: str, now: datetime) -> _Bucket:
        """Return the bucket as it is now, or when it was last looked at, if the clock was put back."""
        bucket = self._buckets.setdefault(method, _Bucket(self._rates[method], now, now))
        bucket.at = max(now, bucket.at)
        while bucket.taken and bucket.taken[0] + bucket.rate.within <= bucket.at:
            bucket.taken.popleft()
        return bucket
