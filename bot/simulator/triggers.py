"""The two kinds of short-lived permission Slack hands out with an interaction.

trigger_id      opens one modal within 3 seconds
response_url    takes up to 5 messages within 30 minutes
"""

import threading
from dataclasses import dataclass

from bot.simulator.clock import Clock
from bot.simulator.errors import SlackError
from bot.simulator.ids import Ids

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an interaction happened: who, in which conversation, on which message (if any)."""

    person: str
    channel: str = ""
    message_ts: str = ""
    thread_ts: str = ""
    is_ephemeral: bool = False
    view_id: str = ""


class Triggers:
    """The trigger ids given out."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._lock = threading.Lock()
        self._given: dict[str, tuple[Origin, float]] = {}
        self._spent: set[str] = set()

    def issue(self, origin: Origin) -> str:
        """Return a new trigger id."""
        trigger = f"{self._ids.fresh('', 10)}.{self._ids.fresh('', 10)}"
        with self._lock:
            self._given[trigger] = (origin, self._clock.seconds() + TRIGGER_SECONDS)
        return trigger

    def spend(self, trigger: str) -> Origin:
        """Use a trigger up; raises SlackError invalid_trigger_id, exchanged_trigger_id or expired_trigger_id."""
        with self._lock:
            if trigger not in self._given:
                raise SlackError("invalid_trigger_id")
            if trigger in self._spent:
                raise SlackError("exchanged_trigger_id")
            origin, until = self._given[trigger]
            if self._clock.seconds() > until:
                raise SlackError("expired_trigger_id")
            self._spent.add(trigger)
            return origin


class ResponseUrls:
    """The response urls given out, by their last path segment."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._lock = threading.Lock()
        self._given: dict[str, tuple[Origin, float]] = {}
        self._uses: dict[str, int] = {}

    def issue(self, origin: Origin) -> str:
        """Return a new token."""
        token = self._ids.fresh("", 24)
        with self._lock:
            self._given[token] = (origin, self._clock.seconds() + RESPONSE_SECONDS)
        return token

    def use(self, token: str) -> Origin:
        """Count one use; raises SlackError expired_url or used_url."""
        with self._lock:
            if token not in self._given or self._clock.seconds() > self._given[token][1]:
                raise SlackError("expired_url")
            if self._uses.get(token, 0) >= RESPONSE_USES:
                raise SlackError("used_url")
            self._uses[token] = self._uses.get(token, 0) + 1
            return self._given[token][0]
