"""Read an export of a Slack workspace: which channels there are, who may read them, and what was said in each.

    public channel     everybody, within what holds for the export
    private or shared  the members of the channel (`channel:<id>`), within what holds for the export
    direct, group      left out, unless the export is given to named channels or people (`--access channel:C1`)

What bots wrote, what people asked them by name, joins and leaves are left out. A broken file is refused by its name and
the others are read; what was known of its channel stays until it can be read again.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flywheel.errors import DocumentError
from flywheel.knowledge import slack_archive
from flywheel.knowledge.policy import Policy, narrowed
from flywheel.knowledge.slack_archive import USERS, Export
from flywheel.knowledge.slack_markup import called, said
from flywheel.knowledge.slack_threads import NO_ADDRESS, Channel
from flywheel.knowledge.source import Candidate, Refusal
from flywheel.model import PUBLIC
from flywheel.store.talk import GONE, PREFIX, Said

_FILES = {"channels.json": "public", "groups.json": "private", "mpims.json": "group", "dms.json": "direct"}
_FEW = frozenset({"direct", "group"})
_LEFT_OUT = "left out, as they were said to a few; --access user:<id> or channel:<id> says who may read them"
_DAY = re.compile(r"[^/]+/\d{4}-\d\d-\d\d\.json")
_FIRST_MENTION = re.compile(r"\s*<@([UW][A-Z0-9]*)")


@dataclass(frozen=True, slots=True)
class ChannelTalk:
    """What was said in one channel of an export; `refused` are files of it that could not be read."""

    channel: Channel
    messages: tuple[Said, ...]
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class _People:
    """The people of an export: what they are called by id, who is a bot, and the id of their workspace.

    Who is in `silent` was forgotten, and is not read.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    bots: frozenset[str] = frozenset()
    team: str = ""
    silent: frozenset[str] = frozenset()

    def name_of(self, person: str) -> str:
        return GONE if person in self.silent else self.names.get(person, person)


Forgotten = Callable[[Collection[str]], frozenset[str]]
"""Which of these people were forgotten."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """An open export, and what holds for everything in it."""

    export: Export
    candidate: Candidate
    people: _People
    address: str

    @property
    def source(self) -> str:
        return str(self.candidate.path)

    def channels(self) -> Iterator[ChannelTalk | Refusal]:
        for file, kind in _FILES.items():
            try:
                found = slack_archive.listed(self.export, file)
            except DocumentError as error:
                yield Refusal(self.source, file, str(error), unseen=self.candidate.path)
                continue
            if found and kind in _FEW and PUBLIC in self.candidate.policy.access:
                yield Refusal(self.source, f"{kind} messages", _LEFT_OUT)
                continue
            for one in found:
                yield from self._channel(one, kind)

    def _channel(self, one: Mapping[str, object], kind: str) -> Iterator[ChannelTalk | Refusal]:
        identity, name = str(one.get("id") or "")[:64], str(one.get("name") or one.get("id") or "")
        if not re.fullmatch(r"\w+", identity):
            yield Refusal(self.source, f"{kind} channel {name[:80]}", "it has no id")
            return
        try:
            access = _access(self.candidate.policy, one, kind, identity)
        except DocumentError as error:
            yield Refusal(self.source, f"#{name[:80]}", str(error))
            return
        label = "direct messages" if kind in _FEW else f"#{called(name)}"
        yield self._talk(Channel(identity, label, access, self.source, self.address), name)

    def _talk(self, channel: Channel, folder: str) -> ChannelTalk:
        found: dict[str, Said] = {}
        asked: set[str] = set()
        refused: list[Refusal] = []
        for name in (one for one in self.export.days(folder) if _DAY.fullmatch(one)):
            try:
                day = slack_archive.listed(self.export, name)
            except DocumentError as error:
                unseen = Path(f"{self.source}/{PREFIX}{channel.id}")  # documents of this channel stay
                refused.append(Refusal(self.source, name, str(error), unseen=unseen))
                continue
            for raw in day:
                self._take(raw, channel.id, found, asked)
        messages = tuple(one for one in found.values() if one.root not in asked)
        return ChannelTalk(channel, messages, tuple(refused))

    def _take(self, raw: Mapping[str, object], channel: str, found: dict[str, Said], asked: set[str]) -> None:
        """Take one entry in; an edit or deletion that the export tells of counts for what it is about."""
        if raw.get("subtype") == "message_deleted":
            found.pop(str(raw.get("deleted_ts")), None)
            return
        changed = raw.get("message")
        message = changed if raw.get("subtype") == "message_changed" and isinstance(changed, dict) else raw
        mention = _FIRST_MENTION.match(str(message.get("text") or ""))
        if mention and mention[1] in self.people.bots:
            asked.add(str(message.get("ts")))
            return
        one = said(message, channel, self.people.name_of)
        if one is not None and one.person not in self.people.silent | self.people.bots:
            found[one.ts] = one


def channels_of(
    candidate: Candidate, address_of: Callable[[str], str | None], forgotten: Forgotten
) -> Iterator[ChannelTalk | Refusal]:
    """Yield the channels of an export one by one.

    `address_of` returns the address of a workspace by its id, where it is known.
    """
    try:
        with slack_archive.opened(candidate.path) as export:
            people = _people(export)
            address = address_of(people.team) or NO_ADDRESS
            people = replace(people, silent=forgotten(people.names))
            yield from _Reader(export, candidate, people, address).channels()
    except (DocumentError, OSError) as error:
        yield Refusal(str(candidate.path), candidate.path.name, str(error), unseen=candidate.path)


def _people(export: Export) -> _People:
    names: dict[str, str] = {}
    bots: set[str] = set()
    team = ""
    for one in slack_archive.listed(export, USERS):
        identity, profile = str(one.get("id") or ""), one.get("profile")
        own = profile.get("real_name") if isinstance(profile, dict) else None
        names[identity] = str(one.get("real_name") or own or one.get("name") or identity)
        bots |= {identity} if one.get("is_bot") else set()
        team = team or str(one.get("team_id") or "")
    return _People(names, frozenset(bots), team)


def _access(policy: Policy, one: Mapping[str, object], kind: str, identity: str) -> frozenset[str]:
    """Return who may read a channel.

    Raises:
        BrokenDocument: its members, and those that the command or a `.flywheel.yml` names, have nobody in common.
    """
    if kind in _FEW:
        return policy.access
    outside = any(one.get(name) for name in ("is_ext_shared", "is_pending_ext_shared"))
    own = frozenset({f"channel:{identity}" if kind == "private" or one.get("is_private") or outside else PUBLIC})
    return narrowed(policy.access, own)
