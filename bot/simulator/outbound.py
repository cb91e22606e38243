"""How the workspace reaches the app over HTTP: one signed post, one answer within the deadline.

    Shipment    what is sent: an event, an interaction or a slash command, with its retry number
    Reply       what came back; status 0 means nothing did, and `reason` says why

Signatures carry real time, not the workspace's: the app checks them against its own clock, which no test advances.
The Socket Mode side (`socketmode.py`) offers the same `send`.
"""

import http.client
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from bot.simulator import signing


class ShipmentKind(StrEnum):
    """What is sent, by Socket Mode's names."""

    EVENT = "events_api"
    INTERACTION = "interactive"
    COMMAND = "slash_commands"


@dataclass(frozen=True, slots=True)
class Shipment:
    """One attempt to deliver; `retry_reason` is empty on the first."""

    kind: ShipmentKind
    payload: dict[str, Any]
    retry_num: int = 0
    retry_reason: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The app's answer; `body` is decoded JSON, text, or None when it was empty."""

    status: int
    body: Any = None
    reason: str = ""
    no_retry: bool = False
    ms: int = 0

    @property
    def ok(self) -> bool:
        """Whether Slack counts this as acknowledged."""
        return 200 <= self.status < 300


class Sender(Protocol):
    """A way to reach the app."""

    def send(self, shipment: Shipment) -> Reply:
        """Send and wait for the answer, at most as long as Slack would."""


class HttpSender:
    """Posts to the app's request address."""

    def __init__(self, url: str, secret: str, ack_seconds: float) -> None:
        self._url = urlsplit(url)
        self._secret = secret
        self._ack_seconds = ack_seconds

    def send(self, shipment: Shipment) -> Reply:
        """Post the shipment and return what the app answered."""
        body, content_type = _encode(shipment)
        headers = signing.headers(self._secret, body, time.time())
        headers |= {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        if shipment.retry_num:
            headers |= {"X-Slack-Retry-Num": str(shipment.retry_num), "X-Slack-Retry-Reason": shipment.retry_reason}
        started = time.monotonic()
        try:
            status, kind, no_retry, raw = self._post(body, headers)
        except TimeoutError:
            return Reply(0, reason="http_timeout", ms=_ms(started))
        except (OSError, http.client.HTTPException):
            return Reply(0, reason="connection_failed", ms=_ms(started))
        ok = 200 <= status < 300
        return Reply(status, _decode(raw, kind), "" if ok else "http_error", no_retry, _ms(started))

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, bool, bytes]:
        secure = self._url.scheme == "https"
        connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = connect(self._url.hostname or "", self._url.port, timeout=self._ack_seconds)
        try:
            path = self._url.path or "/"
            connection.request("POST", f"{path}?{self._url.query}" if self._url.query else path, body, headers)
            answer = connection.getresponse()
            no_retry = answer.getheader("x-slack-no-retry", "") == "1"
            return answer.status, answer.getheader("content-type", ""), no_retry, answer.read()
        finally:
            connection.close()


def _encode(shipment: Shipment) -> tuple[bytes, str]:
    if shipment.kind == ShipmentKind.EVENT:
        return json.dumps(shipment.payload).encode(), "application/json"
    if shipment.kind == ShipmentKind.INTERACTION:
        return urlencode({"payload": json.dumps(shipment.payload)}).encode(), "application/x-www-form-urlencoded"
    return urlencode(shipment.payload).encode(), "application/x-www-form-urlencoded"


def _decode(raw: bytes, content_type: str) -> Any:
    text = raw.decode("utf-8", "replace").strip()
    if not text:
        return None
    if content_type.startswith("application/json"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
