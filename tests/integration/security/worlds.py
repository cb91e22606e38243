"""Random small companies, with a model of who may read what that shares no code with the product.

handle    a word of a document that people may search for
secret    a word that stands only in a document (title, text and owner); seen by somebody, it tells what they read

FLYWHEEL_SEEDS sets how many worlds are made (2).
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from flywheel.core import Core
from flywheel.model import Audience
from flywheel.ports import Reach, Standing
from tests.parts import know

SEEDS = range(int(os.environ.get("FLYWHEEL_SEEDS", "2")))
_SECRET = re.compile(r"secret[0-9a-f]{10}", re.IGNORECASE)
_FILLER = ("policy", "office", "team", "plan", "folder", "review", "week", "budget", "visitor", "laptop")


@dataclass
class People:
    """A `Directory` of people who come and go."""

    channels: dict[str, frozenset[str]] = field(default_factory=dict)

    def channels_of(self, person: str) -> frozenset[str]:
        return self.channels.get(person, frozenset())

    def members_of(self, channel: str) -> None:
        """Keep no lists, as where there is no Slack; `companies.py` has the worlds with lists."""

    def standing_of(self, person: str) -> Standing:
        return Standing.MEMBER

    def reach_of(self, channel: str) -> Reach:
        return Reach.COMPANY


@dataclass(frozen=True)
class Reader:
    """Whom a reply is for: a person alone, everybody in a channel, or anybody at all."""

    person: str | None = None
    channel: str | None = None


@dataclass
class World:
    """What there is and who is where. `access` holds the labels of each document by its handle."""

    rng: Random
    people: People
    access: dict[str, frozenset[str]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def readers(self) -> list[Reader]:
        """Return everybody, every channel, and nobody in particular."""
        alone = [Reader(person=one) for one in sorted(self.people.channels)]
        return [*alone, *(Reader(channel=one) for one in channels()), Reader()]

    def labels(self, reader: Reader) -> frozenset[str]:
        """Return what a reader holds, by the rule as it is told to people."""
        if reader.channel is not None:
            return frozenset({"public", f"channel:{reader.channel}"})
        if reader.person is None:
            return frozenset({"public"})
        own = {f"channel:{one}" for one in self.people.channels[reader.person]}
        return frozenset({"public", f"user:{reader.person}"} | own)

    def audience(self, reader: Reader) -> Audience:
        return Audience(self.labels(reader))

    def may_read(self, reader: Reader, handle: str) -> bool:
        return handle in self.access and bool(self.labels(reader) & self.access[handle])

    def leaked(self, reader: Reader, shown: object) -> list[str]:
        """Return the handles of the documents that something shown gives away to a reader."""
        found = {self.secrets[one.lower()] for one in _SECRET.findall(repr(shown))}
        return sorted(handle for handle in found if not self.may_read(reader, handle))


def channels() -> tuple[str, ...]:
    """Return the channels of every world."""
    return ("C1", "C2", "C3")


def labels_at_random(rng: Random, people: Mapping[str, object]) -> frozenset[str]:
    """Return one to three labels; public one time in four."""
    possible = [*(f"channel:{one}" for one in channels()), *(f"user:{one}" for one in sorted(people))]
    if rng.random() < 0.25:
        return frozenset({"public"})
    return frozenset(rng.sample(possible, rng.randint(1, 3)))


def world_at_random(seed: int) -> World:
    """Return a company of five people without documents."""
    rng = Random(seed)
    memberships = {f"U{number}": frozenset(rng.sample(channels(), rng.randint(0, 2))) for number in range(1, 6)}
    return World(rng, People(memberships))


def add_documents(world: World, core: Core, count: int) -> None:
    """Write and index documents with access at random."""
    for _ in range(count):
        handle = f"handle{world.rng.getrandbits(40):010x}"
        world.secrets[f"secret{world.rng.getrandbits(40):010x}"] = handle
        put_document(world, core, handle, labels_at_random(world.rng, world.people.channels))


def put_document(world: World, core: Core, handle: str, access: frozenset[str]) -> None:
    """Store a document, or change who may read it."""
    world.access[handle] = access
    know(core, name_of(world, handle), text_of(world, handle), access=access, owner=f"O{secret_of(world, handle)}")


def name_of(world: World, handle: str) -> str:
    """Return the file name; it is the title too, and tells the secret."""
    return f"{secret_of(world, handle)}.md"


def text_of(world: World, handle: str) -> str:
    """Return two sentences; which filler words they have depends on the handle alone."""
    words = Random(handle).sample(_FILLER, 6)
    return f"The {handle} rule is {secret_of(world, handle)}. It says that {' '.join(words)}."


def secret_of(world: World, handle: str) -> str:
    """Return a document's secret."""
    return next(secret for secret, named in world.secrets.items() if named == handle)
