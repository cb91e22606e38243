"""People go on talking in a thread that the bot answered in.

The asker's next question is answered; what anybody else says is a human reply, and worth knowing.
"""

from typing import Any

from slack_bolt import App

from bot import asking
from bot.face import Face
from bot.heard import Heard, heard
from flywheel.model import Answer, Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.store import answers, questions

_NEW = frozenset({None, "file_share", "thread_broadcast"})


def register(back: App, face: Face) -> None:
    """Listen to threads."""

    def is_reply(event: dict[str, Any]) -> bool:
        return bool(event.get("thread_ts")) and event.get("subtype") in _NEW

    @back.event("message", matchers=[is_reply])
    def reply(body: dict[str, Any]) -> None:
        said = heard(body, face.identity)
        earlier = _answers(face, said)
        if earlier and _goes_on_asking(face, said, earlier):
            asking.answer(face, said)
        elif earlier:
            _note(face, said, earlier[-1])


def _answers(face: Face, said: Heard) -> list[Answer]:
    with face.core.database.read() as db:
        root = answers.by_post(db, said.channel, said.thread)
        return [*([root] if root else []), *answers.in_thread(db, said.channel, said.thread)]


def _goes_on_asking(face: Face, said: Heard, earlier: list[Answer]) -> bool:
    if said.names_others or not said.asks:
        return False
    with face.core.database.read() as db:
        asked = [questions.find(db, answer.question_id) for answer in earlier]
    return said.person in {question.person for question in asked if question}


def _note(face: Face, said: Heard, answer: Answer) -> None:
    key = signal_key(SignalKind.HUMAN_REPLY, answer.id, said.person, said.ts)
    detail = {"text": said.text, "ts": said.ts}
    record(face.core, Signal(key, answer.id, SignalKind.HUMAN_REPLY, said.person, said.at, detail))
