"""Channels whose talk is knowledge: opted in and out, and followed as they change.

    opt in    an administrator does, per channel, with history back to a date; the bot must be in the channel
    follow    new messages, replies and edits are in the index about a minute later, deletions at once
    end       by opting out, or when the bot is taken out or the channel is deleted: then everything read from it goes

What an open channel says everybody may find; what a private or shared one says, its members. A channel that becomes
private is closed at once where Slack says so, and within ten minutes where it does not. An archived channel stays.
The bot's own words, those of other bots and what people ask the bot are never read.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot import history, noting
from bot.face import Face
from flywheel.errors import InvalidInput
from flywheel.knowledge.slack_days import bring_up_to_date
from flywheel.knowledge.slack_ingest import address_mark
from flywheel.store import audit, channels, documents, followed, marks, talk
from flywheel.store.database import Session
from flywheel.store.followed import Followed
from flywheel.store.talk import State

BOT = "flywheel"
"""Who acts in the audit log where nobody of the workspace does."""

_log = logging.getLogger(__name__)
_UNWATCHED = timedelta(minutes=15)
_OVERLAP = timedelta(days=1)
_WHOLE_EVERY = timedelta(days=7)
_UNSEEN = frozenset({"channel_not_found", "not_in_channel"})
_CHANGES = frozenset({
    "channel_archive", "channel_rename", "channel_shared", "channel_unarchive", "channel_unshared", "group_archive",
    "group_rename", "group_unarchive",
})  # fmt: skip
_CONVERSIONS = frozenset({
    "channel_convert_to_private", "channel_convert_to_public", "channel_name", "group_name", "channel_archive",
    "group_archive",
})  # fmt: skip
_ENDS = frozenset({"channel_deleted", "channel_left", "group_deleted", "group_left"})


def opt_in(face: Face, channel: str, since: datetime, person: str) -> None:
    """Read a channel from a moment on, as `person` decided; they are told when its history has been read.

    Said again with another moment, it is read anew; what lies before that moment goes.

    Raises:
        InvalidInput: the bot is not in the channel, or it is no channel; the message says what to do.
        SlackClientError, OSError: Slack does not answer.
    """
    known, now = _described(face, channel), face.core.now()
    if known is None:
        raise InvalidInput("I am not in that channel. Invite me and try again.")
    with face.core.database.begin() as db:
        channels.put(db, replace(channels.find(db, channel), read_since=since), person, now)
        audit.put(db, person, "read a channel", channel, now)
        noting.make_anew(db, face, channel, talk.drop_before(db, channel, f"{since.timestamp():.6f}"))
        history.start(db, now, known, since, person)
    face.wake()


def opt_out(face: Face, channel: str, person: str) -> None:
    """Stop reading a channel, and remove everything that was read from it."""
    with face.core.database.begin() as db:
        _end(db, channel, person, face.core.now())


def follow(face: Face, event: Mapping[str, Any]) -> None:
    """Take notice of an event, if it is about a channel that is read."""
    about = event.get("channel") or (event.get("item") or {}).get("channel")
    channel = str(about.get("id") if isinstance(about, Mapping) else about)
    with face.core.database.read() as db:
        if followed.find(db, channel) is None:
            return
    kind = event.get("type")
    if kind in _ENDS or (kind == "member_left_channel" and event.get("user") == face.identity.user):
        opt_out(face, channel, BOT)
    elif kind in _CHANGES or (kind == "message" and event.get("subtype") in _CONVERSIONS):
        look_again(face, channel)
    elif kind in {"message", "app_mention"}:
        _hear(face, channel, event)


def catch(face: Face, channel: str, message: Mapping[str, Any]) -> None:
    """Take notice of a message found in a channel's history."""
    follow(face, {**message, "channel": channel, "type": "message"})


def look_again(face: Face, channel: str) -> None:
    """Bring what is known of a channel that is read up to date; who may read it changes at once.

    Raises:
        SlackClientError, OSError: Slack does not answer.
    """
    fresh = _described(face, channel)
    with face.core.database.begin() as db:
        known = followed.find(db, channel)
        if known is None:
            return
        if fresh is None:
            _end(db, channel, BOT, face.core.now())
            return
        followed.put(db, replace(known, name=fresh.name, is_open=fresh.is_open, address=fresh.address))
        if fresh.access != known.access:
            talk.relabel(db, known.source, fresh.access, version=documents.advance_corpus(db))
            audit.put(db, BOT, "open channel" if fresh.is_open else "close channel", channel, face.core.now())


def upkeep(face: Face) -> None:
    """Look at every channel that is read: who may read it, and whether something of it was missed.

    After a time without anybody listening its newest history is read again, and all of it once a week.
    """
    with face.core.database.begin() as db:
        if face.identity.url:
            marks.put(db, address_mark(face.identity.team), face.identity.url)
        read = {one.channel: one.read_since for one in channels.every(db) if one.read_since is not None}
        for channel in followed.every(db) - read.keys():
            _end(db, channel, BOT, face.core.now())
    for channel, since in read.items():
        try:
            _look_after(face, channel, since)
        except (SlackClientError, OSError, HTTPException) as error:
            _log.warning("channel %s is looked at again later: %s", channel, error)


def _look_after(face: Face, channel: str, since: datetime) -> None:
    with face.core.database.read() as db:
        known = followed.find(db, channel)
    if known is not None:
        look_again(face, channel)
    elif (described := _described(face, channel)) is not None:
        with face.core.database.begin() as db:
            followed.put(db, described)
    _catch_up(face, channel, since)


def _catch_up(face: Face, channel: str, since: datetime) -> None:
    now = face.core.now()
    with face.core.database.begin() as db:
        known = followed.find(db, channel)
        if known is None or history.is_under_way(db, channel):
            return
        unwatched = now.timestamp() - known.reached
        if now.timestamp() - known.whole > _WHOLE_EVERY.total_seconds():
            history.start(db, now, known, since, person="")
        elif unwatched > _UNWATCHED.total_seconds():
            from_then = now - timedelta(seconds=unwatched) - _OVERLAP
            history.start(db, now, known, max(since, from_then))
        else:
            followed.put(db, replace(known, reached=now.timestamp()))


def _hear(face: Face, channel: str, event: Mapping[str, Any]) -> None:
    """Take a message in; what was deleted, or turned into a question to the bot, leaves the index at once."""
    subtype, gone = event.get("subtype"), ""
    message = event.get("message") if subtype == "message_changed" else event
    if subtype == "message_deleted" or (isinstance(message, Mapping) and message.get("subtype") == "tombstone"):
        gone = str(event.get("deleted_ts") or (message or {}).get("ts"))
    notes = [] if gone or not isinstance(message, Mapping) else noting.read(face, channel, [message])
    with face.core.database.begin() as db:
        days = noting.keep(db, channel, notes)
        day = talk.set_aside(db, channel, gone, State.GONE) if gone else None
        noting.make_anew(db, face, channel, days)
    for one in {day} if day else days if any(note.asked for note in notes) else ():
        bring_up_to_date(face.core, channel, one)


def _described(face: Face, channel: str) -> Followed | None:
    """Return a channel as Slack describes it; None where the bot is not in it.

    Raises:
        InvalidInput: it is a conversation between a few people, which is never read.
    """
    try:
        said = face.client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        if error.response.get("error") in _UNSEEN:
            return None
        raise
    if said.get("is_im") or said.get("is_mpim"):
        raise InvalidInput("Direct messages are never read; choose a channel.")
    closed = any(said.get(name) for name in ("is_private", "is_ext_shared", "is_pending_ext_shared"))
    if not said.get("is_member") and not said.get("is_archived"):
        return None
    return Followed(channel, str(said.get("name") or channel), not closed, face.identity.url)


def _end(db: Session, channel: str, person: str, now: datetime) -> None:
    known = followed.find(db, channel)
    settings = channels.find(db, channel)
    if known is None and settings.read_since is None:
        return
    channels.put(db, replace(settings, read_since=None), person, now)
    audit.put(db, person, "stop reading a channel", channel, now)
    talk.drop_channel(db, channel)
    talk.remove_source(db, Followed(channel, "", is_open=False).source)
    followed.remove(db, [channel])
