"""`/ask`: an answer that only the asker sees, until they share it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot import administering, alone, profiles, showing, summarising
from bot.alone import Alone
from bot.blocks.answer import SHARE
from bot.blocks.home import help_message, naming_message
from bot.blocks.message import note
from bot.blocks.pointed import too_long
from bot.blocks.text import inert, person
from bot.click import Click, clicked
from bot.face import Face, say
from bot.heard import LONGEST_QUESTION, named_channels, spoken
from bot.outbox import Outgoing
from flywheel.answering.again import again
from flywheel.answering.ask import Asking
from flywheel.knowledge.access import audience_of
from flywheel.model import Answer, Question, Retriever, Signal, SignalKind, Surface
from flywheel.signals.record import record, signal_key
from flywheel.store import answers, marks, questions

_HIDING: Mapping[str, bool] = {"hide me": True, "show me": False}


def register(back: App, face: Face) -> None:
    """Answer the command and share what it answered."""

    @back.command(face.command)
    def command(body: dict[str, Any]) -> None:
        key = f"command:{_digest(str(body['trigger_id']))}"
        message = _answer(face, body, key)
        with face.core.database.read() as db:
            given = answers.of_question(db, key)
        shown, asker = given.id if given else None, str(body["user_id"])
        say(face, Outgoing(key, message, response_url=str(body["response_url"]), asker=asker, shows=shown))

    @back.action(SHARE)
    def share(body: dict[str, Any]) -> None:
        click = clicked(body)
        found = _shareable(face, click)
        if found is not None:
            _share(face, click, *found)


def _answer(face: Face, body: dict[str, Any], question_id: str) -> Any:
    text, asker = spoken(str(body.get("text") or ""), face.identity), str(body["user_id"])
    if not text or text.lower() == "help":
        return help_message(face.identity.user, face.command, is_admin=administering.may(face, asker))
    if text.lower() in _HIDING:
        hidden = _HIDING[text.lower()]
        profiles.name_or_not(face, asker, hidden=hidden)
        return naming_message(hidden=hidden)
    named = named_channels(str(body.get("text") or ""))
    summed_up = summarising.for_command(face, asker, text, (str(body["channel_id"]), named))
    if summed_up is not None:
        return summed_up
    if len(text) > LONGEST_QUESTION:
        return too_long(LONGEST_QUESTION)
    asked = Alone(question_id, text, asker, Surface.COMMAND, str(body["channel_id"]), str(body.get("team_id") or ""))
    return showing.answer_of(face, alone.answer(face, asked), only_you=True)


def _shareable(face: Face, click: Click) -> tuple[Answer, Question] | None:
    with face.core.database.read() as db:
        answer = answers.find(db, click.value)
        question = questions.find(db, answer.question_id) if answer else None
    if answer is None or question is None or question.person != click.person or click.channel is None:
        return None
    return answer, question


def _share(face: Face, click: Click, private: Answer, question: Question) -> None:
    channel = str(click.channel)
    asked = Asking(
        text=question.text,
        person=click.person,
        surface=Surface.COMMAND,
        audience=audience_of(face.core.directory, click.person, channel),
        question_id=f"share:{_digest(question.id + channel)}",
        team=question.team,
        channel=channel,
    )
    shared = face.ask(face.core, asked)
    if private.routing.asked_for:
        shared = again(face.core, shared.id, Retriever(private.routing.asked_for), click.person)
    if shared.abstained:
        _respond(face, click, "I found nothing on this that everybody in this channel may read, so I shared nothing.")
        return
    key = signal_key(SignalKind.SHARE, private.id, click.person, channel)
    record(face.core, Signal(key, private.id, SignalKind.SHARE, click.person, click.at, {"channel": channel}))
    _post(face, shared, question, channel)
    if shared.text != private.text:
        _respond(face, click, "What I post here differs from what you saw: everybody in this channel may read it.")


def _post(face: Face, shared: Answer, question: Question, channel: str) -> None:
    intro = f"{person(question.person)} asked: *{inert(question.text).replace('*', '∗')[:600]}*"
    with face.core.database.begin() as db:
        marks.put(db, showing.intro_mark(shared.id), intro)
    message = showing.answer_of(face, shared, intro=intro)
    key = f"{shared.question_id}:{shared.routing.asked_for}" if shared.routing.asked_for else shared.question_id
    say(face, Outgoing(key, message, channel=channel, answer_id=shared.id, asker=question.person))


def _respond(face: Face, click: Click, text: str) -> None:
    if click.response_url:
        say(face, Outgoing(f"shared:{click.key}", note(text), response_url=click.response_url))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
