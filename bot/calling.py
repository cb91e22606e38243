"""Calls to Slack, and what it means for a job when one fails."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from flywheel.errors import FlywheelError, MembersUnknown

TIMEOUT_SECONDS = 10
"""Longest wait for the Web API; a job's lease must be longer."""

_BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNCLEAR = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_LOCKED_OUT = frozenset({"token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive"})
"""What an operator can mend while the message waits."""


class Paced(FlywheelError):
    """It is not this message's turn yet."""

    def __init__(self, run_at: datetime) -> None:
        super().__init__()
        self.run_at = run_at


class Refused(FlywheelError):
    """Slack said no and will say so again."""


class Unclear(FlywheelError):
    """The message may or may not have got through."""


def slack_client(token: str, api_url: str, timeout_seconds: int = TIMEOUT_SECONDS) -> WebClient:
    """Return a client that fails at once and never posts again by itself."""
    base_url = api_url if api_url.endswith("/") else f"{api_url}/"
    return WebClient(token=token, base_url=base_url, timeout=timeout_seconds, retry_handlers=[])


def translate(error: Exception, now: datetime) -> Paced | Refused | Unclear:
    """Say what a failed call to Slack means for the job that made it."""
    if isinstance(error, MembersUnknown) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    if not isinstance(error, SlackApiError):
        return Unclear(f"{type(error).__name__}: {error}")
    response: Any = error.response
    name, status, headers = str(response.get("error") or error), *_status(response)
    if status == 429 or name in _BUSY:
        return Paced(now + seconds(headers))
    was_slack = status >= 400 or name.isidentifier()  # what is no JSON the SDK tells in a sentence
    return Unclear(name) if status >= 500 or not was_slack or name in _UNCLEAR | _LOCKED_OUT else Refused(name)


def _status(response: Any) -> tuple[int, Mapping[str, Any]]:
    """Return the HTTP status and headers of a refusal; the SDK gives a plain dict where the body was no JSON."""
    if isinstance(response, dict):
        return int(response.get("status", 500)), response.get("headers") or {}
    return int(response.status_code), response.headers


def seconds(headers: Mapping[str, Any]) -> timedelta:
    """Return how long to wait before the next try (the header Retry-After); a second where nothing is said."""
    lowered = {str(name).lower(): value for name, value in headers.items()}
    value = lowered.get("retry-after", "1")
    text = str(value[0] if isinstance(value, list) else value)
    return timedelta(seconds=int(text) if text.isdigit() else 1)
