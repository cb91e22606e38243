"""Random companies with members, guests, partners and people who have gone, and who may read what in them.

The rule is written down here as it is told to people, one reader at a time, and shares no code with the product: a
document may be shown in a place when each of those who read there could open it by themselves.

    C1 C2   public channels; every member of the company may look in
    P1 P2   private channels, P2 now and then shared with a partner
    G1      a direct conversation of several people
"""

import re
from dataclasses import dataclass, field
from random import Random

from flywheel.core import Core
from flywheel.ports import Reach, Standing
from tests.parts import know

PUBLIC_CHANNELS = ("C1", "C2")
CLOSED = ("P1", "P2", "G1")
PLACES = (*PUBLIC_CHANNELS, *CLOSED)
PEOPLE = tuple(f"U{number}" for number in range(1, 9))
_SECRET = re.compile(r"secret[0-9a-f]{10}", re.IGNORECASE)
_SUBJECTS = (
    "parking permit", "film camera", "roof terrace", "winter tyres", "train ticket", "broken lift", "tea kitchen",
    "night shift", "spare keys", "first aid", "coffee beans", "old monitor", "green folder", "bicycle cellar",
)  # fmt: skip


@dataclass
class Company:
    """Who is what and where, as a `Directory`. `documents` holds a secret, a subject and access labels by name."""

    rng: Random
    standing: dict[str, Standing] = field(default_factory=dict)
    rooms: dict[str, set[str]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    documents: dict[str, tuple[str, str, frozenset[str]]] = field(default_factory=dict)

    def channels_of(self, person: str) -> frozenset[str]:
        return frozenset(room for room, people in self.rooms.items() if person in people)

    def members_of(self, channel: str) -> frozenset[str]:
        return frozenset(self.rooms[channel])

    def standing_of(self, person: str) -> Standing:
        return self.standing.get(person, Standing.UNKNOWN)

    def reach_of(self, channel: str) -> Reach:
        if channel in self.shared:
            return Reach.OUTSIDE
        return Reach.COMPANY if channel in PUBLIC_CHANNELS else Reach.NOBODY

    def may_open(self, person: str, name: str) -> bool:
        """Tell whether a person, on their own, may read a document."""
        _, _, access = self.documents[name]
        if self.standing[person] is Standing.GONE:
            return False
        everybody = self.standing[person] is Standing.MEMBER and "public" in access
        outside = self.standing[person] is Standing.GUEST and "guests" in access
        in_room = any(f"channel:{room}" in access and person in people for room, people in self.rooms.items())
        return everybody or outside or f"user:{person}" in access or in_room

    def may_be_shown(self, place: str, name: str) -> bool:
        """Tell whether everybody who reads in a place may read a document; a person's id is a place of their own."""
        if place in PEOPLE:
            return self.may_open(place, name)
        _, _, access = self.documents[name]
        if f"channel:{place}" in access:
            return True
        readers = [one for one in self.rooms[place] if self.standing[one] is not Standing.GONE]
        passers_by = place not in PUBLIC_CHANNELS or "public" in access
        unlisted = place not in self.shared or "guests" in access
        return passers_by and unlisted and all(self.may_open(one, name) for one in readers)

    def leaked(self, place: str, shown: object) -> list[str]:
        """Return the names of documents that something shown in a place gives away."""
        told = {one.lower() for one in _SECRET.findall(repr(shown))}
        names = {name for name, (secret, _, _) in self.documents.items() if secret in told}
        return sorted(name for name in names if not self.may_be_shown(place, name))

    def told_to_all(self, shown: object) -> list[str]:
        """Return the names of documents that are given away to everybody in the company."""
        told = {one.lower() for one in _SECRET.findall(repr(shown))}
        return sorted(
            name for name, (secret, _, access) in self.documents.items() if secret in told and "public" not in access
        )


def found_secrets(shown: object) -> set[str]:
    """Return the secrets in something shown."""
    return {one.lower() for one in _SECRET.findall(repr(shown))}


def company_at_random(rng: Random) -> Company:
    """Return a company without documents."""
    made = Company(rng)
    made.standing = dict.fromkeys(PEOPLE, Standing.MEMBER)
    made.rooms = {room: set() for room in PLACES}
    for _ in range(12):
        change(made)
    return made


def change(made: Company) -> None:
    """Let one thing happen: somebody joins, leaves, becomes a guest or a member, goes, comes back; a room is shared."""
    rng, person, room = made.rng, made.rng.choice(PEOPLE), made.rng.choice(PLACES)
    happens = rng.random()
    if happens < 0.45 and made.standing[person] is not Standing.GONE:
        made.rooms[room].add(person)
    elif happens < 0.65:
        made.rooms[room].discard(person)
    elif happens < 0.93:
        made.standing[person] = rng.choices((Standing.MEMBER, Standing.GUEST, Standing.GONE), weights=(6, 3, 1))[0]
    else:
        made.shared.symmetric_difference_update({rng.choice(("C2", "P2"))})


def trouble(made: Company, place: str, asker: str) -> None:
    """Let something happen to who reads in a place: somebody comes, or one of those there is a guest now, or gone."""
    rng, here = made.rng, sorted(made.rooms.get(place, {asker}))
    happens = rng.random()
    if place in made.rooms and happens < 0.5:
        made.rooms[place].add(rng.choice(PEOPLE))
    elif happens < 0.8 and here:
        made.standing[rng.choice(here)] = rng.choice((Standing.GUEST, Standing.GONE))
    elif happens < 0.9:
        for room in made.rooms.values():
            room.discard(asker)
    else:
        change(made)


def write_documents(made: Company, core: Core, count: int) -> None:
    """Write and index documents with access at random."""
    for number in range(count):
        secret = f"secret{made.rng.getrandbits(40):010x}"
        made.documents[f"paper-{number}"] = (secret, made.rng.choice(_SUBJECTS), frozenset())
        relabel(made, core, f"paper-{number}")


def relabel(made: Company, core: Core, name: str) -> None:
    """Change who may read a document."""
    secret, subject, _ = made.documents[name]
    access = _labels(made.rng)
    made.documents[name] = (secret, subject, access)
    text = (
        f"The {subject} rule number {name} is {secret}. Ask for the {subject} at the desk, as the {subject} plan says."
    )
    know(core, f"{name}.md", text, access=access)


def _labels(rng: Random) -> frozenset[str]:
    drawn = rng.random()
    if drawn < 0.3:
        return frozenset({"public"})
    if drawn < 0.45:
        return frozenset({"public", "guests"})
    possible = [*(f"channel:{room}" for room in PLACES), *(f"user:{one}" for one in PEOPLE)]
    return frozenset(rng.sample(possible, rng.randint(1, 3)))
