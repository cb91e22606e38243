"""Finds what Slack never delivered: reads the history of the bot's conversations since the last look.

A mention or direct message that nobody delivered becomes a job under its natural key, so what was delivered is not
done twice. What is older than an hour is only listed, as a `late` job: nobody waits for an answer to it any more.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.history import STEP_JOB, TOLD_JOB
from bot.identity import Identity
from bot.ingress import SLACK_JOB, natural_key
from bot.inviting import AGAIN_JOB
from bot.noting import DAY_JOB
from bot.outbox import POST_JOB
from flywheel.store import inbox, jobs, marks
from flywheel.store.database import Database
from flywheel.store.jobs import JobState, NewJob

EVERY_SECONDS = 600.0
LATE_AFTER = timedelta(hours=1)

_log = logging.getLogger(__name__)
_TYPES = "public_channel,private_channel,im,mpim"
_PAGE = 200
_OVERLAP = timedelta(minutes=2)
_FORGET_AFTER = timedelta(days=30)
_KEYS_KEPT = timedelta(days=8)
_PLACES_KEPT = timedelta(days=90)  # where review messages stand must be known until somebody decides
_PASSING = ("opened:", "opened-at:", "owed:", "stopped:", "pointed:", "edited:")
"""Marks of what is under way with a message; a month later nobody asks for them. Others, such as those of muted threads
and deleted messages, stay."""
_NEW = frozenset({None, "file_share", "thread_broadcast"})


def _ignore(_channel: str, _message: Mapping[str, Any]) -> None:
    """Take no notice."""


class Sweep:
    """Looks at start, every ten minutes, and when told to. Every new message is handed to `found`, missed or not."""

    def __init__(
        self,
        client: WebClient,
        database: Database,
        identity: Identity,
        now: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        """Look at nothing yet."""
        self._client = client
        self._database = database
        self._identity = identity
        self._now = now
        self._wake = wake
        self.found: Callable[[str, Mapping[str, Any]], None] = _ignore
        self._stopping = threading.Event()
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End after the conversation that is being looked at."""
        self._stopping.set()
        self._wanted.set()

    def soon(self) -> None:
        """Look again without waiting: a line was cut, and what was sent meanwhile may be lost."""
        self._wanted.set()

    def once(self) -> int:
        """Look through all conversations and return how many messages had been missed.

        A conversation seen for the first time is looked at from one hour ago.
        """
        missed = 0
        for channel in self._conversations():
            if self._stopping.is_set():
                break
            missed += self._look_at(channel)
        self._forget_old()
        if missed:
            _log.warning("%d messages were never delivered; found in the history", missed)
            self._wake()
        return missed

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.clear()
            try:
                self.once()
            except (SlackClientError, OSError, HTTPException) as error:
                _log.warning("the sweep stopped early and goes on next time: %s", error)
            except Exception:  # noqa: BLE001 - the last resort of a thread
                _log.exception("the sweep failed and is tried again")
            self._wanted.wait(EVERY_SECONDS)

    def _forget_old(self) -> None:
        now = self._now()
        with self._database.begin() as db:
            inbox.prune(db, now - _KEYS_KEPT)
            for kind in (SLACK_JOB, DAY_JOB, STEP_JOB, TOLD_JOB, AGAIN_JOB):
                jobs.prune(db, kind, now - _KEYS_KEPT)
            jobs.prune(db, POST_JOB, now - _PLACES_KEPT)
            marks.prune(db, _PASSING, now - _FORGET_AFTER)

    def _conversations(self) -> Iterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            page = self._client.users_conversations(
                types=_TYPES, exclude_archived=True, limit=_PAGE, cursor=cursor or None
            )
            yield from page["channels"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def _look_at(self, channel: Mapping[str, Any]) -> int:
        started, name = self._now(), f"sweep:{channel['id']}"
        with self._database.read() as db:
            mark = marks.find(db, name)
        since = float(mark) if mark else (started - LATE_AFTER).timestamp()
        missed = 0
        for message in self._messages(str(channel["id"]), since):
            self.found(str(channel["id"]), message)
            missed += self._take(channel, message)
        with self._database.begin() as db:
            marks.put(db, name, f"{(started - _OVERLAP).timestamp():.6f}")
        return missed

    def _messages(self, channel: str, since: float) -> Iterator[Mapping[str, Any]]:
        oldest_root = (self._now() - _FORGET_AFTER).timestamp()
        for message in self._pages(channel, oldest=min(since, self._now().timestamp() - LATE_AFTER.total_seconds())):
            if float(message["ts"]) > since:
                yield message
            if float(message.get("latest_reply") or 0) > max(since, oldest_root):
                replies = self._pages(channel, oldest=since, thread=str(message["ts"]))
                yield from (reply for reply in replies if reply["ts"] != message["ts"] and float(reply["ts"]) > since)

    def _pages(self, channel: str, *, oldest: float, thread: str | None = None) -> Iterator[Mapping[str, Any]]:
        wanted: dict[str, Any] = {"channel": channel, "oldest": f"{oldest:.6f}", "limit": _PAGE}
        while True:
            if thread is None:
                page: Any = self._client.conversations_history(**wanted)
            else:
                page = self._client.conversations_replies(ts=thread, **wanted)
            yield from page["messages"]
            wanted["cursor"] = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not wanted["cursor"]:
                return

    def _take(self, channel: Mapping[str, Any], message: Mapping[str, Any]) -> bool:
        direct = bool(channel.get("is_im"))
        named = f"<@{self._identity.user}" in str(message.get("text", ""))
        if self._identity.wrote(message) or message.get("subtype") not in _NEW or not (direct or named):
            return False
        ts, now = str(message["ts"]), self._now()
        kind = {"type": "message", "channel_type": "im"} if direct else {"type": "app_mention"}
        if channel.get("is_mpim"):
            kind["channel_type"] = "mpim"
        event = {**message, **kind, "channel": channel["id"], "event_ts": ts}
        body = {"type": "event_callback", "team_id": self._identity.team, "event": event}
        late = now.timestamp() - float(ts) > LATE_AFTER.total_seconds()
        job = NewJob(
            id=natural_key(self._identity.team, str(channel["id"]), ts),
            kind=SLACK_JOB,
            body=body,
            state=JobState.LATE if late else JobState.READY,
        )
        with self._database.begin() as db:
            return jobs.enqueue(db, job, now)
