"""A question's way through the bot: context, audience, answer, reply where it was asked."""

import hashlib
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from bot import attached, replies, showing, streaming, summarising
from bot.blocks.home import help_message
from bot.blocks.message import Message
from bot.blocks.stopped import stopped_message
from bot.face import Face, say
from bot.heard import Heard, moment, spoken
from bot.outbox import Outgoing
from bot.status import WORDS, Status
from bot.streaming import Stopped, Stream
from flywheel.answering.ask import Asking, Progress, Turn
from flywheel.knowledge.access import audience_of
from flywheel.model import Answer, Audience, Signal, SignalKind, Surface
from flywheel.signals.record import record, signal_key
from flywheel.store import answers, marks, questions

UNWATCHED = Progress()

_log = logging.getLogger(__name__)
_TURNS = 20
_EXCHANGES = 3
_LATELY = timedelta(minutes=30)
_LONGEST_ID = 64
_PATIENCE = timedelta(seconds=5)
"""How old a message gets before it is answered without the thread that Slack does not show."""
_UNREAD = "_I could not read this thread just now, so this answers your last message alone._"
_NO_CONTEXT = frozenset(
    {"thread_not_found", "message_not_found", "missing_scope", "not_in_channel", "channel_not_found", "unknown_method"}
)


def answer(face: Face, heard: Heard, *, quiet: bool = False) -> None:
    """Answer a message in its thread; an empty one gets help, one that was deleted meanwhile gets nothing.

    With a language model people see what is being done and written, unless it is `quiet`: then only the answer shows.
    """
    heard = attached.worded(heard)
    if not heard.text:
        help_out(face, heard)
        return
    if _deleted_at(face, heard) is not None or (not quiet and summarising.answer(face, heard)):
        return
    _note_follow_up(face, heard)
    if not heard.addressed and not quiet:
        with face.core.database.begin() as db:
            marks.add(db, owed_mark(fitting(heard.question_id)), "answer")
    given = _ask_in_sight(face, heard, quiet=quiet)
    if given is None:
        return
    stamp = _deleted_at(face, heard)  # again: looking it up took a while
    if stamp is not None:
        streaming.withdraw(face, given.question_id)
        with face.core.database.begin() as db:
            questions.mark_deleted(db, given.question_id, stamp)
        return
    with face.core.database.read() as db:
        intro = marks.find(db, showing.intro_mark(given.id)) or ""
    _reply(face, heard, showing.answer_of(face, given, intro=intro), given.id)


def _ask_in_sight(face: Face, heard: Heard, *, quiet: bool) -> Answer | None:
    """Return the answer; None where somebody stopped it, which is said."""
    stream = Stream(face, heard, fitting(heard.question_id))
    with suppress(Stopped), Status(face, heard, quiet=quiet) as status:
        if quiet or face.core.language_model is None:
            return ask(face, heard, heard.question_id)

        def begin_stage(name: str) -> None:
            stream.heed()
            status.show(WORDS.get(name, ""))

        stream.heed()
        status.begin()
        return ask(face, heard, heard.question_id, Progress(begin_stage, stream.grow), stream)
    _reply(face, heard, stopped_message(stream.text))
    return None


def _reply(face: Face, heard: Heard, message: Message, answer_id: str | None = None) -> None:
    """Say what there is to say to a message: once, and in the place of what was written before."""
    question_id = fitting(heard.question_id)
    said = Outgoing(
        key=answer_key(question_id),
        message=message,
        channel=heard.channel,
        thread_ts=heard.reply_to,
        answer_id=answer_id,
        asker=None if heard.surface is Surface.AUTO else heard.person,  # nobody waits for it
        finishes=question_id,
    )
    say(face, said)


def ask(
    face: Face, heard: Heard, question_id: str, progress: Progress = UNWATCHED, stream: Stream | None = None
) -> Answer:
    """Return the answer to a message for the people who can read its channel; `stream` hears who they are."""
    audience = audience_of(face.core.directory, heard.person, heard.channel)
    if stream is not None:
        stream.audience = audience
    thread, is_whole = _thread_before(face, heard, audience)
    brought = attached.read(face, heard)
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
        thread=thread,
        files=brought.files,
        remarks=brought.remarks,
        progress=progress,
    )
    given = face.ask(face.core, asking)
    if not is_whole:
        with face.core.database.begin() as db:
            marks.put(db, showing.intro_mark(given.id), _UNREAD)
    return given


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


def answer_key(question_id: str) -> str:
    """Return the key of the one message that answers a question."""
    return f"answer:{question_id}"


def owed_mark(question_id: str) -> str:
    """Return the name of the mark that a message is being answered that did not name the bot."""
    return f"owed:{question_id}"


def deleted_mark(channel: str, ts: str) -> str:
    """Return the name of the mark that a message was deleted before it was answered."""
    return f"deleted:{channel}:{ts}"


def _deleted_at(face: Face, heard: Heard) -> datetime | None:
    with face.core.database.read() as db:
        stamp = marks.find(db, deleted_mark(heard.channel, heard.ts))
    return moment(stamp) if stamp else None


def _note_follow_up(face: Face, heard: Heard) -> None:
    with face.core.database.read() as db:
        earlier = answers.in_thread(db, heard.channel, heard.thread) if heard.thread_ts else []
    before = [one for one in earlier if one.question_id != heard.question_id]
    if before:
        key = signal_key(SignalKind.FOLLOW_UP, before[-1].id, heard.person, heard.ts)
        record(
            face.core, Signal(key, before[-1].id, SignalKind.FOLLOW_UP, heard.person, heard.at, {"text": heard.text})
        )


def _thread_before(face: Face, heard: Heard, audience: Audience) -> tuple[tuple[Turn, ...], bool]:
    """Return what was said before, oldest first, and whether it could be read."""
    if heard.thread_ts is None:
        return (_said_lately(face, heard, audience) if heard.surface is Surface.DIRECT else ()), True
    try:
        said = replies.read(face.client, heard.channel, heard.thread_ts, before=heard.ts)
    except (SlackClientError, OSError, HTTPException) as error:
        if isinstance(error, SlackApiError) and error.response.get("error") in _NO_CONTEXT:
            return (), True
        if face.core.now() - heard.at < _PATIENCE:
            raise
        _log.warning("a question is answered without its thread: %s", error)
        return (), False
    earlier = [message for message in said if float(message["ts"]) < float(heard.ts)]
    told = [*earlier[:1], *earlier[1:][1 - _TURNS :]]  # how it began, and the newest
    return tuple(Turn(str(one.get("user", "")), spoken(str(one.get("text", "")), face.identity)) for one in told), True


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
