"""The labels of the last turn, so that anybody can see what each act came to mean. Written anew by each turn."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from flywheel.store.curation_tables import LabelRow
from flywheel.store.database import Session

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class StoredLabel:
    """What one act said. `about` is passage, route or answer; `target` its id, retriever, or the better text.

    `grade` is 0 to 3 for passages, 0 or 1 for the others; `weight` and `trust` lie in [0, 1].
    """

    signal_key: str
    question_id: str
    answer_id: str
    about: str
    target: str
    grade: int
    weight: float
    trust: float
    source: str
    person: str
    at: datetime
    state: str


def replace_all(db: Session, labels: Iterable[StoredLabel]) -> int:
    """Put these in the place of what stood before; return how many there are."""
    db.execute(delete(LabelRow))
    rows = [{name: getattr(one, name) for name in StoredLabel.__slots__} for one in labels]
    for start in range(0, len(rows), _AT_ONCE):
        db.execute(insert(LabelRow), rows[start : start + _AT_ONCE])
    return len(rows)


def of_question(db: Session, question_id: str) -> list[StoredLabel]:
    """Return what was said of a question, oldest first."""
    return _labels(db, LabelRow.question_id == question_id)


def of_person(db: Session, person: str) -> list[StoredLabel]:
    """Return what one person's acts came to mean, oldest first."""
    return _labels(db, LabelRow.person == person)


def counts(db: Session) -> Mapping[tuple[str, str], int]:
    """Return how many labels there are by what they are about and by state."""
    grouped = select(LabelRow.about, LabelRow.state, func.count()).group_by(LabelRow.about, LabelRow.state)
    return Counter({(about, state): count for about, state, count in db.execute(grouped)})


def _labels(db: Session, condition: object) -> list[StoredLabel]:
    rows = db.scalars(select(LabelRow).where(condition).order_by(LabelRow.at, LabelRow.id))  # type: ignore[arg-type]
    return [StoredLabel(**{name: getattr(row, name) for name in StoredLabel.__slots__}) for row in rows]
