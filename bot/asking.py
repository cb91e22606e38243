"""A question's way through the bot: context, audience, answer, reply where it was asked."""

import hashlib
import logging
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from bot import showing
from bot.blocks.home import help_message
from bot.face import Face, say
from bot.heard import Heard, moment, spoken
from bot.outbox import Outgoing
from flywheel.answering.ask import Asking, Turn
from flywheel.knowledge.access import audience_of
from flywheel.model import Answer, Audience, Signal, SignalKind, Surface
from flywheel.signals.record import record, signal_key
from flywheel.store import answers, marks, questions

_log = logging.getLogger(__name__)
_TURNS = 20
_EXCHANGES = 3
_LATELY = timedelta(minutes=30)
_LONGEST_ID = 64
_NO_CONTEXT = frozenset(
    {"thread_not_found", "message_not_found", "missing_scope", "not_in_channel", "channel_not_found", "unknown_method"}
)


def answer(face: Face, heard: Heard) -> None:
    """Answer a message in its thread; an empty one gets help, one that was deleted meanwhile gets nothing."""
    if not heard.text:
        help_out(face, heard)
        return
    if _deleted_at(face, heard) is not None:
        return
    _note_follow_up(face, heard)
    _show_work(face, heard)
    given = ask(face, heard, heard.question_id)
    stamp = _deleted_at(face, heard)  # again: looking it up took a while
    if stamp is not None:
        with face.core.database.begin() as db:
            questions.mark_deleted(db, given.question_id, stamp)
        return
    say(
        face,
        Outgoing(
            key=f"answer:{given.question_id}",
            message=showing.answer_of(face, given),
            channel=heard.channel,
            thread_ts=heard.reply_to,
            answer_id=given.id,
            asker=heard.person,
        ),
    )


def ask(face: Face, heard: Heard, question_id: str) -> Answer:
    """Return the answer to a message for the people who can read its channel."""
    audience = audience_of(face.core.directory, heard.person, heard.channel)
    asking = Asking(
        text=heard.text,
        person=heard.person,
        surface=heard.surface,
        audience=audience,
        question_id=fitting(question_id),
        team=heard.team,
        channel=heard.channel,
        thread_ts=heard.thread_ts,
        message_ts=heard.ts,
        thread=_thread_before(face, heard, audience),
    )
    return face.ask(face.core, asking)


def help_out(face: Face, heard: Heard) -> None:
    """Say how to ask."""
    message = help_message(face.identity.user, face.command)
    key = f"help:{heard.channel}:{heard.ts}"
    say(face, Outgoing(key, message, channel=heard.channel, thread_ts=heard.reply_to, asker=heard.person))


def fitting(question_id: str) -> str:
    """Return an id that fits its column."""
    return (
        question_id if len(question_id) <= _LONGEST_ID else "q:" + hashlib.sha256(question_id.encode()).hexdigest()[:60]
    )


def deleted_mark(channel: str, ts: str) -> str:
    """Return the name of the mark that a message was deleted before it was answered."""
    return f"deleted:{channel}:{ts}"


def _deleted_at(face: Face, heard: Heard) -> datetime | None:
    with face.core.database.read() as db:
        stamp = marks.find(db, deleted_mark(heard.channel, heard.ts))
    return moment(stamp) if stamp else None


def _show_work(face: Face, heard: Heard) -> None:
    """Say that the bot is at work where a language model makes people wait. It is cosmetic, so never fatal."""
    if face.core.language_model is None:
        return
    try:
        face.client.assistant_threads_setStatus(
            channel_id=heard.channel, thread_ts=heard.thread, status="is looking it up…"
        )
    except (SlackClientError, OSError, HTTPException) as error:
        _log.info("the status could not be shown: %s", error)


def _note_follow_up(face: Face, heard: Heard) -> None:
    with face.core.database.read() as db:
        earlier = answers.in_thread(db, heard.channel, heard.thread) if heard.thread_ts else []
    before = [one for one in earlier if one.question_id != heard.question_id]
    if before:
        key = signal_key(SignalKind.FOLLOW_UP, before[-1].id, heard.person, heard.ts)
        record(
            face.core, Signal(key, before[-1].id, SignalKind.FOLLOW_UP, heard.person, heard.at, {"text": heard.text})
        )


def _thread_before(face: Face, heard: Heard, audience: Audience) -> tuple[Turn, ...]:
    if heard.thread_ts is None:
        return _said_lately(face, heard, audience) if heard.surface is Surface.DIRECT else ()
    try:
        page = face.client.conversations_replies(
            channel=heard.channel, ts=heard.thread_ts, latest=heard.ts, inclusive=False, limit=_TURNS
        )
    except SlackApiError as error:
        if error.response.get("error") in _NO_CONTEXT:
            return ()
        raise
    earlier = [message for message in page["messages"] if float(message["ts"]) < float(heard.ts)]
    return tuple(Turn(str(one.get("user", "")), spoken(str(one.get("text", "")), face.identity)) for one in earlier)


def _said_lately(face: Face, heard: Heard, audience: Audience) -> tuple[Turn, ...]:
    """Return the last exchanges of a direct conversation, oldest first; none from before access was taken away."""
    turns: list[Turn] = []
    with face.core.database.read() as db:
        for question in reversed(questions.recent_of(db, heard.person, _EXCHANGES)):
            given = answers.of_question(db, question.id)
            is_here = question.channel == heard.channel and question.audience.labels <= audience.labels
            if given is not None and is_here and heard.at - question.asked_at < _LATELY:
                turns += [Turn(question.person, question.text), Turn(face.identity.user, given.text)]
    return tuple(turns)
