"""What reached the bot lately, by kind, so that `flywheel doctor` can tell what does not.

    kind      an event by its name in a manifest (`message.im`, `app_mention`), or an act (`command`, `block_actions`)
    refusal   a request that was not accepted: `signature` (another secret signed it) or `clock` (its time is not ours)
    start     when the bot last began to listen

Kept as marks, one for each kind, written at most once in `EVERY`: a moment says "about then", never who or what.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from flywheel.store import marks
from flywheel.store.database import Database

EVERY = timedelta(minutes=10)
_PREFIX = "arrival:"
START = "start"
_LONGEST = 50
_ACTS = frozenset({"command", "block_actions", "view_submission", "message_action", "shortcut"})
_MESSAGE_KINDS = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}


class Refusal(StrEnum):
    """Why a request was not accepted."""

    SIGNATURE = "refused:signature"
    CLOCK = "refused:clock"


class Arrivals:
    """Keeps when each kind last arrived. Safe to share between threads."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Remember nothing yet."""
        self._database = database
        self._now = now
        self._noted: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def started(self) -> None:
        """Note that the bot begins to listen."""
        self._put(START, self._now())

    def heard(self, body: Mapping[str, Any]) -> None:
        """Note a delivery by its kind."""
        kind = kind_of(body)
        if kind:
            self._note(kind)

    def refused(self, why: Refusal) -> None:
        """Note a refusal."""
        self._note(why.value)

    def _note(self, name: str) -> None:
        now = self._now()
        with self._lock:
            noted = self._noted.get(name)
        if noted is not None and now - noted < EVERY:
            return
        self._put(name, now)
        with self._lock:
            self._noted[name] = now

    def _put(self, name: str, moment: datetime) -> None:
        with self._database.begin() as db:
            marks.put(db, _PREFIX + name, f"{moment.timestamp():.6f}")


def last(database: Database, kind: str) -> datetime | None:
    """Return about when a kind last arrived (up to `EVERY` too early), None where it never did."""
    with database.read() as db:
        kept = marks.find(db, _PREFIX + kind)
    return datetime.fromtimestamp(float(kept), UTC) if kept else None


def kind_of(body: Mapping[str, Any]) -> str:
    """Return what a delivery is called; empty for what has no name of ours."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        kind = str(body.get("type") or ("command" if body.get("command") else ""))
        return kind if kind in _ACTS else ""
    kind = str(event.get("type", ""))
    if kind == "message":
        return _MESSAGE_KINDS.get(str(event.get("channel_type")), "")
    return kind if kind.replace("_", "").isalnum() and len(kind) <= _LONGEST else ""
