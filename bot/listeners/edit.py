"""Questions are edited and deleted.

An edited question is answered anew in the same message, as long as nobody has voted on the old answer. Edits may
overtake what they edit: an edit of an unknown message is the question itself, and a deletion leaves a mark behind.
Surprising: a deleted message that has replies stays as a tombstone, and Slack calls that a change.
"""

from dataclasses import replace
from typing import Any

from slack_bolt import App

from bot import asking, parts, showing
from bot.blocks.message import Message
from bot.face import Face, say
from bot.heard import Heard, heard, moment
from bot.outbox import Outgoing
from bot.place import Place, take
from flywheel.errors import FlywheelError
from flywheel.model import Answer, Question, Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.signals.votes import votes
from flywheel.store import answers, marks, questions
from flywheel.store.database import Session

_TOMBSTONE = "tombstone"


def register(back: App, face: Face) -> None:
    """Follow edits and deletions."""

    @back.event({"type": "message", "subtype": "message_changed"})
    def changed(body: dict[str, Any]) -> None:
        event = body["event"]
        if event["message"].get("subtype") == _TOMBSTONE:
            gone = str(event["message"]["ts"])
            _note_deletion(face, str(event["channel"]), gone, str(event.get("event_ts") or event["ts"]))
            return
        if event["message"].get("text") == (event.get("previous_message") or {}).get("text"):
            return
        said, stamp = heard(body, face.identity), str((event["message"].get("edited") or event)["ts"])
        if _is_newest(face, said, stamp):
            _answer_anew(face, said, stamp)

    @back.event({"type": "message", "subtype": "message_deleted"})
    def deleted(body: dict[str, Any]) -> None:
        event = body["event"]
        channel, ts = str(event["channel"]), str(event.get("deleted_ts") or event["previous_message"]["ts"])
        _note_deletion(face, channel, ts, str(event.get("event_ts") or event["ts"]))


def _answer_anew(face: Face, said: Heard, stamp: str) -> None:
    known, old = _known(face, said)
    if known is None and said.addressed:
        asking.answer(face, said)
        known, old = _known(face, said)  # the first wording may have been answered meanwhile
    if known is None or known.text == said.text or old is None:
        return
    key = signal_key(SignalKind.QUESTION_EDITED, old.id, said.person, stamp)
    detail = {"text": said.text}
    record(face.core, Signal(key, old.id, SignalKind.QUESTION_EDITED, said.person, moment(stamp), detail))
    if not votes(face.core, old.id):
        _replace(face, replace(said, surface=known.surface), stamp, old)


def _replace(face: Face, said: Heard, stamp: str, old: Answer) -> None:
    with face.core.database.read() as db:
        place = answers.posted_at(db, old.id)
    if place is None:
        raise FlywheelError("the answer to the first wording is not posted yet")
    fresh = asking.ask(face, said, f"{said.question_id}:{stamp}")
    with face.core.database.read() as db:
        there = _parts_of(db, place, said, old)
    shown = showing.answer_of(face, fresh)
    if len(shown.before) > len(there):
        _post_anew(face, said, fresh, shown)
        for where in (*there, place):
            parts.delete(face, where)
        return
    parts.change(face, place, there, shown.before)
    with face.core.database.begin() as db:
        take(db, place, fresh.id, stamp)
    showing.refresh(face, fresh.id)


def _parts_of(db: Session, place: Place, said: Heard, old: Answer) -> list[Place]:
    own = parts.standing(db, place, old.question_id)
    return own or parts.standing(db, place, asking.fitting(said.question_id))


def _post_anew(face: Face, said: Heard, fresh: Answer, shown: Message) -> None:
    key = asking.answer_key(fresh.question_id)
    say(face, Outgoing(key, shown, said.channel, said.reply_to, answer_id=fresh.id, asker=said.person))


def _known(face: Face, said: Heard) -> tuple[Question | None, Answer | None]:
    with face.core.database.read() as db:
        question = questions.by_message(db, said.channel, said.ts)
        return question, answers.of_question(db, question.id) if question else None


def _is_newest(face: Face, said: Heard, stamp: str) -> bool:
    name = f"edited:{said.channel}:{said.ts}"
    with face.core.database.begin() as db:
        newest = marks.find(db, name)
        if newest is not None and float(newest) > float(stamp):
            return False
        marks.put(db, name, stamp)
    return True


def _note_deletion(face: Face, channel: str, ts: str, stamp: str) -> None:
    with face.core.database.begin() as db:
        marks.put(db, asking.deleted_mark(channel, ts), stamp)
        question = questions.by_message(db, channel, ts)
        if question is None:
            return
        questions.mark_deleted(db, question.id, moment(stamp))
        answer = answers.of_question(db, question.id)
    if answer is not None:
        key = signal_key(SignalKind.QUESTION_DELETED, answer.id, question.person, ts)
        record(face.core, Signal(key, answer.id, SignalKind.QUESTION_DELETED, question.person, moment(stamp)))
