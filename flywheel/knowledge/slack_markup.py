"""Read Slack's messages: what is talk among people, and what it says as plain text.

A message object comes from an export or from the Web API; both have the same form. Joins and leaves, what bots write,
deleted messages and empty ones are no talk.
"""

import html
import re
from collections.abc import Callable, Mapping

from flywheel.knowledge.blocks import clean
from flywheel.store.talk import Said

Names = Callable[[str], str]
"""What a person is called, by their id; the id where nobody knows."""

_SAYS = frozenset({None, "", "file_share", "thread_broadcast", "me_message", "reply_broadcast"})
_SLACKBOT = "USLACKBOT"
_TS = re.compile(r"\d{1,12}\.\d{1,9}")
_TOKEN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_LONGEST = 20_000
_LONGEST_NAME = 120
_MOST_FILES = 10


def said(raw: Mapping[str, object], channel: str, name_of: Names) -> Said | None:
    """Return what somebody said, or None for a message that is no talk or makes no sense."""
    ts, person = raw.get("ts"), raw.get("user")
    is_talk = raw.get("type", "message") == "message" and raw.get("subtype") in _SAYS
    if not is_talk or not isinstance(ts, str) or not _TS.fullmatch(ts) or not isinstance(person, str):
        return None
    if raw.get("bot_id") or person in {"", _SLACKBOT}:
        return None
    files = _files(raw.get("files"))
    text = readable(str(raw.get("text") or "")[:_LONGEST], name_of)
    if not text and not files:
        return None
    root, edited = raw.get("thread_ts"), raw.get("edited")
    return Said(
        channel=channel,
        ts=ts,
        root=root if isinstance(root, str) and _TS.fullmatch(root) else ts,
        person=clean(person)[:64],
        name=called(name_of(person)) or "somebody",
        text=text,
        files=files,
        edited=str(edited.get("ts") or "")[:32] if isinstance(edited, Mapping) else "",
    )


def readable(text: str, name_of: Names) -> str:
    """Return Slack's message text as a person would read it."""
    plain = _TOKEN.sub(lambda found: _token(found, name_of), clean(text))
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).rstrip() for line in html.unescape(plain).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def called(name: str) -> str:
    """Return a name on one line, short enough to stand before each message."""
    return " ".join(clean(name).replace(":", " ").split())[:_LONGEST_NAME].strip()


def _token(found: re.Match[str], name_of: Names) -> str:
    sign, target, label = found[1], found[2], found[3] or ""
    if sign == "@":
        return f"@{called(label.lstrip('@') or name_of(target))}"
    if sign == "#":
        return f"#{label}" if label else "another channel"
    if sign == "!":
        return label if target.startswith("date^") else f"@{(label or target.split('^')[0]).lstrip('@')}"
    address = target.removeprefix("mailto:")
    return address if not label or label in address else f"{label} ({address})"


def _files(value: object) -> tuple[str, ...]:
    """Return the names of a message's files."""
    listed = value if isinstance(value, list) else []
    names = [one.get("name") or one.get("title") for one in listed if isinstance(one, Mapping)]
    return tuple(clean(str(name)).strip()[:200] for name in names if name)[:_MOST_FILES]
