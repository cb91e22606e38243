"""The front door: what is let in, what it is called, and what is stored before it is acknowledged."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ingress import Fronts, Ingress, parse, recognise
from flywheel.store import jobs
from flywheel.store.database import Database
from flywheel.store.jobs import JobState
from tests.parts import MOMENT, StoppedClock, migrated_sqlite

SECRET = "s3cret"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
EVENT = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": "T1",
    "token": "old",
    "event": {"type": "app_mention", "channel": "C1", "ts": "1.2", "user": "U1", "text": "hi"},
}
CLICK = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1"},
    "container": {"message_ts": "1.2"},
    "actions": [{"action_id": "vote_yes", "action_ts": "5.5", "value": "a1"}],
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = migrated_sqlite(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def ingress(database: Database) -> Ingress:
    return made(database)


def made(database: Database, reply: tuple[int, str] = (200, "")) -> Ingress:
    return Ingress(
        database, Fronts(lambda _: reply, lambda _: None), lambda: None, StoppedClock(), signing_secret=SECRET
    )


def signed(raw: bytes, at: float = MOMENT.timestamp(), content_type: str = JSON) -> dict[str, str]:
    stamp = str(int(at))
    digest = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
    }


def post(ingress: Ingress, body: Mapping[str, Any]) -> int:
    raw = json.dumps(body).encode()
    return ingress.receive(raw, signed(raw))[0]


def ready(database: Database) -> list[jobs.Job]:
    with database.read() as db:
        return jobs.in_state(db, JobState.READY)


def test_a_signed_event_is_stored_as_a_job(ingress: Ingress, database: Database) -> None:
    assert post(ingress, EVENT) == 200

    assert [job.id for job in ready(database)] == ["answer:T1:C1:1.2"]


def test_slacks_old_token_is_not_stored(ingress: Ingress, database: Database) -> None:
    post(ingress, EVENT)

    assert "token" not in ready(database)[0].body


def test_the_same_event_again_is_one_job(ingress: Ingress, database: Database) -> None:
    assert [post(ingress, EVENT), post(ingress, EVENT)] == [200, 200]

    assert len(ready(database)) == 1


def test_the_message_beside_a_mention_is_the_same_job(ingress: Ingress, database: Database) -> None:
    post(ingress, EVENT)
    post(ingress, EVENT | {"event_id": "Ev2", "event": EVENT["event"] | {"type": "message"}})  # type: ignore[operator]

    assert len(ready(database)) == 1


def test_the_url_is_verified(ingress: Ingress) -> None:
    raw = json.dumps({"type": "url_verification", "challenge": "c"}).encode()

    assert ingress.receive(raw, signed(raw)) == (200, '{"challenge": "c"}')


@pytest.mark.parametrize(
    "change",
    [
        {"x-slack-request-timestamp": "abc"},
        {"x-slack-request-timestamp": "9" * 400},
        {"x-slack-request-timestamp": "-5"},
        {"x-slack-request-timestamp": "١٢٣"},
        {"x-slack-signature": "v0=é"},
        {"x-slack-signature": "v0=" + "0" * 64},
        {"x-slack-signature": ""},
    ],
)
def test_garbage_headers_are_refused(ingress: Ingress, change: dict[str, str]) -> None:
    raw = json.dumps(EVENT).encode()

    assert ingress.receive(raw, signed(raw) | change) == (401, "")


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_request_from_another_time_is_refused(ingress: Ingress, seconds: int) -> None:
    raw = json.dumps(EVENT).encode()

    assert ingress.receive(raw, signed(raw, MOMENT.timestamp() + seconds))[0] == 401


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"[1]", b"{", b"", b"[" * 100_000])
def test_a_signed_body_that_makes_no_sense_is_refused(ingress: Ingress, raw: bytes) -> None:
    assert ingress.receive(raw, signed(raw))[0] == 400


def test_a_body_above_a_megabyte_is_refused(ingress: Ingress) -> None:
    raw = b" " * 1_000_001

    assert ingress.receive(raw, signed(raw))[0] == 400


def test_without_a_secret_nothing_comes_in_by_http(database: Database) -> None:
    closed = Ingress(database, Fronts(lambda _: (200, ""), lambda _: None), lambda: None, StoppedClock())
    raw = json.dumps(EVENT).encode()

    assert closed.receive(raw, signed(raw))[0] == 401


def test_a_command_that_says_payload_is_a_command() -> None:
    raw = urlencode(
        {"command": "/ask", "text": "what is payload?", "payload": "{}", "channel_name": "payload"}
    ).encode()

    assert (parse(raw, FORM) or {})["text"] == "what is payload?"


def test_the_same_click_again_is_one_job(ingress: Ingress, database: Database) -> None:
    raw = urlencode({"payload": json.dumps(CLICK)}).encode()

    assert [ingress.receive(raw, signed(raw, content_type=FORM))[0] for _ in range(2)] == [200, 200]
    assert len(ready(database)) == 1


def test_a_form_with_errors_is_answered_and_not_stored(database: Database) -> None:
    refusing = made(database, (200, '{"response_action": "errors"}'))

    reply = refusing.accept(
        {"type": "view_submission", "view": {"id": "V1", "hash": "h", "callback_id": "f"}, "user": {"id": "U1"}}
    )
    assert (reply[1], ready(database)) == ('{"response_action": "errors"}', [])


def test_what_bots_write_is_dropped() -> None:
    assert recognise(EVENT | {"event": EVENT["event"] | {"bot_id": "B1"}}) is None  # type: ignore[operator]


@pytest.mark.parametrize("lost", ["channel", "ts"])
def test_a_message_that_does_not_say_where_it_stands_is_dropped(lost: str) -> None:
    event = {"type": "message", "channel": "C1", "ts": "1.2", "user": "U1"}

    assert recognise(EVENT | {"event": {name: value for name, value in event.items() if name != lost}}) is None


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_changed", "message": {"ts": "1.2", "text": "hi"}},
        {"subtype": "message_deleted", "deleted_ts": "1.2"},
        {"subtype": "message_deleted", "previous_message": {"ts": "1.2"}},
    ],
)
def test_an_edit_or_deletion_is_kept_when_it_names_its_message(event: dict[str, Any]) -> None:
    assert recognise(EVENT | {"event": {"type": "message", "channel": "C1"} | event}) is not None


@pytest.mark.parametrize("actions", [None, [], ["vote_yes"], "vote_yes"])
def test_a_click_on_nothing_is_dropped(actions: Any) -> None:
    assert recognise(CLICK | {"actions": actions}) is None


def test_a_click_without_a_time_happened_when_it_came(database: Database) -> None:
    made(database).accept(CLICK | {"actions": [{"action_id": "vote_yes", "value": "a1"}]})

    assert ready(database)[0].body["actions"][0]["action_ts"] == f"{MOMENT.timestamp():.6f}"


def test_a_reaction_without_a_time_happened_when_it_came(database: Database) -> None:
    made(database).accept(EVENT | {"event": {"type": "reaction_added", "user": "U1", "reaction": "+1"}})

    assert ready(database)[0].body["event"]["event_ts"] == f"{MOMENT.timestamp():.6f}"


@pytest.mark.parametrize("view", [None, "form", {"id": "V1"}])
def test_a_form_without_a_name_is_refused(ingress: Ingress, view: Any) -> None:
    assert post(ingress, {"type": "view_submission", "user": {"id": "U1"}, "view": view}) == 400


_JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_KEYS = st.sampled_from(["type", "event", "event_id", "actions", "user", "view", "team", "container", "command"])
_KINDS = st.sampled_from(["event_callback", "block_actions", "view_submission", "shortcut", "message"])


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(_KEYS, _JSON_VALUES | _KINDS, max_size=6))
def test_no_signed_body_makes_the_door_fail(ingress: Ingress, body: dict[str, Any]) -> None:
    assert post(ingress, body) in {200, 400}


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80), st.dictionaries(st.sampled_from(sorted(signed(b""))), st.text(max_size=20)))
def test_nothing_unsigned_comes_in(ingress: Ingress, raw: bytes, headers: dict[str, str]) -> None:
    assert ingress.receive(raw, headers)[0] == 401
