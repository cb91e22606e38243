"""What arrived lately: by which name it is kept, how often, and what a refusal says."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.arrivals import EVERY, START, Arrivals, Refusal, kind_of, last
from bot.ingress import Fronts, Ingress
from flywheel.store import marks
from flywheel.store.database import Database
from tests.parts import MOMENT, StoppedClock, migrated_sqlite


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = migrated_sqlite(tmp_path)
    yield opened
    opened.close()


def event(**fields: Any) -> dict[str, Any]:
    return {"type": "event_callback", "event": fields}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (event(type="message", channel_type="im"), "message.im"),
        (event(type="message", channel_type="group"), "message.groups"),
        (event(type="message"), ""),
        (event(type="app_mention", channel="C1"), "app_mention"),
        (event(type="x" * 51), ""),
        (event(type="two words"), ""),
        ({"command": "/ask"}, "command"),
        ({"type": "block_actions", "actions": []}, "block_actions"),
        ({"type": "whatever"}, ""),
    ],
)
def test_a_delivery_is_called_as_in_the_manifest(body: dict[str, Any], kind: str) -> None:
    assert kind_of(body) == kind


def test_the_moment_of_a_kind_is_kept(database: Database) -> None:
    Arrivals(database, StoppedClock()).heard(event(type="app_mention"))

    assert last(database, "app_mention") == MOMENT


def test_what_never_arrived_has_no_moment(database: Database) -> None:
    Arrivals(database, StoppedClock()).heard(event(type="app_mention"))

    assert last(database, "message.im") is None


def test_a_kind_is_written_at_most_once_in_ten_minutes(database: Database) -> None:
    clock = StoppedClock()
    arrivals = Arrivals(database, clock)
    arrivals.heard(event(type="app_mention"))
    clock.advance(EVERY - timedelta(seconds=1))
    arrivals.heard(event(type="app_mention"))

    assert last(database, "app_mention") == MOMENT


def test_a_kind_is_written_again_after_ten_minutes(database: Database) -> None:
    clock = StoppedClock()
    arrivals = Arrivals(database, clock)
    arrivals.heard(event(type="app_mention"))
    clock.advance(EVERY)
    arrivals.heard(event(type="app_mention"))

    assert last(database, "app_mention") == MOMENT + EVERY


def test_every_start_counts(database: Database) -> None:
    clock = StoppedClock()
    arrivals = Arrivals(database, clock)
    arrivals.started()
    clock.advance(timedelta(seconds=1))
    arrivals.started()

    assert last(database, START) == MOMENT + timedelta(seconds=1)


def test_a_refusal_is_kept_by_its_reason(database: Database) -> None:
    Arrivals(database, StoppedClock()).refused(Refusal.SIGNATURE)

    assert (last(database, Refusal.SIGNATURE.value), last(database, Refusal.CLOCK.value)) == (MOMENT, None)


def test_nothing_of_what_was_said_is_kept(database: Database) -> None:
    Arrivals(database, StoppedClock()).heard(event(type="message", channel_type="im", text="secret", user="U1"))
    with database.read() as db:
        kept = marks.find(db, "arrival:message.im")

    assert kept == f"{MOMENT.timestamp():.6f}"


@pytest.mark.parametrize(
    ("late", "secret", "why"),
    [(0, "wrong", Refusal.SIGNATURE), (301, "right", Refusal.CLOCK), (301, "wrong", None), (0, "right", None)],
)
def test_a_refused_request_is_kept_when_one_thing_alone_is_wrong(
    database: Database, late: int, secret: str, why: Refusal | None
) -> None:
    fronts = Fronts(lambda _: (200, ""), lambda _: None)
    ingress = Ingress(database, fronts, lambda: None, StoppedClock(), signing_secret="right")
    stamp = str(int(MOMENT.timestamp()) - late)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{{}}".encode(), hashlib.sha256).hexdigest()
    ingress.receive(b"{}", {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"})

    assert {one for one in Refusal if last(database, one.value)} == ({why} if why else set())


def test_garbage_from_elsewhere_is_not_kept(database: Database) -> None:
    fronts = Fronts(lambda _: (200, ""), lambda _: None)
    Ingress(database, fronts, lambda: None, StoppedClock(), signing_secret="right").receive(b"{}", {})

    assert not any(last(database, one.value) for one in Refusal)
