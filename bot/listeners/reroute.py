"""Look in…: a question is looked up again where a person says, in the same message.

The choice is a label on the answer that was there. Whoever sees an answer may choose; of two who tap at once the last
one wins (`place.py`). An answer that only one person sees is replaced through its `response_url`.
"""

import logging
from dataclasses import replace
from http.client import HTTPException
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackClientError

from bot import readers, showing
from bot.blocks.message import note
from bot.blocks.route import BACK, LOOK_IN
from bot.click import Click, clicked
from bot.face import Face, say
from bot.outbox import Outgoing
from bot.place import take
from flywheel.answering.again import again
from flywheel.errors import NotFound
from flywheel.model import Answer, Retriever, Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.store import answers, marks
from flywheel.store.database import Session

_log = logging.getLogger(__name__)
_GONE = "The question was deleted, so I did not look again."


def register(back: App, face: Face) -> None:
    """Look elsewhere, and bring back what was there before."""

    @back.action(LOOK_IN)
    def look_in(body: dict[str, Any]) -> None:
        click = clicked(body)
        answer_id, _, name = click.value.rpartition("#")
        _look(face, click, answer_id, Retriever(name))

    @back.action(BACK)
    def bring_back(body: dict[str, Any]) -> None:
        click = clicked(body)
        with face.core.database.read() as db:
            earlier = answers.find(db, click.value)
        if earlier is not None:
            _bring_back(face, click, earlier)


def _look(face: Face, click: Click, answer_id: str, retriever: Retriever) -> None:
    with face.core.database.read() as db:
        before = answers.find(db, answer_id)
    if before is None:
        return
    key = signal_key(SignalKind.REROUTE, before.id, click.person, click.stamp)
    detail = {"retriever": retriever.value}
    record(face.core, Signal(key, before.id, SignalKind.REROUTE, click.person, click.at, detail))
    _say_status(face, click, f"looking in {retriever.value}…")
    try:
        readers.narrow(face, before.id)  # whoever has come since reads what is found now
        fresh = again(face.core, before.id, retriever, click.person)
    except NotFound:
        _respond(face, click, Outgoing(f"gone:{click.key}", note(_GONE)))
    else:
        with face.core.database.begin() as db:
            _remember(db, fresh, before)
        _show(face, click, fresh)
    finally:
        _say_status(face, click, "")


def _bring_back(face: Face, click: Click, earlier: Answer) -> None:
    """Show an earlier answer as those may see it who read the conversation now."""
    try:
        fit = earlier if click.only_you or click.channel is None else readers.fitting(face, earlier, click.channel)
    except NotFound:
        _respond(face, click, Outgoing(f"gone:{click.key}", note(_GONE)))
        return
    with face.core.database.begin() as db:
        intro = marks.find(db, showing.intro_mark(earlier.id))
        if intro is not None:
            marks.put(db, showing.intro_mark(fit.id), intro)
    _show(face, click, fit)


def _remember(db: Session, fresh: Answer, before: Answer) -> None:
    """Note what can be brought back where nothing was found, and the line above a shared answer."""
    intro = marks.find(db, showing.intro_mark(before.id))
    if intro is not None:
        marks.put(db, showing.intro_mark(fresh.id), intro)
    said_something = not before.abstained or marks.find(db, showing.amended_mark(before.id)) is not None
    earlier = before.id if said_something else marks.find(db, showing.previous_mark(before.id))
    if fresh.abstained and earlier is not None:
        marks.put(db, showing.previous_mark(fresh.id), earlier)


def _show(face: Face, click: Click, answer: Answer) -> None:
    """Show an answer in the place of the one that was clicked, unless somebody has chosen another since."""
    if click.channel is None or click.message_ts is None:
        return
    place = (click.channel, click.message_ts)
    if click.only_you:
        message = showing.answer_of(face, answer, only_you=True)
        _respond(face, click, Outgoing(f"look:{click.key}", message, replace=True))
        return
    with face.core.database.begin() as db:
        taken = take(db, place, answer.id, click.stamp)
    if taken:
        showing.refresh(face, answer.id)


def _respond(face: Face, click: Click, outgoing: Outgoing) -> None:
    if click.response_url:
        say(face, replace(outgoing, response_url=click.response_url))


def _say_status(face: Face, click: Click, doing: str) -> None:
    """Show under the thread what the bot does, or that it is done; it is cosmetic, so never fatal."""
    if click.only_you or click.channel is None:
        return
    thread = click.thread_ts or click.message_ts or ""
    lines = [doing.capitalize()] if doing else None
    try:
        face.client.assistant_threads_setStatus(
            channel_id=click.channel, thread_ts=thread, status=f"is {doing}" if doing else "", loading_messages=lines
        )
    except (SlackClientError, OSError, HTTPException) as error:
        _log.info("the status could not be shown: %s", error)
