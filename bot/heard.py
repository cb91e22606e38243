"""A message somebody wrote where the bot could hear it.

    surface   DIRECT in a direct message, GROUP in a direct message of several, else MENTION where it names the bot

Surprising: Slack does not say with an `app_mention` what sort of conversation it stands in; `bot.rooms` knows.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.identity import Identity
from flywheel.model import Surface

_MENTION = re.compile(r"<@([UW][A-Z0-9]*)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|?([^>]*)>")
_CHANNEL_ID = re.compile(r"<#([A-Z0-9]+)")
_LINK = re.compile(r"<((?:https?|mailto):[^|>]*)(?:\|([^>]*))?>")
_SPECIAL = re.compile(r"<!(?:subteam\^[A-Z0-9]+\|)?([^>]*)>")
_ASIDE = re.compile(r"(?:[,;]|(?<=[?!.])|\bcc:?|\bfyi:?)\s*(?:@[UW][A-Z0-9]+[\s,]*)+(?=[?!.]*$)", re.IGNORECASE)
LONGEST_QUESTION = 8_000
"""Characters of a message that are read as a question; the same as `/v1/ask` takes."""

_ASKS = re.compile(
    r"(?:who|what|when|where|why|which|whose|how|is|are|was|do|does|did|can|could|should|would|will|may|may i|any)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as the bot heard it. `text` is what was said, without the bot's own mention and without markup.

    `files` are Slack's, as they came with it; `channels` are the ids of the channels it names.
    """

    team: str
    channel: str
    ts: str
    person: str
    text: str
    surface: Surface
    thread_ts: str | None = None
    addressed: bool = False
    names_others: bool = False
    files: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    channels: tuple[str, ...] = ()

    @property
    def question_id(self) -> str:
        """The id of the question that this message is."""
        return f"q:{self.team}:{self.channel}:{self.ts}"

    @property
    def thread(self) -> str:
        """The thread a reply belongs in."""
        return self.thread_ts or self.ts

    @property
    def reply_to(self) -> str | None:
        """The thread of the bot's reply; None in a direct message outside of a thread, which is one conversation."""
        return None if self.surface is Surface.DIRECT and self.thread_ts is None else self.thread

    @property
    def at(self) -> datetime:
        """When it was said."""
        return moment(self.ts)

    @property
    def is_too_long(self) -> bool:
        """Whether it says more than is read as a question."""
        return len(self.text) > LONGEST_QUESTION

    @property
    def asks(self) -> bool:
        """Whether it reads like a question."""
        return self.text.rstrip().endswith("?") or bool(_ASKS.match(self.text))


def heard(body: Mapping[str, Any], identity: Identity) -> Heard:
    """Return what an event says: a new message, or the newest version of an edited one."""
    event = body["event"]
    message = event.get("message") or event
    channel, raw = str(event["channel"]), str(message.get("text") or "")
    kind = event.get("channel_type")
    direct = channel.startswith("D") or kind == "im"
    mentioned = set(_MENTION.findall(raw))
    named = event["type"] == "app_mention" or identity.user in mentioned
    thread_ts = message.get("thread_ts")
    return Heard(
        team=str(body.get("team_id") or identity.team),
        channel=channel,
        ts=str(message["ts"]),
        person=str(message.get("user") or ""),
        text=spoken(raw, identity),
        surface=_surface(named=named, direct=direct, group=kind == "mpim"),
        thread_ts=str(thread_ts) if thread_ts and thread_ts != message["ts"] else None,
        addressed=direct or named,
        names_others=bool(mentioned - {identity.user}),
        files=tuple(one for one in message.get("files") or () if isinstance(one, dict)),
        channels=named_channels(raw),
    )


def _surface(*, named: bool, direct: bool, group: bool) -> Surface:
    if direct:
        return Surface.DIRECT
    return Surface.GROUP if group else Surface.MENTION if named else Surface.THREAD


def named_channels(raw: str) -> tuple[str, ...]:
    """Return the ids of the channels that Slack's message text names, in order."""
    return tuple(_CHANNEL_ID.findall(raw))


def spoken(raw: str, identity: Identity) -> str:
    """Return Slack's message text as a person would read it aloud, without whom it calls at its end ("…, @ana?")."""
    text = raw.replace(f"<@{identity.user}>", " ")
    text = _MENTION.sub(lambda found: "" if found.group(1) == identity.user else f"@{found.group(1)}", text)
    text = _CHANNEL.sub(r"#\1", text)
    text = _LINK.sub(lambda found: found.group(2) or found.group(1), text)
    text = _SPECIAL.sub(r"@\1", text)
    text = "".join(char for char in text if char != "\0" and not "\ud800" <= char <= "\udfff")  # no store takes these
    return _ASIDE.sub("", html.unescape(re.sub(r"[ \t]+", " ", text)).strip()).strip()


def moment(ts: str) -> datetime:
    """Return the time that a Slack timestamp names."""
    return datetime.fromtimestamp(float(ts), UTC)
