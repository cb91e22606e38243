"""Mutated requests at `/slack/events`, through the whole HTTP application: none is a 5xx, none gets in unsigned."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from bot.api import Serving, create_api
from bot.app import FaceSettings, build
from bot.identity import Identity
from bot.outbox import slack_client
from flywheel.core import Core
from flywheel.store import counts
from tests.parts import MOMENT, make_core

SECRET = "the-signing-secret"
MUTATIONS = 1_000
_NOW = int(MOMENT.timestamp())
_JUNK: tuple[Any, ...] = (
    None, 0, -1, 1e308, "", "\x00", "\ud800", "💥" * 300, [], {}, [[]], {"id": []}, True, "9" * 400,
    "<!here>", {"ts": {}},
)  # fmt: skip
_HEADER_JUNK = (
    b"",
    b"0",
    b"abc",
    b"9" * 400,
    b"-1",
    b"1e9",
    b"\xff\xfe",
    b"v0=",
    b"v0=" + b"0" * 64,
    b"v1=" + b"a" * 64,
    b" ",
)
_MESSAGE = {"type": "message", "channel": "C1", "user": "U1", "ts": "1.2", "text": "hi?", "thread_ts": "1.1"}
_BODIES: tuple[dict[str, Any], ...] = (
    {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": _MESSAGE},
    {"type": "event_callback", "team_id": "T1", "event_id": "Ev2", "event": {"type": "app_mention", **_MESSAGE}},
    {"type": "event_callback", "event_id": "Ev3", "event": {"type": "message", "subtype": "message_changed",
     "channel": "C1", "ts": "1.3", "message": _MESSAGE, "previous_message": _MESSAGE}},
    {"type": "event_callback", "event_id": "Ev4", "event": {"type": "reaction_added", "user": "U1", "reaction": "+1",
     "item": {"type": "message", "channel": "C1", "ts": "1.2"}, "event_ts": "1.4"}},
    {"type": "url_verification", "challenge": "x"},
    {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.2.3", "response_url": "http://x/",
     "actions": [{"action_id": "vote_yes", "value": "a1", "action_ts": "1.2", "block_id": "vote"}], "container": {}},
    {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": {"id": "V1", "hash": "1.2",
     "callback_id": "correction_form", "private_metadata": "a1",
     "state": {"values": {"answer": {"text": {"value": "x"}}}}}},
    {"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1", "callback_id": "review_form", "state": {}}},
)  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """A raw request; `headers` are bytes, as they come off the wire."""

    raw: bytes
    headers: dict[bytes, bytes]


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def client(core: Core) -> Iterator[TestClient]:
    nowhere = slack_client("xoxb-test", "http://127.0.0.1:9/", timeout_seconds=1)
    bot = build(core, nowhere, FaceSettings(Identity("T1", "UBOT", "B1"), signing_secret=SECRET))
    api = create_api(Serving(core, "token", lambda _: None, dict, slack=bot.ingress.receive))
    yield TestClient(api, raise_server_exceptions=False)
    bot.stop()


def test_mutated_headers_and_bodies_never_get_in_without_a_signature(client: TestClient, core: Core) -> None:
    rng = Random(11)
    statuses = [sent(client, broken(rng)) for _ in range(MUTATIONS)]

    assert {status for status in statuses if status not in (400, 401, 413)} == set()
    assert accepted(core) == 0


def test_signed_nonsense_is_never_an_error_of_ours(client: TestClient) -> None:
    rng = Random(12)
    statuses = [sent(client, nonsense(rng)) for _ in range(MUTATIONS)]

    assert [status for status in statuses if status >= 500] == []


def test_a_delivery_is_taken_once_however_often_it_is_replayed(client: TestClient, core: Core) -> None:
    delivery = signed(json.dumps(_BODIES[0]).encode(), b"application/json")
    statuses = {sent(client, delivery) for _ in range(5)}

    assert (statuses, accepted(core)) == ({200}, 1)


@pytest.mark.parametrize("age", [-301, 301, -(10**9), 10**6])
def test_an_old_or_early_signature_is_refused(client: TestClient, age: int) -> None:
    assert sent(client, signed(json.dumps(_BODIES[0]).encode(), b"application/json", at=_NOW + age)) == 401


def signed(raw: bytes, content_type: bytes, at: int = _NOW, secret: str = SECRET) -> Delivery:
    """Sign as docs.slack.dev describes."""
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + raw, hashlib.sha256).hexdigest()
    return Delivery(
        raw,
        {
            b"content-type": content_type,
            b"x-slack-request-timestamp": str(at).encode(),
            b"x-slack-signature": f"v0={digest}".encode(),
        },
    )


def broken(rng: Random) -> Delivery:
    """Return a delivery whose signature does not fit."""
    good = signed(*encoded(rng, rng.choice(_BODIES)))
    how = rng.randrange(6)
    name = rng.choice([b"x-slack-request-timestamp", b"x-slack-signature"])
    if how == 0:
        return Delivery(good.raw, {key: value for key, value in good.headers.items() if key != name})
    if how == 1:
        return Delivery(good.raw, good.headers | {name: rng.choice(_HEADER_JUNK)})
    if how == 2:
        return Delivery(flipped(rng, good.raw), good.headers)
    if how == 3:
        return Delivery(good.raw, good.headers | {name: flipped(rng, good.headers[name])})
    if how == 4:
        return signed(good.raw, good.headers[b"content-type"], secret=rng.choice(["", SECRET[:-1], SECRET + "x"]))
    return Delivery(good.raw + rng.choice([b" ", b"\x00", b"&a=b", b"x" * 1_000_001]), good.headers)


def nonsense(rng: Random) -> Delivery:
    """Return a signed delivery in which something is not as Slack sends it."""
    body = json.loads(json.dumps(rng.choice(_BODIES)))
    for _ in range(rng.randint(1, 3)):
        spoil(rng, body)
    raw, content_type = encoded(rng, body)
    if rng.random() < 0.2:
        raw = rng.choice(
            [flipped(rng, raw), raw[: rng.randrange(len(raw))], b"[" * 5_000, b"null", b"payload=%ff", b""]
        )
    return signed(raw, rng.choice([content_type, content_type, b"text/plain", b"application/json; charset=x", b"\xff"]))


def spoil(rng: Random, body: dict[str, Any]) -> None:
    """Replace or drop one value somewhere."""
    place: Any = body
    while True:
        keys = list(place.keys()) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = rng.choice(keys)
        if not isinstance(place[key], dict | list) or rng.random() < 0.4:
            break
        place = place[key]
    if isinstance(place, dict) and rng.random() < 0.3:
        del place[key]
    else:
        place[key] = rng.choice(_JUNK)


def encoded(rng: Random, body: dict[str, Any]) -> tuple[bytes, bytes]:
    """Return a body as Slack sends it: JSON for events, a form for acts."""
    text = json.dumps(body)
    if body.get("type") in ("event_callback", "url_verification") or rng.random() < 0.2:
        return text.encode(), b"application/json"
    return urlencode({"payload": text}).encode(), b"application/x-www-form-urlencoded"


def flipped(rng: Random, raw: bytes) -> bytes:
    """Change one byte; a space becomes nothing that a header may not hold."""
    at = rng.randrange(len(raw))
    return raw[:at] + bytes([(raw[at] ^ rng.choice([1, 2, 4, 8])) or 33]) + raw[at + 1 :]


def sent(client: TestClient, delivery: Delivery) -> int:
    """Return the status of a request."""
    return client.post("/slack/events", content=delivery.raw, headers=list(delivery.headers.items())).status_code


def accepted(core: Core) -> float:
    """Return how many jobs there are."""
    with core.database.read() as db:
        return sum(counts.jobs_by_state(db).values())
