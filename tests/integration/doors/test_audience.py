"""Who is answered what at the doors: guests, the deactivated, and everybody while Slack does not answer."""

from dataclasses import replace

from flywheel.errors import MembersUnknown
from tests.integration.doors.conftest import World, client_of
from tests.parts import FixedDirectory, know

VPN = {"query": "new VPN client"}


def found(world: World, directory: FixedDirectory, **body: str) -> list[str]:
    world.core = replace(world.core, directory=directory)
    reply = client_of(world).post("/v1/search", json=VPN | body).json()
    return [one["external_id"] for one in reply["passages"]]


def test_a_deactivated_person_finds_nothing(world: World) -> None:
    assert found(world, FixedDirectory(gone=frozenset({"U1"})), user_id="U1") == []


def test_a_deactivated_person_is_answered_nothing(world: World) -> None:
    world.core = replace(world.core, directory=FixedDirectory(gone=frozenset({"U1"})))
    asked = client_of(world).post("/v1/ask", json={"question": "Where is the VPN client?", "user_id": "U1"}).json()

    assert (asked["abstained"], asked["citations"]) == (True, [])


def test_a_guest_finds_what_is_for_guests_alone(world: World) -> None:
    know(world.core, "wifi.md", "The VPN client is of no use in the guest network.", access=["guests", "public"])

    assert found(world, FixedDirectory(guests=frozenset({"U1"})), user_id="U1") == ["wifi.md"]


def test_a_channel_with_a_guest_finds_nothing_public(world: World) -> None:
    directory = FixedDirectory(members={"C5": frozenset({"U1", "U4"})}, guests=frozenset({"U4"}))

    assert found(world, directory, user_id="U1", channel_id="C5") == []


class Silent(FixedDirectory):
    """A `Directory` while Slack does not answer."""

    def members_of(self, channel: str) -> frozenset[str] | None:
        raise MembersUnknown


def test_while_slack_does_not_say_who_is_there_nothing_is_answered(world: World) -> None:
    world.core = replace(world.core, directory=Silent())
    reply = client_of(world).post("/v1/search", json=VPN | {"channel_id": "C5"})

    assert (reply.status_code, reply.json()["detail"]) == (503, "Slack does not say now who is in this channel.")
