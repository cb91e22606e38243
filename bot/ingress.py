"""The one way in: verify, parse, persist, acknowledge. HTTP and Socket Mode share it.

    delivery     what Slack sent: an event, a command, a click, a form, a shortcut
    key          what makes a delivery the same delivery: the event id, or the natural key of an act
    natural key  `answer:{team}:{channel}:{ts}` for a message: a mention arrives twice, under two event ids

A delivery is committed, with the job that will handle it, before it is acknowledged. Bolt never sees the raw request:
its own verifier and parser fail on unsigned garbage and on commands that contain the word "payload". The front handler
answers what cannot wait (modals, form errors); everything else waits for a worker.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from bot.arrivals import Arrivals, Refusal
from flywheel.store import inbox, jobs
from flywheel.store.database import Database
from flywheel.store.jobs import NewJob

SLACK_JOB = "slack"
LARGEST_BODY = 1_000_000
CLOCK_SKEW_SECONDS = 300
"""How far a request's time may be from ours, either way (docs.slack.dev, verifying requests from Slack)."""

Reply = tuple[int, str]
"""A status and a JSON or empty body."""

_OK: Reply = (200, "")
_TIMESTAMP = re.compile(r"\d{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{1,12}(\.\d{1,9})?")
_MOST_FIELDS = 200
_LONGEST_KEY = 255
_EVENT_PRIORITY = 10
_ACT_PRIORITY = 20
_SLACKBOT = "USLACKBOT"
_MESSAGES = frozenset({"app_mention", "message"})
_NEW_MESSAGES = frozenset({"file_share", "thread_broadcast"})
_FORMS = frozenset({"view_submission"})
_ACTS = frozenset({"block_actions", "message_action", "shortcut"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery worth keeping."""

    key: str
    kind: str
    job: str
    priority: int


@dataclass(frozen=True, slots=True)
class Fronts:
    """What cannot wait for a worker: `form` answers a form while Slack waits, `act` opens modals beside the ack."""

    form: Callable[[Mapping[str, Any]], Reply]
    act: Callable[[Mapping[str, Any]], None]


class Ingress:
    """Takes what Slack delivers."""

    def __init__(
        self,
        database: Database,
        fronts: Fronts,
        wake: Callable[[], None],
        now: Callable[[], datetime],
        *,
        signing_secret: str | None = None,
    ) -> None:
        """Without a signing secret no HTTP request is accepted."""
        self._database = database
        self._fronts = fronts
        self._wake = wake
        self._now = now
        self._secret = signing_secret
        self.arrivals = Arrivals(database, now)

    def receive(self, raw: bytes, headers: Mapping[str, str]) -> Reply:
        """Take one HTTP request: 401 when it is not Slack's, 400 when it makes no sense."""
        if len(raw) > LARGEST_BODY:
            return 400, ""
        if not self._is_signed(raw, {name.lower(): value for name, value in headers.items()}):
            return 401, ""
        body = parse(raw, headers.get("content-type", ""))
        return (400, "") if body is None else self.accept(body)

    def accept(self, body: Mapping[str, Any]) -> Reply:
        """Take one parsed delivery. A database error is raised, so that Slack delivers again."""
        if _kind(body) == "url_verification":
            return 200, json.dumps({"challenge": str(body.get("challenge", ""))})
        self.arrivals.heard(body)
        if _kind(body) in _FORMS:
            return self._accept_form(body)
        delivery = recognise(body)
        body = _timed(body, self._now())
        if delivery is None or not self._keep(delivery, body):
            return _OK
        if delivery.priority == _ACT_PRIORITY:
            self._fronts.act(body)
        return _OK

    def _accept_form(self, body: Mapping[str, Any]) -> Reply:
        if not _is_form(body):
            return 400, ""
        body = {**body, "view": {"type": "modal", **_mapping(body, "view")}}  # Bolt fails on a form that does not say
        reply = self._fronts.form(body)
        delivery = recognise(body)
        if reply[0] == 200 and not reply[1] and delivery is not None:
            self._keep(delivery, body)
        return reply

    def _keep(self, delivery: Delivery, body: Mapping[str, Any]) -> bool:
        now = self._now()
        kept = {name: value for name, value in body.items() if name != "token"}
        with self._database.begin() as db:
            if not inbox.accept(db, delivery.key, delivery.kind, now):
                return False
            jobs.enqueue(db, NewJob(delivery.job, SLACK_JOB, kept, delivery.priority), now)
        self._wake()
        return True

    def _is_signed(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if self._secret is None or not _TIMESTAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
            return False
        is_timely = abs(self._now().timestamp() - int(stamp)) <= CLOCK_SKEW_SECONDS
        expected = hmac.new(self._secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
        is_ours = hmac.compare_digest(f"v0={expected}".encode(), signature.encode())
        if is_ours != is_timely:
            self.arrivals.refused(Refusal.CLOCK if is_ours else Refusal.SIGNATURE)
        return is_ours and is_timely


def parse(raw: bytes, content_type: str) -> dict[str, Any] | None:
    """Return the body of a request as an object, or None when it is none."""
    try:
        text = raw.decode("utf-8")
        if content_type.lower().startswith("application/json"):
            return _object(text)
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
        return _object(form["payload"]) if "payload" in form and "command" not in form else dict(form)
    except (ValueError, RecursionError):
        return None


def recognise(body: Mapping[str, Any]) -> Delivery | None:
    """Return what a delivery is and by what it is known, or None for what nobody here handles."""
    kind = _kind(body)
    if kind == "event_callback":
        return _event(body)
    if kind == "command":
        return _act(kind, body, str(body.get("trigger_id", "")))
    if kind in _FORMS:
        view = _mapping(body, "view")
        return _act(kind, body, f"{view.get('id')}:{view.get('hash')}")
    if kind in _ACTS and (kind != "block_actions" or _action(body)):
        return _act(kind, body, _click(body))
    return None


def natural_key(team: str, channel: str, ts: str) -> str:
    """Return the key of a message."""
    return f"answer:{team}:{channel}:{ts}"


def _event(body: Mapping[str, Any]) -> Delivery | None:
    event, event_id = _mapping(body, "event"), str(body.get("event_id", ""))
    kind, subtype = event.get("type"), event.get("subtype")
    if not event_id or not isinstance(kind, str) or _is_by_a_bot(event) or not _is_whole(event):
        return None
    job = f"event:{event_id}"
    if kind in _MESSAGES and (subtype is None or str(subtype) in _NEW_MESSAGES):
        job = natural_key(str(body.get("team_id")), str(event.get("channel")), str(event.get("ts")))
    return Delivery(_short(event_id), _short(kind)[:24], _short(job), _EVENT_PRIORITY)


def _is_by_a_bot(event: Mapping[str, Any]) -> bool:
    if event["type"] not in _MESSAGES:
        return False
    if event.get("user") == _SLACKBOT:
        return True
    about = event.get("message") or event.get("previous_message") or event
    return bool(event.get("bot_id") or (isinstance(about, Mapping) and about.get("bot_id")))


def _is_whole(event: Mapping[str, Any]) -> bool:
    """Tell whether a message says where and when it stands; nobody could answer one that does not."""
    if event["type"] not in _MESSAGES:
        return True
    about = {"message_changed": "message", "message_deleted": "previous_message"}.get(str(event.get("subtype")))
    ts = event.get("deleted_ts") or (_mapping(event, about) if about else event).get("ts")
    return isinstance(event.get("channel"), str) and isinstance(ts, str) and bool(_MOMENT.fullmatch(ts))


def _is_form(body: Mapping[str, Any]) -> bool:
    """Tell whether Bolt can read a form: it trusts these fields to be as Slack sends them."""
    view = _mapping(body, "view")
    named = [body.get(name) for name in ("team", "user", "enterprise")]
    return isinstance(view.get("callback_id"), str) and all(one is None or isinstance(one, Mapping) for one in named)


def _act(kind: str, body: Mapping[str, Any], moment: str) -> Delivery:
    team = _mapping(body, "team").get("id") or body.get("team_id")
    person = _mapping(body, "user").get("id") or body.get("user_id")
    key = _short(f"{kind}:{team}:{person}:{moment}")
    return Delivery(key, kind, key, _ACT_PRIORITY)


def _click(body: Mapping[str, Any]) -> str:
    action = _action(body)
    place = _mapping(body, "container").get("message_ts") or _mapping(body, "view").get("id") or body.get("message_ts")
    stamp = action.get("action_ts") or body.get("action_ts") or body.get("trigger_id")
    return f"{place}:{action.get('action_id') or body.get('callback_id')}:{stamp}"


def _timed(body: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Return a delivery that says when it happened. Slack's do; of those that do not, it happened now."""
    event, action, stamp = _mapping(body, "event"), _action(body), f"{now.timestamp():.6f}"
    if event and not event.get("event_ts"):
        return {**body, "event": {**event, "event_ts": event.get("ts") or stamp}}
    if action and not action.get("action_ts"):
        return {**body, "actions": [{**action, "action_ts": stamp}]}
    return body


def _action(body: Mapping[str, Any]) -> Mapping[str, Any]:
    actions = body.get("actions")
    return actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], Mapping) else {}


def _kind(body: Mapping[str, Any]) -> str:
    return str(body.get("type") or ("command" if body.get("command") else ""))


def _mapping(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _object(text: str) -> dict[str, Any] | None:
    value = json.loads(text)
    return value if isinstance(value, dict) else None


def _short(key: str) -> str:
    if len(key) <= _LONGEST_KEY and key.isprintable():
        return key
    return "hash:" + hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()
