"""How often what a review item is about was asked."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from flywheel.store.database import Session
from flywheel.store.question_tables import QuestionRow

_AT_ONCE = 400


def times_asked(db: Session, question_ids: Collection[str]) -> dict[str, int]:
    """Return how often each question was asked in the same words by anybody; deleted ones do not count."""
    ordered, counts = sorted(question_ids), dict[str, int]()
    same = aliased(QuestionRow)
    for start in range(0, len(ordered), _AT_ONCE):
        wanted = (
            select(QuestionRow.id, func.count())
            .join(same, same.text == QuestionRow.text)
            .where(QuestionRow.id.in_(ordered[start : start + _AT_ONCE]), same.deleted_at.is_(None))
            .group_by(QuestionRow.id)
        )
        counts.update((name, count) for name, count in db.execute(wanted))
    return counts
