"""What the simulated Slack refuses, and how it says so.

    SlackError      a Web API call fails with one of Slack's error codes
    BadRequest      a person's action on the page or a test's control call makes no sense

Slack answers a failed call with HTTP 200 and `{"ok": false, "error": code}`; only rate limits use another status.
"""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """A Web API call was refused with `code`, one of Slack's error names."""

    def __init__(self, code: str, *, messages: Sequence[str] = (), extra: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.messages = tuple(messages)
        self.extra = dict(extra or {})


class BadRequest(Exception):
    """The page or a test asked for something impossible; `status` is the HTTP status to answer with."""

    def __init__(self, reason: str, *, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class RateLimited(SlackError):
    """Too many calls; the answer is HTTP 429 with `Retry-After` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after
