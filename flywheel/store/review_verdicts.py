"""What each reviewer said of an item, one row per word; a word that was taken back keeps its row.

A verdict *stands* until it is taken back. A reviewer has one standing verdict on an item at most.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, or_, select

from flywheel.store.curation_tables import ReviewItemRow, ReviewVerdictRow
from flywheel.store.database import Session
from flywheel.store.reviews import ABOUT_ANSWERS, ReviewItem, ReviewState, as_item


@dataclass(frozen=True, slots=True)
class ReviewVerdict:
    """One reviewer's word on one item; `undone_at` is set where it was taken back."""

    id: int
    item_id: str
    reviewer: str
    verdict: str
    reason: str
    at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a reviewer said of an answer, where that decided: right, wrong, partly, cannot tell."""

    item_id: str
    answer_id: str
    verdict: str
    reviewer: str
    at: datetime

    @property
    def key(self) -> str:
        """Return what tells it from all other acts."""
        return f"{self.item_id} {self.reviewer}"


def put(db: Session, item: ReviewItem, said: tuple[str, str, str], at: datetime) -> None:
    """Add a verdict, `said` being (reviewer, verdict, reason); an earlier one of the same reviewer is taken back."""
    reviewer, verdict, reason = said
    for row in db.scalars(_standing().where(_of(item.id), ReviewVerdictRow.reviewer == reviewer)):
        row.undone_at = at
    db.add(ReviewVerdictRow(item_id=item.id, reviewer=reviewer, verdict=verdict, reason=reason, at=at))
    db.flush()


def standing(db: Session, item_id: str) -> list[ReviewVerdict]:
    """Return what stands of an item, oldest first."""
    return [_verdict(row) for row in db.scalars(_standing().where(_of(item_id)).order_by(*_ORDER))]


def judged_by(db: Session, reviewer: str) -> frozenset[str]:
    """Return the ids of the items on which this person's verdict stands."""
    return frozenset(row.item_id for row in db.scalars(_standing().where(ReviewVerdictRow.reviewer == reviewer)))


def last_of(db: Session, reviewer: str) -> ReviewVerdict | None:
    """Return the newest verdict of a person that stands, or None."""
    newest = _standing().where(ReviewVerdictRow.reviewer == reviewer)
    row = db.scalars(newest.order_by(ReviewVerdictRow.at.desc(), ReviewVerdictRow.id.desc()).limit(1)).first()
    return _verdict(row) if row else None


def take_back(db: Session, verdict_id: int, at: datetime) -> None:
    """Let a verdict stand no longer."""
    row = db.get(ReviewVerdictRow, verdict_id)
    if row is not None:
        row.undone_at = at
        db.flush()


def as_of(db: Session, start: datetime, seen: datetime) -> list[tuple[ReviewVerdict, ReviewItem]]:
    """Return the verdicts said from `start` on that stood at `seen`, each with its item, oldest first.

    What became of the item may be younger than `seen`.
    """
    stood = or_(ReviewVerdictRow.undone_at.is_(None), ReviewVerdictRow.undone_at > seen)
    wanted = (
        select(ReviewVerdictRow, ReviewItemRow)
        .join(ReviewItemRow, ReviewItemRow.id == ReviewVerdictRow.item_id)
        .where(ReviewVerdictRow.at >= start, ReviewVerdictRow.at <= seen, stood)
        .order_by(*_ORDER)
    )
    return [(_verdict(row), as_item(item)) for row, item in db.execute(wanted)]


def on_answers(db: Session) -> tuple[Reviewed, ...]:
    """Return what reviewers said of answers and what stands, oldest first: of decided items, the deciding word."""
    wanted = (
        select(ReviewVerdictRow, ReviewItemRow)
        .join(ReviewItemRow, ReviewItemRow.id == ReviewVerdictRow.item_id)
        .where(
            ReviewVerdictRow.undone_at.is_(None),
            ReviewItemRow.state == ReviewState.DECIDED.value,
            ReviewItemRow.verdict == ReviewVerdictRow.verdict,
            ReviewItemRow.kind.in_(sorted(one.value for one in ABOUT_ANSWERS)),
        )
        .order_by(*_ORDER)
    )
    return tuple(
        Reviewed(item.id, as_item(item).answer_id or "", row.verdict, row.reviewer, row.at)
        for row, item in db.execute(wanted)
    )


def forget(db: Session, person: str) -> None:
    """Delete what a person said, and every verdict on an item that is gone."""
    gone = ReviewVerdictRow.item_id.not_in(select(ReviewItemRow.id))
    db.execute(delete(ReviewVerdictRow).where(or_(ReviewVerdictRow.reviewer == person, gone)))


_ORDER = (ReviewVerdictRow.at, ReviewVerdictRow.id)


def _standing() -> Select[ReviewVerdictRow]:
    return select(ReviewVerdictRow).where(ReviewVerdictRow.undone_at.is_(None))


def _of(item_id: str) -> ColumnElement[bool]:
    return ReviewVerdictRow.item_id == item_id


def _verdict(row: ReviewVerdictRow) -> ReviewVerdict:
    return ReviewVerdict(row.id, row.item_id, row.reviewer, row.verdict, row.reason, row.at, row.undone_at)
