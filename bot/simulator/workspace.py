"""The state of the simulated workspace: its team, people and conversations.

Thread-safe: everything that reads or changes it holds `lock`. `posting.py` changes messages; this file knows who
exists, who is where and who may see what. Two kinds of listeners hear of changes:

    event listeners     Slack's own event objects, for the app
    change listeners    a `Change`, "look again", for the page
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from bot.simulator.channel import Channel, ChannelSpec
from bot.simulator.clock import Clock
from bot.simulator.errors import BadRequest, SlackError
from bot.simulator.ids import Ids
from bot.simulator.people import Kind, Person


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace's name and the app's identity in it."""

    id: str = "T1"
    name: str = "Simulated company"
    domain: str = "simulated"
    bot_user_id: str = "UBOT"
    bot_id: str = "B1"
    app_id: str = "A1"


@dataclass(frozen=True, slots=True)
class Change:
    """Something the page should fetch again; `person` limits who is told."""

    type: str
    channel: str = ""
    thread_ts: str = ""
    text: str = ""
    person: str = ""


EventListener = Callable[[dict[str, Any], Channel | None], None]


class Workspace:
    """People, conversations and who is told about what happens."""

    def __init__(
        self, team: Team, people: Sequence[Person], channels: Sequence[ChannelSpec], *, clock: Clock, rng: Random
    ) -> None:
        self.team = team
        self.clock = clock
        self.ids = Ids(rng)
        self.lock = threading.RLock()
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.event_listeners: list[EventListener] = []
        self.change_listeners: list[Callable[[Change], None]] = []
        self._seed = (tuple(people), tuple(channels))
        self.reset()

    @classmethod
    def small(cls, now: Callable[[], datetime]) -> "Workspace":
        """Build the workspace of the tests: Ana (admin), Ben, Cleo, a guest, the bot and three channels."""
        people = (
            Person("U1", "ana", "Ana Alvarez", "Head of IT", "ana@example.com", is_admin=True),
            Person("U2", "ben", "Ben Bauer", "Engineer", "ben@example.com"),
            Person("U3", "cleo", "Cleo Costa", "Finance", "cleo@example.com"),
            Person("U4", "guest", "Guest Gray", is_restricted=True),
            Person("UBOT", "flywheel", "Flywheel", is_bot=True),
        )
        channels = (
            ChannelSpec("C1", "general", Kind.CHANNEL, ("U1", "U2", "U3", "UBOT"), "Everything"),
            ChannelSpec("C2", "random", Kind.CHANNEL, ("U1", "U2")),
            ChannelSpec("C3", "finance", Kind.GROUP, ("U1", "U3", "UBOT")),
        )
        return cls(Team(), people, channels, clock=Clock(now), rng=Random(0))  # noqa: S311 - ids, not secrets

    def reset(self) -> None:
        """Forget everything that happened."""
        people, channels = self._seed
        with self.lock:
            self.people = {person.id: person for person in people}
            created = int(self.clock.seconds())
            self.channels = {spec.id: Channel(spec, created=created) for spec in channels}

    @property
    def bot(self) -> str:
        """The user id of the app's bot."""
        return self.team.bot_user_id

    def person(self, person_id: str) -> Person:
        """Return a person; raises SlackError user_not_found."""
        found = self.people.get(person_id)
        if found is None:
            raise SlackError("user_not_found")
        return found

    def first_person(self) -> str:
        """Return whom the page acts as until somebody is chosen: the first human."""
        return next((one.id for one in self.people.values() if not one.is_bot and not one.deleted), "")

    def channel(self, channel_id: str) -> Channel:
        """Return a conversation; raises SlackError channel_not_found."""
        found = self.channels.get(channel_id)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def may_see(self, channel: Channel, person_id: str) -> bool:
        """Whether a person may read a conversation: its members, and for a public one every full member."""
        if person_id in channel.members:
            return True
        person = self.person(person_id)
        return channel.kind == Kind.CHANNEL and not person.is_restricted and not person.home_team

    def visible(self, channel_id: str, person_id: str) -> Channel:
        """Return a conversation for somebody who may read it; raises BadRequest 404 for everybody else."""
        found = self.channels.get(channel_id)
        if found is None or not self.may_see(found, person_id):
            raise BadRequest(f"no channel {channel_id} here", status=404)
        return found

    def open_dm(self, members: Sequence[str]) -> Channel:
        """Return the direct conversation of exactly these people, made on first use.

        Raises SlackError user_not_found.
        """
        wanted = list(dict.fromkeys(members))
        with self.lock:
            for member in wanted:
                self.person(member)
            kind = Kind.IM if len(wanted) <= 2 else Kind.MPIM
            for channel in self.channels.values():
                if channel.kind == kind and set(channel.members) == set(wanted):
                    return channel
            name = "" if kind == Kind.IM else "mpdm-" + "--".join(self.people[m].name for m in wanted) + "-1"
            prefix = "D" if kind == Kind.IM else "G"
            spec = ChannelSpec(self.ids.fresh(prefix), name, kind, tuple(wanted))
            opened = Channel(spec, created=int(self.clock.seconds()))
            self.channels[opened.id] = opened
            self.tell(Change("state"))
            return opened

    def create_channel(self, name: str, creator: str, *, private: bool) -> Channel:
        """Make a channel with one member; raises SlackError name_taken."""
        with self.lock:
            if any(channel.name == name for channel in self.channels.values()):
                raise SlackError("name_taken")
            kind = Kind.GROUP if private else Kind.CHANNEL
            spec = ChannelSpec(self.ids.fresh("C"), name, kind, (creator,))
            self.channels[spec.id] = Channel(spec, created=int(self.clock.seconds()))
            self.tell(Change("state"))
            return self.channels[spec.id]

    def emit(self, event: dict[str, Any], channel: Channel | None) -> None:
        """Tell the app's side that something happened; `channel` is None outside conversations."""
        for listener in list(self.event_listeners):
            listener(event, channel)

    def tell(self, change: Change) -> None:
        """Tell the page's side to look again."""
        for listener in list(self.change_listeners):
            listener(change)
