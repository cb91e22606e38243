"""What people are called, asked of Slack and remembered for an hour. A name pings nobody; a mention would."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

FRESH_FOR = timedelta(hours=1)

_log = logging.getLogger(__name__)


class Names:
    """The names of a workspace's people."""

    def __init__(self, client: WebClient, now: Callable[[], datetime]) -> None:
        """Ask nothing yet."""
        self._client = client
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[str, tuple[datetime, str]] = {}

    def of(self, person: str) -> str:
        """Return a person's name; their id where Slack does not tell, which is not remembered."""
        with self._lock:
            known = self._known.get(person)
        if known is not None and known[0] > self._now():
            return known[1]
        try:
            user = self._client.users_info(user=person)["user"]
        except (SlackClientError, OSError, HTTPException) as error:
            _log.info("the name of %s is not known: %s", person, error)
            return person
        name = str(user.get("real_name") or user.get("name") or person)
        with self._lock:
            self._known[person] = (self._now() + FRESH_FOR, name)
        return name
