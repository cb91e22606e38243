"""Outgoing messages. Each is a job, and each gets to Slack once.

    1. the message is stored as a job, in the unit of work that decided to say it
    2. `sending` is committed
    3. the call
    4. the place it stands at is stored

When an attempt ends between 2 and 4, the next one looks into the conversation for the job's key in the message
metadata before it posts again. Where a message was opened for the answer while it was being written, the answer takes
its place instead of being posted. Surprising: answers to a `response_url` cannot be looked for, so an unclear one is
sent again; only one person sees those.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot import finishing, opened
from bot.blocks.message import Message
from bot.buckets import STOP, UPDATE, Buckets
from bot.calling import TIMEOUT_SECONDS, Paced, Refused, Unclear, slack_client, translate
from bot.opened import Opened, State
from bot.outgoing import POST_JOB, Outgoing, put, stored
from bot.patience import sent
from bot.responding import respond
from flywheel.store import answers, jobs
from flywheel.store.database import Database
from flywheel.store.jobs import Job, JobState

__all__ = [
    "POST_JOB", "TIMEOUT_SECONDS", "Outbox", "Outgoing", "Paced", "Pacer", "Refused", "Unclear", "put",
    "slack_client", "translate",
]  # fmt: skip

_POST_INTERVAL = timedelta(seconds=1)
_TURN = timedelta(seconds=0.3)
"""How soon the next part of a long message looks again whether the one before it has been sent."""
_LOOKED_AT = 200
_EVENT_TYPE = "flywheel_answer"


class Pacer:
    """Lets one message a second through to each channel (docs.slack.dev, rate limits of chat.postMessage)."""

    def __init__(self) -> None:
        """Start with every channel free."""
        self._lock = threading.Lock()
        self._free_at: dict[str, datetime] = {}

    def take(self, channel: str, now: datetime) -> None:
        """Take the channel's next place. Raises Paced, with the time to come again, when it is not free."""
        with self._lock:
            free_at = self._free_at.get(channel, now)
            if free_at > now:
                raise Paced(free_at)
            self._free_at[channel] = now + _POST_INTERVAL

    def hold(self, channel: str, until: datetime) -> None:
        """Let nothing through to a channel before a time."""
        with self._lock:
            self._free_at[channel] = max(until, self._free_at.get(channel, until))


class Outbox:
    """Sends outgoing messages."""

    def __init__(
        self, client: WebClient, database: Database, now: Callable[[], datetime], buckets: Buckets | None = None
    ) -> None:
        """Use a client made by `slack_client`: a client that retries by itself posts twice."""
        self._client = client
        self._database = database
        self._now = now
        self._pacer = Pacer()
        self._buckets = buckets or Buckets()

    def send(self, job: Job) -> Mapping[str, Any]:
        """Send a job's message and return where it stands: {channel, ts}, or nothing for a `response_url`.

        Raises:
            Paced: later; nothing was sent.
            Refused: never; Slack's error is the message.
            Unclear: the next attempt must look first.
            StaleLease: another worker has the job.
        """
        outgoing = stored(job)
        if outgoing.after:
            self._wait_for(outgoing.after)
        if outgoing.response_url:
            respond(outgoing, outgoing.response_url, self._database, self._now())
            return {}
        if outgoing.instead_of and self._got_through(outgoing.instead_of):
            return {}
        channel = outgoing.channel or self._direct_channel(outgoing)
        ts = self._finish(job, outgoing) or self._send(job, channel, outgoing)
        if outgoing.answer_id:
            with self._database.begin() as db:
                answers.mark_posted(db, outgoing.answer_id, channel, ts)
        return {"channel": channel, "ts": ts}

    def has_sent(self, job: Job) -> bool:
        """Tell whether an earlier attempt got a job's message through, as far as Slack can say.

        Raises:
            Paced, Refused, Unclear: as `send` does.
        """
        outgoing = stored(job)
        return outgoing.channel is not None and self._find(outgoing.channel, outgoing) is not None

    def _got_through(self, job_id: str) -> bool:
        """Tell whether a message that was given up stands after all, and note where; no, where Slack hides it."""
        with self._database.read() as db:
            given_up = jobs.find(db, job_id)
        if given_up is None or not given_up.sending:
            return False
        original = stored(given_up)
        try:
            ts = self._find(original.channel, original) if original.channel else None
        except Refused:
            return False
        if ts is not None and original.channel and original.answer_id:
            with self._database.begin() as db:
                answers.mark_posted(db, original.answer_id, original.channel, ts)
        return ts is not None

    def _wait_for(self, job_id: str) -> None:
        with self._database.read() as db:
            earlier = jobs.find(db, job_id)
        if earlier is not None and earlier.state is JobState.DEAD:
            raise Refused(earlier.error or "the part before it could not be posted")
        if earlier is not None and earlier.state is not JobState.DONE:
            raise Paced(self._now() + _TURN)

    def _send(self, job: Job, channel: str, outgoing: Outgoing) -> str:
        ts = self._find(channel, outgoing) if job.sending else None
        if ts is not None:
            return ts
        self._pacer.take(channel, self._now())
        with self._database.begin() as db:
            jobs.mark_sending(db, job)
        return self._post(channel, outgoing)

    def _finish(self, job: Job, outgoing: Outgoing) -> str | None:
        """Put a message into the place of the one that was opened for it, and return that; None where there is none."""
        question = outgoing.finishes
        if question is None:
            return None
        with self._database.read() as db:
            begun = opened.find(db, question)
        if begun is None or begun.state is State.GONE:
            return None
        where = self._call(begun.channel, partial(finishing.located, self._client, begun, self._database))
        is_kept = bool(where.ts) and self._replace(where, outgoing)
        with self._database.begin() as db:
            jobs.heartbeat(db, job, self._now() + timedelta(seconds=TIMEOUT_SECONDS))
            opened.settle(db, question, where, State.DONE if is_kept else State.GONE)
        if is_kept and outgoing.answer_id is None:
            finishing.clear_status(self._client, where)
        return where.ts if is_kept else None

    def _replace(self, begun: Opened, outgoing: Outgoing) -> bool:
        now = self._now()
        if not self._buckets.take(now, STOP, UPDATE):
            raise Paced(max(self._buckets.free_at(now, method) for method in (STOP, UPDATE)))
        metadata = _metadata(outgoing)

        def replace_all(message: Message) -> bool:
            return finishing.replaced(self._client, begun, message, metadata)

        if not self._call(begun.channel, lambda: finishing.end_stream(self._client, begun)):
            return False
        return bool(self._call(begun.channel, lambda: sent(replace_all, outgoing.message, self._database)))

    def _post(self, channel: str, outgoing: Outgoing) -> str:
        def send(message: Message) -> Any:
            return self._client.chat_postMessage(
                channel=channel,
                thread_ts=outgoing.thread_ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata=_metadata(outgoing),
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )

        return str(self._call(channel, lambda: sent(send, outgoing.message, self._database))["ts"])

    def _find(self, channel: str, outgoing: Outgoing) -> str | None:
        cursor = ""
        while True:
            page = self._page(channel, outgoing.thread_ts, cursor)
            for message in page["messages"]:
                if _shows(message, outgoing):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor or outgoing.thread_ts is None:
                return None

    def _page(self, channel: str, thread_ts: str | None, cursor: str) -> Any:
        wanted: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": _LOOKED_AT}
        if cursor:
            wanted["cursor"] = cursor
        if thread_ts is None:
            return self._call(channel, lambda: self._client.conversations_history(**wanted))
        return self._call(channel, lambda: self._client.conversations_replies(ts=thread_ts, **wanted))

    def _direct_channel(self, outgoing: Outgoing) -> str:
        if not outgoing.person:
            raise Refused("the message has no destination")
        opened_dm = self._call(outgoing.person, lambda: self._client.conversations_open(users=outgoing.person or ""))
        return str(opened_dm["channel"]["id"])

    def _call(self, channel: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except (SlackClientError, OSError, HTTPException) as error:
            translated = translate(error, self._now())
            if isinstance(translated, Paced):
                self._pacer.hold(channel, translated.run_at)
            raise translated from error


def _metadata(outgoing: Outgoing) -> dict[str, Any]:
    return {"event_type": _EVENT_TYPE, "event_payload": _marks(outgoing)}


def _shows(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """Tell whether a posted message is this one: by its mark, or by its words where the server keeps no metadata."""
    metadata = message.get("metadata")
    if metadata:
        return bool(metadata.get("event_payload", {}).get("key") == outgoing.key)
    return bool(message.get("bot_id")) and message.get("text") == outgoing.message.text


def _marks(outgoing: Outgoing) -> dict[str, str]:
    return {"key": outgoing.key, **({"answer": outgoing.answer_id} if outgoing.answer_id else {})}
