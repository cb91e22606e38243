"""An expert replies to what they were asked: in the thread, under the bot's message to them, or in its form.

The reply is a person's answer: it is noted as one, brought to whoever asked in private, and the first that says
something becomes a suggestion in the expert's name, for those who approve answers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import outbox, request, showing
from bot.blocks import escalation as words
from bot.face import Face
from bot.heard import Heard
from bot.outbox import Outgoing, Paced
from bot.reviewing import ask_for_review
from flywheel.curation.corrections import LONGEST, Suggestion, suggest
from flywheel.model import Signal, SignalKind, Surface
from flywheel.signals import escalation as acts
from flywheel.signals.record import signal_key
from flywheel.store import escalations, jobs, signals
from flywheel.store.database import Session
from flywheel.store.escalations import Escalation
from flywheel.store.jobs import JobState

_SOON = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody replied; `stamp` tells two replies apart."""

    person: str
    text: str
    stamp: str
    at: datetime


def asked_of(face: Face, said: Heard) -> Escalation | None:
    """Return the request that a message replies to, or None; who names the bot speaks to the bot.

    In a thread of others it is open; under the bot's message to the expert there is nothing else to talk about.
    """
    if said.thread_ts is None or not said.text or (said.addressed and said.surface is not Surface.DIRECT):
        return None
    with face.core.database.read() as db:
        return next((one for one in _asked_here(db, said) if one.expert == said.person), None)


def somebody_replied(face: Face, found: Escalation) -> bool:
    """Tell whether somebody else has helped since; if so, the request waits for nobody any more."""
    with face.core.database.begin() as db:
        for one in signals.of_answer(db, found.answer_id):
            helped = one.kind is SignalKind.HUMAN_REPLY and one.at >= found.at
            if (
                helped
                and one.person not in {found.asker, found.asked_by}
                and acts.says_something(one.detail.get("text", ""))
            ):
                return acts.note_reply(db, found, one.person, one.detail.get("ts", ""), one.at)
    return False


def take(face: Face, found: Escalation, reply: Reply) -> None:
    """Note an expert's reply, bring it to who asked in private, and suggest it once as the answer."""
    key = signal_key(SignalKind.HUMAN_REPLY, found.answer_id, reply.person, reply.stamp)
    detail = {"text": reply.text, "ts": reply.stamp}
    with face.core.database.begin() as db:
        acts.note_reply(db, found, reply.person, reply.stamp, reply.at)
        signals.put(db, Signal(key, found.answer_id, SignalKind.HUMAN_REPLY, reply.person, reply.at, detail))
        if found.is_private:
            message = words.reply_message(found.id, reply.person, found.shared, reply.text)
            said = Outgoing(_relay_key(found, reply.stamp), message, person=found.asked_by)
            outbox.put(db, said, face.core.now())
    face.wake()
    _suggest(face, found, reply)
    request.show(face, found.id)


def amend(face: Face, found: Escalation, said: Heard) -> None:
    """Bring an edited reply to who asked in private: in the place of what they got before.

    Raises:
        Paced: they have not got it yet.
    """
    with face.core.database.read() as db:
        posted = jobs.find(db, f"post:{_relay_key(found, said.ts)}")
    if posted is not None and posted.state not in {JobState.DONE, JobState.DEAD}:
        raise Paced(face.core.now() + _SOON)
    if posted is not None and "ts" in posted.result:
        message = words.reply_message(found.id, found.expert, found.shared, said.text)
        showing.update(face, (str(posted.result["channel"]), str(posted.result["ts"])), message)


def _relay_key(found: Escalation, stamp: str) -> str:
    return f"{words.REPLY}:{found.id}:{stamp}"


def _suggest(face: Face, found: Escalation, reply: Reply) -> None:
    if not found.is_open or found.correction_id or not acts.says_something(reply.text) or len(reply.text) > LONGEST:
        return
    if request.about(face, found.answer_id) is None:  # its asker took the question back
        return
    question = found.shared if found.is_private else ""
    correction = suggest(
        face.core, Suggestion(f"escalation:{found.id}", found.answer_id, reply.person, reply.text, question=question)
    )
    with face.core.database.begin() as db:
        escalations.move(db, found.id, escalations.OPEN, correction_id=correction.id)
    ask_for_review(face, correction)


def _asked_here(db: Session, said: Heard) -> list[Escalation]:
    """Return the requests that a message may be a reply to, oldest first."""
    if not said.channel.startswith("D"):
        return escalations.open_in(db, said.channel, said.thread)
    return [
        one for one in escalations.asked_alone(db, said.person) if _stands_at(db, one.id, said.channel, said.thread)
    ]


def _stands_at(db: Session, escalation_id: str, channel: str, ts: str) -> bool:
    """Tell whether this message is the one that asked an expert, or reminded them."""
    keys = (request.request_key(escalation_id), request.reminder_key(escalation_id))
    posted = (jobs.find(db, f"post:{key}") for key in keys)
    return any(job is not None and (job.result.get("channel"), job.result.get("ts")) == (channel, ts) for job in posted)
