"""Outgoing messages. Each is a job, and each gets to Slack once.

    1. the message is stored as a job, in the unit of work that decided to say it
    2. `sending` is committed
    3. the call
    4. the place it stands at is stored

When an attempt ends between 2 and 4, the next one looks into the conversation for the job's key in the message
metadata before it posts again. Surprising: answers to a `response_url` cannot be looked for, so an unclear one is sent
again; only one person sees those.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.blocks.message import Message
from bot.blocks.picture import has_pictures
from bot.patience import REFUSED_BLOCKS, sent
from flywheel.errors import FlywheelError
from flywheel.store import answers, jobs
from flywheel.store.database import Database, Session
from flywheel.store.jobs import Job, NewJob

POST_JOB = "post"
TIMEOUT_SECONDS = 10
"""Longest wait for the Web API; a job's lease must be longer."""

_POST_PRIORITY = 30
_POST_INTERVAL = timedelta(seconds=1)
_BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNCLEAR = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_LOCKED_OUT = frozenset({"token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive"})
"""What an operator can mend while the message waits."""
_LOOKED_AT = 200
_EVENT_TYPE = "flywheel_answer"


class Paced(FlywheelError):
    """It is not this message's turn yet."""

    def __init__(self, run_at: datetime) -> None:
        super().__init__()
        self.run_at = run_at


class Refused(FlywheelError):
    """Slack said no and will say so again."""


class Unclear(FlywheelError):
    """The message may or may not have got through."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way, to a channel or thread, to a person, or to a `response_url` (seen by one person).

    `key` is its natural key. `answer_id` is the answer it shows. `asker` hears of it when it cannot be delivered.
    `traceparent` is the stage that said it.
    """

    key: str
    message: Message
    channel: str | None = None
    thread_ts: str | None = None
    person: str | None = None
    response_url: str | None = None
    replace: bool = False
    answer_id: str | None = None
    asker: str | None = None
    traceparent: str = ""


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

    def __init__(self, client: WebClient, database: Database, now: Callable[[], datetime]) -> None:
        """Use a client made by `slack_client`: a client that retries by itself posts twice."""
        self._client = client
        self._database = database
        self._now = now
        self._pacer = Pacer()

    def send(self, job: Job) -> Mapping[str, Any]:
        """Send a job's message and return where it stands: {channel, ts}, or nothing for a `response_url`.

        Raises:
            Paced: later; nothing was sent.
            Refused: never; Slack's error is the message.
            Unclear: the next attempt must look first.
            StaleLease: another worker has the job.
        """
        outgoing = _outgoing(job)
        if outgoing.response_url:
            return self._respond(outgoing, outgoing.response_url)
        channel = outgoing.channel or self._direct_channel(outgoing)
        ts = self._find(channel, outgoing) if job.sending else None
        if ts is None:
            self._pacer.take(channel, self._now())
            with self._database.begin() as db:
                jobs.mark_sending(db, job)
            ts = self._post(channel, outgoing)
        if outgoing.answer_id:
            with self._database.begin() as db:
                answers.mark_posted(db, outgoing.answer_id, channel, ts)
        return {"channel": channel, "ts": ts}

    def _post(self, channel: str, outgoing: Outgoing) -> str:
        def send(message: Message) -> Any:
            return self._client.chat_postMessage(
                channel=channel,
                thread_ts=outgoing.thread_ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata={"event_type": _EVENT_TYPE, "event_payload": _marks(outgoing)},
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
        opened = self._call(outgoing.person, lambda: self._client.conversations_open(users=outgoing.person or ""))
        return str(opened["channel"]["id"])

    def _respond(self, outgoing: Outgoing, url: str) -> Mapping[str, Any]:
        webhook = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[])

        def send(message: Message) -> Any:
            answer = webhook.send_dict(_response(replace(outgoing, message=message)))
            if answer.status_code == 400 and REFUSED_BLOCKS in answer.body and has_pictures(message):
                raise SlackApiError(REFUSED_BLOCKS, {"error": REFUSED_BLOCKS})  # type: ignore[no-untyped-call]
            return answer

        try:
            answered = sent(send, outgoing.message, self._database)
        except (OSError, HTTPException) as error:
            raise Unclear(f"{type(error).__name__}: {error}") from error
        if answered.status_code == 429:
            raise Paced(self._now() + _seconds(answered.headers))
        if answered.status_code >= 500:
            raise Unclear(f"response_url answered {answered.status_code}")
        if answered.status_code >= 400:
            raise Refused(f"response_url answered {answered.status_code}: {answered.body[:100]}")
        return {}

    def _call(self, channel: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except (SlackClientError, OSError, HTTPException) as error:
            translated = translate(error, self._now())
            if isinstance(translated, Paced):
                self._pacer.hold(channel, translated.run_at)
            raise translated from error


def slack_client(token: str, api_url: str, timeout_seconds: int = TIMEOUT_SECONDS) -> WebClient:
    """Return a client that fails at once and never posts again by itself."""
    base_url = api_url if api_url.endswith("/") else f"{api_url}/"
    return WebClient(token=token, base_url=base_url, timeout=timeout_seconds, retry_handlers=[])


def translate(error: Exception, now: datetime) -> Paced | Refused | Unclear:
    """Say what a failed call to Slack means for the job that made it."""
    if not isinstance(error, SlackApiError):
        return Unclear(f"{type(error).__name__}: {error}")
    response: Any = error.response
    name, status, headers = str(response.get("error") or error), *_status(response)
    if status == 429 or name in _BUSY:
        return Paced(now + _seconds(headers))
    was_slack = status >= 400 or name.isidentifier()  # what is no JSON the SDK tells in a sentence
    return Unclear(name) if status >= 500 or not was_slack or name in _UNCLEAR | _LOCKED_OUT else Refused(name)


def put(db: Session, outgoing: Outgoing, now: datetime) -> bool:
    """Store a message to be sent; return False when its key was stored before."""
    body = asdict(outgoing)
    return jobs.enqueue(db, NewJob(f"post:{outgoing.key}", POST_JOB, body, _POST_PRIORITY), now)


def _outgoing(job: Job) -> Outgoing:
    body = dict(job.body)
    stored = body.pop("message")
    return Outgoing(message=Message(stored["text"], tuple(stored["blocks"])), **body)


def _response(outgoing: Outgoing) -> dict[str, Any]:
    body = {
        "text": outgoing.message.text,
        "blocks": list(outgoing.message.blocks),
        "response_type": "ephemeral",
        "replace_original": outgoing.replace,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return body | ({"thread_ts": outgoing.thread_ts} if outgoing.thread_ts else {})


def _shows(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """Tell whether a posted message is this one: by its mark, or by its words where the server keeps no metadata."""
    metadata = message.get("metadata")
    if metadata:
        return bool(metadata.get("event_payload", {}).get("key") == outgoing.key)
    return bool(message.get("bot_id")) and message.get("text") == outgoing.message.text


def _marks(outgoing: Outgoing) -> dict[str, str]:
    return {"key": outgoing.key, **({"answer": outgoing.answer_id} if outgoing.answer_id else {})}


def _status(response: Any) -> tuple[int, Mapping[str, Any]]:
    """Return the HTTP status and headers of a refusal; the SDK gives a plain dict where the body was no JSON."""
    if isinstance(response, dict):
        return int(response.get("status", 500)), response.get("headers") or {}
    return int(response.status_code), response.headers


def _seconds(headers: Mapping[str, Any]) -> timedelta:
    lowered = {str(name).lower(): value for name, value in headers.items()}
    value = lowered.get("retry-after", "1")
    text = str(value[0] if isinstance(value, list) else value)
    return timedelta(seconds=int(text) if text.isdigit() else 1)
