"""Answer a message that somebody points at: the shortcut "Answer this question".

Where the bot may post, the answer goes into the message's thread, for everybody there, once, whoever points at it and
however often. Elsewhere it goes to who pointed, alone, with their rights. What is said besides goes to them alone too.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from slack_sdk.errors import SlackApiError

from bot import alone, asking, attached, rooms, showing
from bot.alone import Alone
from bot.blocks import pointed
from bot.blocks.message import Message
from bot.counted import Thread, permalink
from bot.face import Face, say
from bot.heard import LONGEST_QUESTION, Heard, named_channels, spoken
from bot.outbox import Outgoing
from flywheel.answering.ask import answer_id
from flywheel.model import Surface
from flywheel.store import answers, marks, questions
from flywheel.store.database import Session

CLAIM_HOLDS = timedelta(minutes=10)
"""Whoever points first has it answered; after so long without an answer the next one may."""

_GONE = frozenset({"thread_not_found", "message_not_found"})
_UNKNOWABLE = frozenset({"missing_scope", "unknown_method"})
_TOMBSTONE = "tombstone"
_PAGE = 2  # Slack puts the root before what was asked for


@dataclass(frozen=True, slots=True)
class Pointed:
    """A message that somebody points at. `key` is that of the act; `response_url` is where only they read.

    `author` wrote the message; `said.person` points at it.
    """

    said: Heard
    key: str
    response_url: str
    is_own: bool = False
    author: str = ""


def pointed_at(body: Mapping[str, Any], face: Face) -> Pointed:
    """Return what a `message_action` payload points at; the asker is who points."""
    message, person = body.get("message") or {}, str(body["user"]["id"])
    ts, channel = str(body.get("message_ts") or message.get("ts")), str(body["channel"]["id"])
    thread_ts = message.get("thread_ts")
    said = Heard(
        team=face.identity.team,
        channel=channel,
        ts=ts,
        person=person,
        text=spoken(str(message.get("text") or ""), face.identity),
        surface=Surface.SHORTCUT,
        thread_ts=str(thread_ts) if thread_ts and str(thread_ts) != ts else None,
        addressed=True,
        files=tuple(one for one in message.get("files") or () if isinstance(one, dict)),
        channels=named_channels(str(message.get("text") or "")),
    )
    stamp = str(body.get("action_ts") or body.get("trigger_id") or "")
    key = hashlib.sha256(f"{channel}:{ts}:{person}:{stamp}".encode()).hexdigest()[:40]
    is_own = message.get("user") == face.identity.user or bool(
        face.identity.bot and message.get("bot_id") == face.identity.bot
    )
    return Pointed(said, key, str(body.get("response_url") or ""), is_own, str(message.get("user") or ""))


def answer(face: Face, one: Pointed) -> None:
    """Answer the message in its thread, or, where the bot may not post, who points at it alone."""
    refusal = _refusal(one)
    if refusal is not None:
        _reply(face, one, refusal)
    elif rooms.takes_posts(face, one.said.channel):
        _answer_in_thread(face, one)
    else:
        _answer_alone(face, one)


def _refusal(one: Pointed) -> Message | None:
    if one.is_own:
        return pointed.own_message()
    if not one.said.text and not one.said.files:
        return pointed.no_text()
    return pointed.too_long(LONGEST_QUESTION) if one.said.is_too_long else None


def _answer_in_thread(face: Face, one: Pointed) -> None:
    said = _as_it_stands(face, one.said)
    if said is None:
        _reply(face, one, pointed.deleted_message())
        return
    turn = _take(face, said, one.key)
    if turn is _Turn.MINE:
        _introduce(face, said, one.author)
        asking.answer(face, said)
    else:
        _reply(face, one, pointed.under_way() if turn is _Turn.LATER else pointed.answered_already(_link(face, said)))


def _introduce(face: Face, said: Heard, author: str) -> None:
    """Have the answer say who wanted it: its readers did not ask for it. Note whose words the question is in."""
    question_id = asking.fitting(said.question_id)
    coming = answer_id(question_id)
    with face.core.database.begin() as db:
        _note_author(db, question_id, said.person, author)
        marks.put(db, showing.intro_mark(coming), pointed.asked_by(said.person))


def _answer_alone(face: Face, one: Pointed) -> None:
    said, key = attached.worded(one.said), f"shortcut:{one.key}"
    brought = attached.read(face, said)
    asked = Alone(key, said.text, said.person, Surface.SHORTCUT, said.channel, said.team, brought)
    given = alone.answer(face, asked)
    with face.core.database.begin() as db:
        _note_author(db, given.question_id, one.said.person, one.author)
    _reply(face, one, showing.answer_of(face, given, only_you=True), given.id)


def _note_author(db: Session, question_id: str, asker: str, author: str) -> None:
    if author and author != asker:
        questions.note_author(db, question_id, author)


def _as_it_stands(face: Face, said: Heard) -> Heard | None:
    """Return the message in the words it has now; None where it is gone."""
    with face.core.database.read() as db:
        if marks.find(db, asking.deleted_mark(said.channel, said.ts)) is not None:
            return None
    try:
        page = face.client.conversations_replies(
            channel=said.channel, ts=said.thread, oldest=said.ts, latest=said.ts, inclusive=True, limit=_PAGE
        )
    except SlackApiError as error:
        if error.response.get("error") in _GONE:
            return None
        if error.response.get("error") in _UNKNOWABLE:
            return said
        raise
    found = next((message for message in page["messages"] if message.get("ts") == said.ts), None)
    if found is None or found.get("subtype") == _TOMBSTONE:
        return None
    return replace(said, text=spoken(str(found.get("text") or ""), face.identity) or said.text)


def _take(face: Face, said: Heard, key: str) -> "_Turn":
    """Take a message for answering, unless it is answered, or somebody took it a moment ago."""
    name, now = f"pointed:{said.channel}:{said.ts}", face.core.now()
    claim = f"{key} {now.isoformat()}"
    with face.core.database.begin() as db:
        held = marks.find(db, name)
        if held is not None and held.split()[0] == key:
            return _Turn.MINE
        question = questions.by_message(db, said.channel, said.ts)
        if question is not None and answers.of_question(db, question.id) is not None:
            return _Turn.DONE
        if held is None:
            return _Turn.MINE if marks.add(db, name, claim) else _Turn.LATER
        if now - datetime.fromisoformat(held.split()[1]) < CLAIM_HOLDS:
            return _Turn.LATER
        marks.put(db, name, claim)
        return _Turn.MINE


def _link(face: Face, said: Heard) -> str:
    return permalink(face.identity.url, Thread("", said.channel, said.thread)) or ""


def _reply(face: Face, one: Pointed, message: Message, shows: str | None = None) -> None:
    """Say something to who points, alone: beside the message, or in their direct messages where Slack gives no way."""
    said, key = one.said, f"pointed:{one.key}"
    if one.response_url:
        say(face, Outgoing(key, message, response_url=one.response_url, asker=said.person, shows=shows))
    else:
        say(face, Outgoing(key, message, person=said.person, shows=shows))


class _Turn(StrEnum):
    """Whose turn it is to answer a message."""

    MINE = "mine"
    LATER = "later"
    DONE = "done"
