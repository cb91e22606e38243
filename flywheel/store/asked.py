"""The newest questions that people asked, for those who try a model on them."""

from datetime import datetime

from sqlalchemy import or_, select

from flywheel.model import Question, Surface
from flywheel.store.database import Session
from flywheel.store.question_tables import AnswerRow, QuestionRow, ShortlistRow
from flywheel.store.questions import as_question


def newest(db: Session, since: datetime, limit: int) -> list[Question]:
    """Return questions asked since a moment by people in Slack or through the API, newest first; no deleted ones.

    Greetings and the like, for which nothing was searched, are left out: something was where passages were found, or
    where the reply was that there are none.
    """
    is_its = AnswerRow.question_id == QuestionRow.id
    found = select(ShortlistRow.answer_id).where(ShortlistRow.answer_id == AnswerRow.id)
    searched = select(AnswerRow.id).where(is_its, or_(AnswerRow.abstained, found.exists()))
    query = (
        select(QuestionRow)
        .where(QuestionRow.asked_at >= since, QuestionRow.deleted_at.is_(None))
        .where(QuestionRow.surface != Surface.TERMINAL.value, searched.exists())
        .order_by(QuestionRow.asked_at.desc(), QuestionRow.id)
        .limit(limit)
    )
    return [as_question(row) for row in db.scalars(query)]
