"""The last look before an answer is posted: do those who would read it now hold all that it was made from?

An answer whose readers have lost something since it was asked for is not posted. The question is answered anew for
those who are left, and that answer goes out in its place, once: the first message is dropped for good.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import outbox, private, readers, showing
from bot.face import Face
from bot.outbox import Outbox, Outgoing, translate
from bot.outgoing import stored
from flywheel.answering.again import for_readers
from flywheel.errors import MembersUnknown
from flywheel.model import Audience, Question
from flywheel.store import answers, marks, questions
from flywheel.store.jobs import Job


def send(face: Face, out: Outbox, job: Job) -> Mapping[str, Any]:
    """Send a job's message and return where it stands; an answer that may not be shown any more is replaced instead.

    Raises:
        Paced, Refused, Unclear, StaleLease: as `Outbox.send` does.
    """
    outgoing = stored(job)
    shown = outgoing.answer_id or outgoing.shows
    if shown is None:
        return out.send(job)  # it shows no answer
    with face.core.database.read() as db:
        is_replaced = marks.find(db, replaced_mark(shown)) is not None
        answer = answers.find(db, shown)
        question = questions.find(db, answer.question_id) if answer else None
    if is_replaced:
        return {}
    left = _left(face, question, outgoing) if question else None
    if question is not None and left is not None and not (job.sending and out.has_sent(job)):
        _replace(face, outgoing, question, left)
        return {}
    place = out.send(job)
    if answer is not None and outgoing.answer_id:
        private.offer(face, answer)
    return place


def replaced_mark(answer_id: str) -> str:
    """Return the name of the mark that an answer is not posted, because another one was made for fewer readers."""
    return f"replaced:{answer_id}"


def _left(face: Face, question: Question, outgoing: Outgoing) -> Audience | None:
    try:
        return readers.left_to(face, question, None if outgoing.response_url else outgoing.channel)
    except MembersUnknown as error:
        raise translate(error, face.core.now()) from error


def _replace(face: Face, outgoing: Outgoing, question: Question, left: Audience) -> None:
    """Answer anew, and in one unit of work drop the old answer, narrow its question and store the new message."""
    shown = outgoing.answer_id or outgoing.shows or ""
    fresh = for_readers(face.core, shown, left)
    with face.core.database.read() as db:
        intro = marks.find(db, showing.intro_mark(shown)) or ""
    only_you = outgoing.response_url is not None
    message = showing.answer_of(face, fresh, only_you=only_you, intro=intro)
    instead = replace(
        outgoing,
        key=f"{outgoing.key}:{fresh.id}",
        message=message,
        answer_id=None if only_you else fresh.id,
        shows=fresh.id,
        asker=question.person,
        after="",
    )
    with face.core.database.begin() as db:
        questions.narrow(db, question.id, left)
        marks.put(db, replaced_mark(shown), fresh.id)
        if intro:
            marks.put(db, showing.intro_mark(fresh.id), intro)
        outbox.put(db, instead, face.core.now())
    face.wake()
