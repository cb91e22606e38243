"""What people asked lately in channels that everybody can join, and was answered; and whether a text names somebody.

Read for suggesting questions. What was asked alone, among a few, or in private channels is never in it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, literal, or_, select

from flywheel.model import PUBLIC, Surface
from flywheel.store import expertise, profiles
from flywheel.store.database import Session
from flywheel.store.question_tables import AnswerRow, QuestionRow
from flywheel.store.work_tables import PersonRow

_IN_CHANNELS = (Surface.MENTION.value, Surface.THREAD.value, Surface.AUTO.value)
_GUESTS = "guests"
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Answered:
    """A question asked in an open channel, and the answer to it; `confidence` is a probability in [0, 1]."""

    text: str
    person: str
    channel: str
    answer_id: str
    confidence: float
    verified_answer_id: str | None


def answered_since(db: Session, since: datetime, limit: int) -> list[Answered]:
    """Return up to `limit` questions with their newest answer, newest first; no deleted ones, no abstentions."""
    wanted = (
        select(QuestionRow, AnswerRow)
        .join(AnswerRow, AnswerRow.question_id == QuestionRow.id)
        .where(QuestionRow.asked_at >= since, QuestionRow.deleted_at.is_(None))
        .where(QuestionRow.surface.in_(_IN_CHANNELS), ~AnswerRow.abstained)
        .order_by(QuestionRow.asked_at.desc(), QuestionRow.id, AnswerRow.answered_at.desc(), AnswerRow.id)
        .limit(limit)
    )
    known = expertise.open_channels(db)
    found: dict[str, Answered] = {}
    for question, answer in db.execute(wanted):
        if question.id not in found and _is_open(question, known):
            found[question.id] = Answered(
                text=question.text,
                person=question.person,
                channel=question.channel or "",
                answer_id=answer.id,
                confidence=answer.confidence,
                verified_answer_id=answer.verified_answer_id,
            )
    return list(found.values())


def names_somebody(db: Session, text: str) -> bool:
    """Tell whether a text may name somebody of the workspace.

    A full name counts in any spelling; a part of one where it is written with a capital letter within a sentence.
    """
    words = _WORD.findall(text)
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    if profiles.known_as(db, pairs):
        return True
    parts = {one.lower() for one in words[1:] if one[0].isupper() and len(one) >= _SHORTEST_NAME}
    spaced = literal(" ") + func.lower(PersonRow.name) + literal(" ")
    named = [spaced.contains(f" {one} ", autoescape=True) for one in sorted(parts)]
    return bool(named) and db.scalar(select(PersonRow.id).where(or_(*named)).limit(1)) is not None


def _is_open(question: QuestionRow, open_to_all: frozenset[str]) -> bool:
    narrower = set(question.labels) - {PUBLIC, _GUESTS, f"channel:{question.channel}"}
    return question.channel in open_to_all and not narrower
