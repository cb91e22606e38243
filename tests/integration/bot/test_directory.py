"""Who is where, from Slack: remembered for five minutes, cut short by events, denied on errors."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.directory import SlackDirectory
from bot.outbox import slack_client
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from flywheel.store import members
from tests.integration.bot.world import People, install_at, utc_now
from tests.parts import StoppedClock, migrated_sqlite


class Office:
    """A workspace, and a directory of it with a clock of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.people = People(url)
        self.clock = StoppedClock()
        self.database = migrated_sqlite(folder)
        client = slack_client("xoxb-simulator", f"{url}/api/", timeout_seconds=2)
        self.directory = SlackDirectory(client, self.database, self.clock)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with running(Workspace.small(utc_now), install_at("http://127.0.0.1:9/")) as url:
        opened = Office(url, tmp_path)
        yield opened
        opened.database.close()


def test_a_person_is_where_slack_says(office: Office) -> None:
    assert office.directory.channels_of("U3") >= {"C1", "C3"}


def test_slack_is_asked_once_in_five_minutes(office: Office) -> None:
    office.directory.channels_of("U3")
    office.directory.channels_of("U3")

    assert len(office.people.calls("users.conversations")) == 1


def test_what_is_older_is_asked_again(office: Office) -> None:
    office.directory.channels_of("U3")
    office.clock.advance(timedelta(minutes=5))
    office.directory.channels_of("U3")

    assert len(office.people.calls("users.conversations")) == 2


def test_a_member_event_ends_what_is_remembered(office: Office) -> None:
    office.directory.channels_of("U3")
    office.people.act("channels/leave", by="U3", channel="C3")
    office.directory.forget("U3")

    assert "C3" not in office.directory.channels_of("U3")


def test_an_error_denies_and_is_not_remembered(office: Office) -> None:
    office.people.act("faults", method="users.conversations", times=1, error="internal_error")

    assert office.directory.channels_of("U3") == frozenset()
    assert office.directory.channels_of("U3") >= {"C1", "C3"}


def test_an_unknown_person_is_nowhere(office: Office) -> None:
    assert office.directory.channels_of("U999") == frozenset()


def test_what_is_learned_is_stored(office: Office) -> None:
    office.directory.channels_of("U3")

    with office.database.read() as db:
        assert members.channels_of(db, "U3") >= {"C1", "C3"}
