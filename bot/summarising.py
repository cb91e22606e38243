"""Sum up a thread or a channel for somebody who asks, from what they may read.

    "summarise this thread"  ·  "tl;dr"  ·  "what did I miss in #launch since Monday?"  ·  /ask summarise #launch

A summary is read by those who may read all of what it is about: it is posted where it was asked for when that is the
conversation itself or a direct message, and sent to the asker alone otherwise. It is no answer: nothing of it is kept,
voted on or learned from.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot import replies
from bot.blocks.message import Message, note
from bot.blocks.summary import summary_message
from bot.blocks.text import when
from bot.face import Face, say, tell
from bot.heard import Heard, moment, spoken
from bot.outbox import Outgoing
from bot.prompting import open_channel
from bot.summary_order import is_order, since
from flywheel.answering import summary
from flywheel.model import Hit, Retriever, Surface
from flywheel.ports import Reach, Standing

MOST = 600
"""Messages that are read for one summary, the newest ones."""
_PAGE, _THREADS = 200, 15
_DEFAULT = timedelta(days=1)
_MEMBER = re.compile(r"@([UW][A-Z0-9]{2,30})\b")
_SAID = frozenset({None, "thread_broadcast", "file_share", "me_message"})
_CLOSED = "I can only sum up channels that you are in, and that I am in too."
_INVITE = "I am not in that channel, so I cannot read it. Invite me with `/invite` there and ask again."
_ABSENT = frozenset(
    {"not_in_channel", "channel_not_found", "missing_scope", "is_archived", "method_not_supported_for_channel_type"}
)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be summed up: a thread of a channel, or what was said in a channel since a time."""

    channel: str
    thread_ts: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of it; `is_summary` is false for a word on why there is none."""

    message: Message
    is_summary: bool = False


def answer(face: Face, heard: Heard) -> bool:
    """Sum up what a message asks for and say it where it belongs; return False when it asks for something else."""
    if heard.files or not is_order(heard.text):
        return False
    order = _ordered(face, heard)
    key = f"summary:{heard.channel}:{heard.ts}"
    if order is None:
        ask_which = note(
            "Which conversation? Name a channel, as in “summarise #general since Monday”, or ask in a thread."
        )
        say(face, _to_place(heard, key, ask_which))
        return True
    told = _told(face, heard.person, order)
    if told.is_summary and not _is_for_all(heard, order):
        tell(face, heard.person, told.message, f"{key}:alone")
        told = _Told(
            note("I have sent you the summary in a direct message: not everybody here may be able to read it.")
        )
    say(face, _to_place(heard, key, told.message))
    return True


def for_command(face: Face, person: str, text: str, place: tuple[str, Sequence[str]]) -> Message | None:
    """Return the summary that a command asks for, for its author's eyes alone; None when it asks for something else.

    `place` is the channel the command was given in, and the ids of the channels that it names.
    """
    if not is_order(text):
        return None
    channel, named = place[0], _rooms(place[1])
    order = _Order(named[0] if named else channel, since=since(text, face.core.now()))
    return _told(face, person, order).message


def _ordered(face: Face, heard: Heard) -> _Order | None:
    begin = since(heard.text, heard.at)
    named = _rooms(heard.channels)
    if named:
        return _Order(named[0], since=begin)
    is_whole = "channel" in heard.text.lower()
    if heard.surface is not Surface.DIRECT:
        if heard.thread_ts is not None and not is_whole:
            return _Order(heard.channel, heard.thread_ts)
        return _Order(heard.channel, since=begin)
    if heard.thread_ts is not None and not is_whole:
        return _Order(heard.channel, heard.thread_ts)
    with face.core.database.read() as db:
        opened = open_channel(db, heard.person, face.core.now())
    return _Order(opened, since=begin) if opened else None


def _rooms(named: Sequence[str]) -> list[str]:
    """Return those of the named conversations that are channels; nobody can name somebody's direct messages."""
    return [one for one in named if one.startswith(("C", "G"))]


def _is_for_all(heard: Heard, order: _Order) -> bool:
    return heard.surface is Surface.DIRECT or order.channel == heard.channel


def _to_place(heard: Heard, key: str, message: Message) -> Outgoing:
    return Outgoing(key, message, channel=heard.channel, thread_ts=heard.reply_to, asker=heard.person)


def _told(face: Face, person: str, order: _Order) -> _Told:
    if not _may_read(face, person, order.channel):
        return _Told(note(_CLOSED))
    begin = order.since or face.core.now() - _DEFAULT
    try:
        said = _replies(face, order) if order.thread_ts else _history(face, order.channel, begin)
    except SlackApiError as error:
        if error.response.get("error") not in _ABSENT:
            raise
        return _Told(note(_INVITE))
    items = _items(face, said[-MOST:])
    where = (
        "this thread" if order.thread_ts else f"<#{order.channel}> since {when(begin, '{date_short_pretty} at {time}')}"
    )
    if not items:
        return _Told(note(f"Nobody has written anything in {where} that I could sum up."))
    found = summary.summarise(face.core, items)
    if not found.text:
        return _Told(note(f"There is too little in {where} to sum up: read it, it is quicker."))
    people = len({item.title for item in items})
    messages = f"{len(items)} message{'s' if len(items) > 1 else ''} by {people} {'people' if people > 1 else 'person'}"
    links = {one.n: _link(face, one.external_id) for one in found.citations}
    small = "" if len(said) <= MOST else f"These are the newest {MOST}; there were more."
    return _Told(summary_message(f"Summary of {where}: {messages}", found.text, links, small), is_summary=True)


def _may_read(face: Face, person: str, channel: str) -> bool:
    """Tell whether a person may read a conversation: they are in it, or the company may and they are a full member."""
    directory = face.core.directory
    if channel.startswith("D") or channel in directory.channels_of(person):
        return True  # nobody but its owner can name a direct message to the bot
    if person in (directory.members_of(channel) or ()):
        return True
    return directory.standing_of(person) is Standing.MEMBER and directory.reach_of(channel) is Reach.COMPANY


def _history(face: Face, channel: str, begin: datetime) -> list[Mapping[str, Any]]:
    """Return what was said in a channel since a time, threads in place, oldest first."""
    roots: list[Mapping[str, Any]] = []
    cursor = ""
    while len(roots) <= MOST:
        page = face.client.conversations_history(
            channel=channel, oldest=f"{begin.timestamp():.6f}", limit=_PAGE, cursor=cursor or None
        )
        roots += page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            break
    threads = [one for one in roots if int(one.get("reply_count") or 0) > 0][:_THREADS]
    replies = [reply for one in threads for reply in _replies(face, _Order(channel, str(one["ts"])))[1:]]
    found = {str(one["ts"]): {**one, "channel": channel} for one in (*roots, *replies)}
    return [found[ts] for ts in sorted(found, key=float)]


def _replies(face: Face, order: _Order) -> list[Mapping[str, Any]]:
    said = replies.read(face.client, order.channel, order.thread_ts or "")
    return [{**one, "channel": order.channel} for one in said]


def _items(face: Face, said: Sequence[Mapping[str, Any]]) -> list[Hit]:
    return list(_each(face, said))


def _each(face: Face, said: Sequence[Mapping[str, Any]]) -> Iterator[Hit]:
    for one in said:
        text = spoken(str(one.get("text") or ""), face.identity)
        author = str(one.get("user") or "")
        if one.get("subtype") not in _SAID or one.get("bot_id") or not author or not text or is_order(text):
            continue
        text = _MEMBER.sub(lambda found: face.name_of(found.group(1)), text)
        place = f"{one['channel']}:{one['ts']}"
        hit = Hit(place, place, place, face.name_of(author), text, Retriever.DOCUMENTS, 0.0)
        yield replace(hit, updated_at=moment(str(one["ts"])))


def _link(face: Face, place: str) -> str:
    channel, ts = place.split(":")
    return str(face.client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
