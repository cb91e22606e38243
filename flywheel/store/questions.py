"""Questions in SQL: as asked, as understood, and who could read the reply.

Surprising: where nobody may read the reply the asker's own label is kept, because no label at all would read as a
question without secrets.
"""

from datetime import datetime

from sqlalchemy import select, update

from flywheel.model import Audience, Question, Surface
from flywheel.store import marks, report_quotes
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.question_tables import QuestionRow

_AUTHOR = "written-by:"


def put(db: Session, question: Question) -> None:
    """Store a question, or bring the stored one up to date; a mark of deletion stays."""
    values: dict[str, object] = {
        "text": question.text,
        "standalone": question.standalone,
        "person": question.person,
        "surface": question.surface.value,
        "team": question.team,
        "channel": question.channel,
        "thread_ts": question.thread_ts,
        "message_ts": question.message_ts,
        "labels": _labels(question.audience, question.person),
        "asked_at": question.asked_at,
    }
    if not insert_new(db, QuestionRow, {"id": question.id, **values}):
        db.execute(
            update(QuestionRow)
            .where(QuestionRow.id == question.id)
            .values(**values)
            .execution_options(synchronize_session="fetch")
        )


def find(db: Session, question_id: str) -> Question | None:
    """Return the question, deleted or not, or None."""
    row = db.get(QuestionRow, question_id)
    return as_question(row) if row else None


def by_message(db: Session, channel: str, ts: str) -> Question | None:
    """Return the newest question that this message asked, or None."""
    query = select(QuestionRow).where(QuestionRow.channel == channel, QuestionRow.message_ts == ts)
    row = db.scalars(query.order_by(QuestionRow.asked_at.desc(), QuestionRow.id).limit(1)).first()
    return as_question(row) if row else None


def recent_of(db: Session, person: str, limit: int = 10) -> list[Question]:
    """Return what a person asked last and did not delete, newest first."""
    query = select(QuestionRow).where(QuestionRow.person == person, QuestionRow.deleted_at.is_(None))
    rows = db.scalars(query.order_by(QuestionRow.asked_at.desc(), QuestionRow.id).limit(limit))
    return [as_question(row) for row in rows]


def note_author(db: Session, question_id: str, author: str) -> None:
    """Note that a question is in the words of somebody other than its asker, who pointed at their message."""
    marks.put(db, f"{_AUTHOR}{author}:{question_id}", "")


def asked_or_written(db: Session, person: str) -> list[str]:
    """Return the ids of the questions that a person asked, or that others asked in their words."""
    start = f"{_AUTHOR}{person}:"
    written = [name.removeprefix(start) for name in marks.beginning(db, start)]
    return [*db.scalars(select(QuestionRow.id).where(QuestionRow.person == person)), *written]


def narrow(db: Session, question_id: str, audience: Audience) -> None:
    """Note that those who can read the reply to a question hold less than when it was asked."""
    found = db.get(QuestionRow, question_id)
    if found is not None:
        found.labels = _labels(audience, found.person)
        db.flush()


def mark_deleted(db: Session, question_id: str, at: datetime) -> None:
    """Note that the asker deleted the question; the first time counts, an unknown id changes nothing.

    Reports quote it no longer.
    """
    row = db.get(QuestionRow, question_id)
    if row is not None:
        report_quotes.unquote(db, [row.text, row.standalone], row.asked_at)
    db.execute(
        update(QuestionRow)
        .where(QuestionRow.id == question_id, QuestionRow.deleted_at.is_(None))
        .values(deleted_at=at)
        .execution_options(synchronize_session="fetch")
    )


def is_deleted(db: Session, question_id: str) -> bool:
    """Tell whether the asker deleted the question."""
    query = select(QuestionRow.deleted_at).where(QuestionRow.id == question_id)
    return db.scalar(query) is not None


def replace_text(db: Session, question_id: str, text: str) -> None:
    """Keep the edited wording; what was understood from the old one is emptied."""
    db.execute(
        update(QuestionRow)
        .where(QuestionRow.id == question_id)
        .values(text=text, standalone="")
        .execution_options(synchronize_session="fetch")
    )


def as_question(row: QuestionRow) -> Question:
    """Return the value of a row; for this package alone."""
    return Question(
        id=row.id,
        text=row.text,
        person=row.person,
        surface=Surface(row.surface),
        asked_at=row.asked_at,
        audience=Audience(frozenset(row.labels)),
        standalone=row.standalone,
        team=row.team,
        channel=row.channel,
        thread_ts=row.thread_ts,
        message_ts=row.message_ts,
    )


def _labels(audience: Audience, person: str) -> list[str]:
    return sorted(audience.labels) or [f"user:{person}"]
