"""People go on talking in a thread that the bot answered in.

A question to the bot is answered, whoever asks it; what people say to each other is a human reply, and worth knowing.
A classifier tells the two apart. It hears the asker with more patience than others, and everybody with less once people
talk among themselves, or where nobody had asked the bot in the first place. In a muted thread it answers mentions only.
"""

from typing import Any

from slack_bolt import App

from bot import asking, unasked
from bot.face import Face
from bot.heard import Heard, heard
from flywheel.model import Answer, Signal, SignalKind, Surface
from flywheel.routing import chatter
from flywheel.signals.record import record, signal_key
from flywheel.store import answers, questions, signals

ASKER_FROM, OTHERS_FROM = 0.35, 0.7
"""The classifier's probability from which on a reply by the asker, or by somebody else, is a question to the bot.

Of 50 replies of each kind, written by hand and never trained on, .35 takes 35 questions and no talk, .5 takes 30.
"""
AMONG_PEOPLE = 0.2
"""How much surer it must be once somebody else has replied since the last answer, or in a thread of auto mode."""

_NEW = frozenset({None, "file_share", "thread_broadcast"})


def register(back: App, face: Face) -> None:
    """Listen to threads."""

    def is_reply(event: dict[str, Any]) -> bool:
        return bool(event.get("thread_ts")) and event.get("subtype") in _NEW

    @back.event("message", matchers=[is_reply])
    def reply(body: dict[str, Any]) -> None:
        said = heard(body, face.identity)
        earlier = _answers(face, said)
        if not earlier:
            return
        if _is_asked(face, said, earlier):
            asking.answer(face, said)
        else:
            _note(face, said, earlier[-1])


def _answers(face: Face, said: Heard) -> list[Answer]:
    with face.core.database.read() as db:
        root = answers.by_post(db, said.channel, said.thread)
        return [*([root] if root else []), *answers.in_thread(db, said.channel, said.thread)]


def _is_asked(face: Face, said: Heard, earlier: list[Answer]) -> bool:
    """Tell whether a reply is a question to the bot."""
    if said.names_others or said.is_too_long or unasked.is_muted(face, said.channel, said.thread):
        return False
    with face.core.database.read() as db:
        asked = [one for one in (questions.find(db, answer.question_id) for answer in earlier) if one]
        since = signals.of_answer(db, earlier[-1].id)
    is_asker = said.person in {one.person for one in asked}
    people_talk = any(one.kind is SignalKind.HUMAN_REPLY and one.person != said.person for one in since)
    among_people = people_talk or any(one.surface is Surface.AUTO for one in asked)
    if is_asker and not among_people and chatter.asks_for_more(said.text):
        return True
    line = (ASKER_FROM if is_asker else OTHERS_FROM) + (AMONG_PEOPLE if among_people else 0)
    return unasked.likely(face, said, in_thread=True) >= line


def _note(face: Face, said: Heard, answer: Answer) -> None:
    key = signal_key(SignalKind.HUMAN_REPLY, answer.id, said.person, said.ts)
    detail = {"text": said.text, "ts": said.ts}
    record(face.core, Signal(key, answer.id, SignalKind.HUMAN_REPLY, said.person, said.at, detail))
