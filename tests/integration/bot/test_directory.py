"""Who is where, from Slack: remembered for five minutes, cut short by events, denied on errors."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.directory import SlackDirectory
from bot.outbox import slack_client
from bot.simulator.channel import ChannelSpec
from bot.simulator.clock import Clock
from bot.simulator.people import Kind, Person
from bot.simulator.server import running
from bot.simulator.workspace import Team, Workspace
from flywheel.errors import MembersUnknown
from flywheel.knowledge.access import audience_of
from flywheel.ports import Reach, Standing
from flywheel.store import members
from flywheel.wiring import StoredDirectory
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


def test_the_people_in_a_channel_are_told_without_bots(office: Office) -> None:
    assert office.directory.members_of("C3") == frozenset({"U1", "U3"})


def test_somebody_who_has_just_joined_is_a_member_before_any_event(office: Office) -> None:
    office.directory.members_of("C3")
    office.people.act("channels/invite", by="U1", channel="C3", user="U2")

    assert office.directory.members_of("C3") == frozenset({"U1", "U2", "U3"})


def test_members_that_slack_does_not_tell_are_an_error_and_no_empty_channel(office: Office) -> None:
    office.people.act("faults", method="conversations.members", times=1, error="internal_error")

    with pytest.raises(MembersUnknown):
        office.directory.members_of("C3")
    assert office.directory.members_of("C3") == frozenset({"U1", "U3"})


def test_a_server_without_lists_of_members_is_told_to_have_none(office: Office) -> None:
    office.people.act("faults", method="conversations.members", times=1, error="unknown_method")

    assert audience_of(office.directory, "U2", "C1").labels == {"public", "channel:C1"}


def test_a_server_that_describes_nobody_knows_no_guests(office: Office) -> None:
    office.people.act("faults", method="users.info", times=9, error="unknown_method")

    assert "public" in audience_of(office.directory, "U2", "C1").labels


def test_the_bot_itself_is_nobody_to_be_asked_about(office: Office) -> None:
    office.directory.members_of("C1")

    assert "UBOT" not in str(office.people.calls("users.info"))


def test_guests_partners_and_the_deactivated_are_told_apart(office: Office) -> None:
    office.people.act("people/partner", user="U5")
    office.people.act("people/deactivate", user="U2")

    found = {person: office.directory.standing_of(person) for person in ("U1", "U2", "U4", "U5", "U999")}

    assert list(found.values()) == ["member", "gone", "guest", "guest", "unknown"]


def test_who_becomes_a_guest_is_one_after_the_event(office: Office) -> None:
    office.directory.standing_of("U3")
    office.people.act("people/guest", user="U3")
    office.directory.forget("U3")

    assert office.directory.standing_of("U3") is Standing.GUEST


def test_commands_without_slack_know_who_is_a_guest_or_gone(office: Office) -> None:
    office.people.act("people/deactivate", user="U2")
    for person in ("U1", "U2", "U4"):
        office.directory.standing_of(person)

    stored = StoredDirectory(office.database)
    assert [stored.standing_of(one) for one in ("U1", "U2", "U4")] == ["unknown", "gone", "guest"]


def test_a_channel_that_is_shared_with_another_company_reaches_outside(office: Office) -> None:
    before = [office.directory.reach_of(one) for one in ("C1", "C3")]
    office.people.act("channels/share", channel="C1")
    office.directory.forget("C1")

    assert before == [Reach.COMPANY, Reach.NOBODY]
    assert office.directory.reach_of("C1") is Reach.OUTSIDE


@pytest.mark.parametrize(("size", "first", "again"), [(5, 13, 1), (50, 4, 1), (5_000, 14, 0)])
def test_asking_for_an_audience_takes_few_calls(tmp_path: Path, size: int, first: int, again: int) -> None:
    members = tuple(f"U{number}" for number in range(size))
    people = (*(Person(one, one.lower(), one) for one in members), Person("UBOT", "flywheel", "Flywheel", is_bot=True))
    channel = ChannelSpec("C1", "large", Kind.GROUP, (*members, "UBOT"))
    workspace = Workspace(Team(), people, (channel,), clock=Clock(utc_now), rng=Random(1))
    with running(workspace, install_at("http://127.0.0.1:9/")) as url:
        office = Office(url, tmp_path)
        audience_of(office.directory, "U1", "C1")
        asked = len(office.people.look("calls")["calls"])
        audience_of(office.directory, "U1", "C1")

        assert (asked, len(office.people.look("calls")["calls"]) - asked) == (first, again)
