"""Who decides on a suggestion, and what follows from the decision."""

import re

from slack_sdk.errors import SlackApiError

from bot import outbox, showing
from bot.blocks import correction as words
from bot.blocks.message import Message
from bot.blocks.review import review_message
from bot.face import Face, tell
from bot.outbox import Outgoing
from flywheel.model import Correction, Question, Surface, VerifiedAnswer
from flywheel.store import answers, corrections, documents, jobs, marks, questions, verified
from flywheel.store.database import Session

_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")
_IN_SLACK = frozenset({Surface.MENTION, Surface.DIRECT, Surface.THREAD, Surface.COMMAND})


def reviewers_to_tell(face: Face, correction: Correction) -> frozenset[str]:
    """Return those owners of what the answer cited who are Slack users; the administrators where there is none."""
    with face.core.database.read() as db:
        answer = answers.find(db, correction.answer_id)
        owners = documents.owners_of(db, [citation.passage_id for citation in answer.citations] if answer else [])
    known = frozenset(owner for owner in owners.values() if _SLACK_ID.fullmatch(owner))
    return known or face.core.admins


def answered_text(face: Face, correction: Correction) -> str:
    """Return what the bot had answered."""
    with face.core.database.read() as db:
        answer = answers.find(db, correction.answer_id)
    return answer.text if answer else ""


def closed_circle(face: Face, correction_id: str) -> frozenset[str] | None:
    """Return the label of the private channel that the corrected question came from, or None for anywhere else.

    A channel that cannot be looked up counts as private.
    """
    with face.core.database.read() as db:
        correction = corrections.find(db, correction_id)
        answer = answers.find(db, correction.answer_id) if correction else None
        question = questions.find(db, answer.question_id) if answer else None
    if question is None or not question.channel or question.surface not in {Surface.MENTION, Surface.THREAD}:
        return None
    try:
        found = face.client.conversations_info(channel=question.channel)
    except SlackApiError as error:
        if error.response.get("error") != "channel_not_found":
            raise
        return frozenset({f"channel:{question.channel}"})
    return frozenset({f"channel:{question.channel}"}) if found["channel"].get("is_private") else None


def show_decision(face: Face, correction_id: str) -> None:
    """Put the decision into the review messages and tell the suggestion's author."""
    with face.core.database.read() as db:
        correction = corrections.find(db, correction_id)
        posted = jobs.beginning(db, f"post:review:{correction_id}:")
    if correction is None:
        return
    message = review_message(correction, answered_text(face, correction))
    for job in posted:
        if job.result:
            showing.update(face, (str(job.result["channel"]), str(job.result["ts"])), message)


def tell_author(face: Face, correction_id: str, message: Message) -> None:
    """Tell the author of a suggestion what became of it, unless they decided themselves."""
    with face.core.database.read() as db:
        correction = corrections.find(db, correction_id)
    if correction is not None and correction.person != correction.reviewer:
        tell(face, correction.person, message, f"decided:{correction_id}")


def spread(face: Face, made: VerifiedAnswer) -> None:
    """Amend every answer that the correction is for, where all its readers may read it, and tell each asker once."""
    correction_id = made.correction_id or ""
    with face.core.database.begin() as db:
        amended = [_amend(face, db, answer_id, made) for answer_id in verified.corrected_answers(db, correction_id)]
    face.wake()
    for answer_id in amended:
        if answer_id:
            showing.refresh(face, answer_id)


def _amend(face: Face, db: Session, answer_id: str, made: VerifiedAnswer) -> str | None:
    answer = answers.find(db, answer_id)
    question = questions.find(db, answer.question_id) if answer else None
    if question is None or not made.access & question.audience.labels:
        return None
    marks.put(db, showing.amended_mark(answer_id), made.correction_id or "")
    _tell_asker(face, db, question, answers.posted_at(db, answer_id), made)
    return answer_id


def _tell_asker(
    face: Face, db: Session, question: Question, place: tuple[str, str] | None, made: VerifiedAnswer
) -> None:
    if question.surface not in _IN_SLACK or question.person in {made.author, made.approved_by}:
        return
    message = words.corrected(question.person, made.text)
    key = f"corrected:{made.id}:{question.person}"
    in_thread = place is not None and question.message_ts is not None
    told = (
        Outgoing(key, message, channel=question.channel, thread_ts=question.thread_ts or question.message_ts)
        if in_thread
        else Outgoing(key, message, person=question.person)
    )
    outbox.put(db, told, face.core.now())
