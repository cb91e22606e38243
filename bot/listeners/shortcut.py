"""Shortcuts: "Answer this question" on a message, and "Ask a question" from anywhere, with a form."""

from typing import Any

from slack_bolt import App

from bot import alone, pointing, showing
from bot.alone import Alone
from bot.blocks import pointed
from bot.blocks.limits import PLAIN_INPUT
from bot.face import Face, say
from bot.form import entered
from bot.heard import spoken
from bot.outbox import Outgoing
from flywheel.model import Surface
from flywheel.store import marks

ANSWER_MESSAGE = "answer_message"
ASK_GLOBAL = "ask_global"


def register_front(front: App, face: Face) -> None:
    """Open the form at once, and refuse an empty or an overlong one."""

    @front.global_shortcut(ASK_GLOBAL)
    def open_form(ack: Any, body: dict[str, Any]) -> None:
        ack()
        face.client.views_open(trigger_id=str(body["trigger_id"]), view=pointed.question_form())

    @front.view(pointed.FORM)
    def check(ack: Any, view: dict[str, Any]) -> None:
        text = entered(view, pointed.QUESTION)
        if not text:
            ack(response_action="errors", errors={pointed.QUESTION: pointed.EMPTY})
        elif len(text) > PLAIN_INPUT:
            ack(response_action="errors", errors={pointed.QUESTION: pointed.overlong(PLAIN_INPUT)})
        else:
            ack()


def register(back: App, face: Face) -> None:
    """Answer what was pointed at, and what was asked in the form."""

    @back.message_shortcut(ANSWER_MESSAGE)
    def answer_message(body: dict[str, Any]) -> None:
        pointing.answer(face, pointing.pointed_at(body, face))

    @back.view(pointed.FORM)
    def asked(body: dict[str, Any]) -> None:
        view, person = body["view"], str(body["user"]["id"])
        _answer(face, spoken(entered(view, pointed.QUESTION), face.identity), person, f"form:{view['id']}")


def _answer(face: Face, text: str, person: str, key: str) -> None:
    channel = str(face.client.conversations_open(users=person)["channel"]["id"])
    given = alone.answer(face, Alone(key, text, person, Surface.SHORTCUT, channel))
    intro = pointed.intro(text)
    with face.core.database.begin() as db:
        marks.put(db, showing.intro_mark(given.id), intro)
    message = showing.answer_of(face, given, intro=intro)
    say(face, Outgoing(f"answer:{given.question_id}", message, channel=channel, answer_id=given.id, asker=person))
