"""Who decides on a suggestion, and what follows from the decision."""

import re
from itertools import islice

from bot import outbox, showing
from bot.blocks import correction as words
from bot.blocks.message import Message
from bot.blocks.review import review_message
from bot.face import Face, say, tell
from bot.outbox import Outgoing
from flywheel.answering.whom import is_place
from flywheel.curation.corrections import may_vouch, reviewers
from flywheel.curation.review_deciding import IN_CHANNELS
from flywheel.knowledge.access import audience_of
from flywheel.model import Audience, Correction, Question, Surface, VerifiedAnswer
from flywheel.ports import Reach
from flywheel.store import (
    answers,
    corrections,
    documents,
    jobs,
    marks,
    origins,
    passages,
    questions,
    reviews,
    trusts,
    verified,
)
from flywheel.store.database import Session

_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")
_TRUSTED_TOLD = 3
_IN_SLACK = IN_CHANNELS | {Surface.DIRECT, Surface.COMMAND}


def reviewers_to_tell(face: Face, correction: Correction) -> frozenset[str]:
    """Return those owners of what the answer cited who are Slack users.

    Where there is none: the administrators, and the most trusted people who may read it, two of whom may approve.
    """
    with face.core.database.read() as db:
        answer = answers.find(db, correction.answer_id)
        owners = documents.owners_of(db, [citation.passage_id for citation in answer.citations] if answer else [])
    known = frozenset(owner for owner in owners.values() if _SLACK_ID.fullmatch(owner))
    return known or face.core.admins | _trusted(face, correction)


def _trusted(face: Face, correction: Correction) -> frozenset[str]:
    with face.core.database.read() as db:
        standings = trusts.every(db)
    proven = (name for name, one in standings.items() if one.is_proven and _SLACK_ID.fullmatch(name))
    return frozenset(islice((one for one in proven if may_vouch(face.core, correction, one)), _TRUSTED_TOLD))


def ask_for_review(face: Face, correction: Correction) -> None:
    """Show a suggestion to those who decide on it, and tell its author that it is with them; once each."""
    found = reviewers_to_tell(face, correction)
    for reviewer in sorted(found):
        message = review_for(face, correction, reviewer)
        say(face, Outgoing(f"review:{correction.id}:{reviewer}", message, person=reviewer))
    tell(face, correction.person, words.received() if found else words.nobody_reviews(), f"received:{correction.id}")


def review_for(face: Face, correction: Correction, reviewer: str) -> Message:
    """Render a suggestion for one reviewer: what was answered before stands in it only if they may read its sources."""
    with face.core.database.read() as db:
        keys = reviews.keys(db, correction.id)
    alone = reviewer in reviewers(face.core, correction.id)
    before = _answered_before(face, correction, reviewer)
    return review_message(correction, before, keys, alone=alone, reader=reviewer)


def _answered_before(face: Face, correction: Correction, reviewer: str) -> str:
    audience = audience_of(face.core.directory, reviewer, None)
    with face.core.database.read() as db:
        answer = answers.find(db, correction.answer_id)
        if answer is None or answer.abstained:  # titles in it are for its asker
            return "No answer was found."
        cited = {citation.passage_id for citation in answer.citations}
        repeated = answer.verified_answer_id
        is_readable = len(passages.hits(db, sorted(cited), audience)) == len(cited)
        if repeated is not None:
            is_readable = is_readable and origins.readable(db, repeated, audience) is not None
    return answer.text if is_readable else "The answer cites a source that you may not read."


def closed_circle(face: Face, correction_id: str) -> frozenset[str] | None:
    """Return the label of the closed channel that the corrected question came from, or None for anywhere else.

    Closed is what the company may not look into, or people from outside may: private, shared, or not shown to us.

    Raises:
        MembersUnknown: Slack does not say now.
    """
    with face.core.database.read() as db:
        correction = corrections.find(db, correction_id)
        answer = answers.find(db, correction.answer_id) if correction else None
        question = questions.find(db, answer.question_id) if answer else None
    if question is None or not is_place(question.channel) or question.surface not in IN_CHANNELS:
        return None
    if face.core.directory.reach_of(question.channel) is Reach.COMPANY:
        return None
    return frozenset({f"channel:{question.channel}"})


def show_decision(face: Face, correction_id: str) -> None:
    """Put the decision into the review messages and tell the suggestion's author."""
    with face.core.database.read() as db:
        correction = corrections.find(db, correction_id)
        posted = jobs.beginning(db, f"post:review:{correction_id}:")
    if correction is None:
        return
    for job in posted:
        if job.result:
            message = review_for(face, correction, str(job.body["person"]))
            showing.update(face, (str(job.result["channel"]), str(job.result["ts"])), message)


def tell_author(face: Face, correction_id: str, message: Message) -> None:
    """Tell the author of a suggestion what became of it, unless they decided themselves."""
    with face.core.database.read() as db:
        correction = corrections.find(db, correction_id)
    if correction is not None and correction.person != correction.reviewer:
        tell(face, correction.person, message, f"decided:{correction_id}")


def spread(face: Face, made: VerifiedAnswer) -> None:
    """Amend every answer that the correction is for, where all its readers may read it, and tell each asker once."""
    with face.core.database.read() as db:
        corrected = [answers.find(db, one) for one in verified.corrected_answers(db, made.correction_id or "")]
        asked = [(one, questions.find(db, one.question_id)) for one in corrected if one]
    amended = [
        (answer.id, question, _may_read_alone(face, question.person, made))
        for answer, question in asked
        if question and made.access & _audience_now(face, question).labels
    ]
    with face.core.database.begin() as db:
        for answer_id, question, alone in amended:
            marks.put(db, showing.amended_mark(answer_id), made.correction_id or "")
            in_thread = answers.posted_at(db, answer_id) is not None and question.message_ts is not None
            if in_thread or alone:
                _tell_asker(face, db, question, made, in_thread=in_thread)
    face.wake()
    for answer_id, _, _ in amended:
        showing.refresh(face, answer_id)


def _audience_now(face: Face, question: Question) -> Audience:
    """Return who can read the reply to a question; what a person alone may read can have changed since."""
    if f"user:{question.person}" in question.audience.labels:
        return audience_of(face.core.directory, question.person, None)
    return question.audience


def _may_read_alone(face: Face, person: str, made: VerifiedAnswer) -> bool:
    return bool(made.access & audience_of(face.core.directory, person, None).labels)


def _tell_asker(face: Face, db: Session, question: Question, made: VerifiedAnswer, *, in_thread: bool) -> None:
    if question.surface not in _IN_SLACK or question.person in {made.author, made.approved_by}:
        return
    message = words.corrected(question.person, made.text)
    key = f"corrected:{made.id}:{question.person}"
    told = (
        Outgoing(key, message, channel=question.channel, thread_ts=question.thread_ts or question.message_ts)
        if in_thread
        else Outgoing(key, message, person=question.person)
    )
    outbox.put(db, told, face.core.now())
