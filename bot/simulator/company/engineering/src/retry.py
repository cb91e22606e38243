"""Retry policy for calls between Tidewell services and from gateways.

Decision 0031: the caller retries, never the server. The waiting time is drawn at random from a growing interval
("full jitter"), because equal waiting times caused the ingest outage of 11 March 2026.
"""

import random
from dataclasses import dataclass

RETRYABLE_STATUS = frozenset({408, 429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to wait. Times are in seconds."""

    max_attempts: int = 6
    base: float = 0.5
    cap: float = 30.0

    def wait(self, attempt: int, rng: random.Random) -> float:
        """Return the seconds to wait before `attempt` (the first retry is attempt 1).

        The upper end doubles with each attempt, from `base` up to `cap`; the value is uniform between 0 and that end.
        """
        return rng.uniform(0.0, min(self.cap, self.base * 2 ** (attempt - 1)))

    def may_retry(self, attempt: int, status: int) -> bool:
        """Say whether a call that ended with HTTP `status` may be repeated.

        A 400 or 403 never becomes right by repetition, so only RETRYABLE_STATUS counts.
        """
        return attempt < self.max_attempts and status in RETRYABLE_STATUS


GATEWAY_SIGN_IN = RetryPolicy(max_attempts=12, base=2.0, cap=300.0)
"""Gateways wait up to five minutes: a quay without network is normal, a storm of sign-ins is not."""
