"""The test's hands: a simulated workspace, the real Web API client, a real Bolt app, and what it heard."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.simulator.install import AppInstall

PATIENCE_SECONDS = 15.0


@dataclass
class Slack:
    """A running simulator, reached from outside only."""

    url: str
    install: AppInstall
    client: WebClient

    def act(self, path: str, **body: Any) -> dict[str, Any]:
        """Do something through the control API and return the answer."""
        status, answer = self.try_to(path, **body)
        assert status == 200, answer
        return answer

    def try_to(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        """Do something that may be refused; returns the status and the answer."""
        renamed = {"as" if key == "by" else key: value for key, value in body.items()}
        status, answer = self.fetch(f"/sim/{path}", json.dumps(renamed).encode(), {"Content-Type": "application/json"})
        return status, dict(answer)

    def look(self, path: str) -> dict[str, Any]:
        """Return what the control API shows."""
        status, answer = self.fetch(f"/sim/{path}")
        assert status == 200, answer
        return dict(answer)

    def fetch(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """Make one request and return its status and decoded body."""
        request = urllib.request.Request(self.url + path, body, headers or {})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, _decode(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _decode(error.read())

    def say(self, by: str, channel: str, text: str, **more: Any) -> str:
        """Post as a person and return the timestamp."""
        return str(self.act("messages", by=by, channel=channel, text=text, **more)["ts"])

    def messages(self, by: str, channel: str) -> list[dict[str, Any]]:
        """Return a channel's messages as a person sees them."""
        return list(self.look(f"channels/{channel}/messages?as={by}")["messages"])

    def deliveries(self, kind: str = "") -> list[dict[str, Any]]:
        """Return the deliveries of one event type."""
        return [d for d in self.look("deliveries")["deliveries"] if not kind or d["type"] == kind]


@dataclass
class World:
    """A simulator with a Bolt app behind it; `heard` collects what the app's listeners saw."""

    slack: Slack
    app: App
    heard: list[dict[str, Any]] = field(default_factory=list)

    def hear(self, body: dict[str, Any]) -> None:
        """Keep a body for the test to look at."""
        self.heard.append(body)

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """Return what was heard once there are `count` bodies."""
        eventually(lambda: len(self.heard) >= count)
        return self.heard


def eventually(check: Callable[[], Any]) -> Any:
    """Return the first true answer of `check`; fails after a few seconds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        answer = check()
        if answer:
            return answer
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


def _decode(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")
