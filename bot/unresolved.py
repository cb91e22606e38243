"""Ask again, once, in a thread that went quiet and looks unresolved.

Where an experiment asks at the end of the thread only (`inviting.py`), or a person is being asked, nobody is asked
again: never two questions about one answer, and one a thread at most.
"""

from datetime import timedelta

from bot import inviting, outbox
from bot.blocks.asking import again_message
from bot.face import Face
from bot.outbox import Outgoing, Paced
from flywheel.learning.unasked import muted_mark
from flywheel.model import Answer, Question
from flywheel.signals.unresolved import looks_unresolved
from flywheel.store import answers, escalations, marks, questions, signals
from flywheel.store.jobs import Job

_SOON = timedelta(minutes=1)


def ask_again(face: Face, job: Job) -> None:
    """Ask again where a thread has been quiet for half an hour and looks unresolved; else there is nothing to do.

    Raises:
        Paced: it is too early.
    """
    now = face.core.now()
    with face.core.database.begin() as db:
        answer = answers.find(db, str(job.body["answer_id"]))
        question = questions.find(db, answer.question_id) if answer else None
        if answer is None or question is None or questions.is_deleted(db, question.id):
            return
        given = answer.answered_at or question.asked_at
        place = answers.posted_at(db, answer.id)
        if now - given > inviting.LATEST or inviting.went_on(db, answer, question):
            return
        if place is None:
            raise Paced(now + _SOON)
        done = signals.of_answer(db, answer.id)
        quiet_at = max([given, *(one.at for one in done)]) + inviting.QUIET_AGAIN
        if quiet_at > now:
            raise Paced(quiet_at)
        is_muted = marks.find(db, muted_mark(place[0], inviting.thread_of(question, place) or "")) is not None
        is_open = not is_muted and looks_unresolved(done) and escalations.open_for(db, answer.id) is None
        if is_open and marks.add(db, _mark(answer, question, place), answer.id):
            asked = again_message(answer.id, inviting.tally(db, answer.id))
            thread = inviting.thread_of(question, place)
            outbox.put(db, Outgoing(inviting.later_key(answer.id), asked, channel=place[0], thread_ts=thread), now)
    face.wake()


def _mark(answer: Answer, question: Question, place: tuple[str, str]) -> str:
    """Return the name of the mark that a thread was asked again; outside of threads every answer is its own."""
    return f"asked_again:{place[0]}:{inviting.thread_of(question, place) or answer.id}"
