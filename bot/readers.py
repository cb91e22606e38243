"""Who reads an answer now, where it stands or is about to.

A question keeps the audience for which it was answered. People join, guests are invited: when the audience of its place
has lost something since, the question's is narrowed for good, so that nothing made from it later shows more.

What was posted before somebody came stays, as every other message of the channel does; drawn again, it shows no more
than it did.
"""

from bot.face import Face
from flywheel.answering.again import for_readers
from flywheel.knowledge.access import audience_of, common, covers
from flywheel.model import Answer, Audience, Question
from flywheel.store import answers, questions


def left_to(face: Face, question: Question, channel: str | None) -> Audience | None:
    """Return what a question's readers in `channel` (None: its asker alone) still hold, or None when that is all of it.

    Raises:
        MembersUnknown: Slack cannot say now who they are.
    """
    now = audience_of(face.core.directory, question.person, channel)
    is_nobodys = question.audience.labels <= {
        f"user:{question.person}"
    }  # there is no less than that (`store.questions`)
    return None if is_nobodys or covers(now, question.audience) else common(question.audience, now)


def narrow(face: Face, answer_id: str) -> None:
    """Narrow an answer's question to those who read it now where it was posted.

    Raises:
        MembersUnknown: Slack cannot say now who they are.
    """
    with face.core.database.read() as db:
        answer, place = answers.find(db, answer_id), answers.posted_at(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
    if question is None or place is None:
        return
    left = left_to(face, question, place[0])
    if left is not None:
        with face.core.database.begin() as db:
            questions.narrow(db, question.id, left)


def fitting(face: Face, answer: Answer, channel: str) -> Answer:
    """Return an answer that `channel` does not show now and is to: made anew where its readers have lost something.

    Raises:
        MembersUnknown: Slack cannot say now who they are.
        NotFound: the question was deleted by its asker.
    """
    with face.core.database.read() as db:
        question = questions.find(db, answer.question_id)
    left = left_to(face, question, channel) if question is not None else None
    if question is None or left is None:
        return answer
    fresh = for_readers(face.core, answer.id, left)
    with face.core.database.begin() as db:
        questions.narrow(db, question.id, left)
    return fresh
