"""What the frozen questions are measured with: their words and readers, and which passages people called good."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from flywheel.model import Question
from flywheel.store.curation_tables import LabelRow
from flywheel.store.database import Session
from flywheel.store.question_tables import AnswerRow, QuestionRow
from flywheel.store.questions import as_question

_AT_ONCE = 400
_COUNTED, _PASSAGE = "counted", "passage"


def asked(db: Session, question_ids: Collection[str]) -> list[Question]:
    """Return those of these questions that are not deleted, in the order of their ids."""
    ids = sorted(question_ids)
    found: list[Question] = []
    for start in range(0, len(ids), _AT_ONCE):
        some = select(QuestionRow).where(QuestionRow.id.in_(ids[start : start + _AT_ONCE]))
        found += [as_question(row) for row in db.scalars(some.where(QuestionRow.deleted_at.is_(None)))]
    return sorted(found, key=lambda one: one.id)


def first_answers(db: Session, question_ids: Collection[str]) -> dict[str, str]:
    """Return the id of the first answer to each of these questions, by question id; deleted questions are left out."""
    wanted = (
        select(QuestionRow.id, AnswerRow.id)
        .join(AnswerRow, AnswerRow.question_id == QuestionRow.id)
        .where(QuestionRow.id.in_(sorted(question_ids)), QuestionRow.deleted_at.is_(None))
        .order_by(AnswerRow.answered_at.desc(), AnswerRow.id.desc())
    )
    return dict(db.execute(wanted).all())  # the oldest comes last


def called_good(db: Session) -> dict[str, frozenset[str]]:
    """Return the questions for which people called each passage good, by passage id, as the last turn read them."""
    wanted = select(LabelRow.target, LabelRow.question_id).where(
        LabelRow.about == _PASSAGE, LabelRow.state == _COUNTED, LabelRow.grade >= 1
    )
    found: dict[str, set[str]] = defaultdict(set)
    for passage_id, question_id in db.execute(wanted):
        found[passage_id].add(question_id)
    return {passage_id: frozenset(questions) for passage_id, questions in found.items()}
