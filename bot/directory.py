"""Who is where, asked of Slack and remembered for five minutes; member events cut that short.

Deny by default: somebody Slack does not know, and everybody while Slack does not answer, is in no channel. A failure is
not remembered.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from flywheel.store import members
from flywheel.store.database import Database

FRESH_FOR = timedelta(minutes=5)

_log = logging.getLogger(__name__)
_TYPES = "public_channel,private_channel"
_PAGE = 200


class SlackDirectory:
    """The `Directory` of a real workspace; what it learns is also stored, for questions from outside Slack."""

    def __init__(self, client: WebClient, database: Database, now: Callable[[], datetime]) -> None:
        """Ask nothing yet."""
        self._client = client
        self._database = database
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._changes = 0

    def channels_of(self, person: str) -> frozenset[str]:
        """Return the ids of the channels whose members include this person."""
        with self._lock:
            known, changes = self._known.get(person), self._changes
        if known is not None and known[0] > self._now():
            return known[1]
        asked_at = self._now()
        try:
            channels = self._ask(person)
        except (SlackClientError, OSError, HTTPException) as error:
            _log.warning("the channels of %s are not known, so none count: %s", person, error)
            return frozenset()
        with self._lock:
            if changes == self._changes:  # else it may have been answered before somebody left
                self._known[person] = (asked_at + FRESH_FOR, channels)
        with self._database.begin() as db:
            members.replace(db, person, channels, asked_at)
        return channels

    def forget(self, person: str) -> None:
        """Ask again next time: the person has joined or left something."""
        with self._lock:
            self._changes += 1
            self._known.pop(person, None)

    def _ask(self, person: str) -> frozenset[str]:
        found: set[str] = set()
        cursor = ""
        while True:
            page = self._client.users_conversations(
                user=person, types=_TYPES, exclude_archived=True, limit=_PAGE, cursor=cursor or None
            )
            found.update(str(channel["id"]) for channel in page["channels"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return frozenset(found)
