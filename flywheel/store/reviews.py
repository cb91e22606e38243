"""What people should look at, and what they decided: alarms, doubted labels, votes in quarantine; and keys.

A *key* is one trusted person's approval of a suggestion; two of them make it a verified answer. An item's id names its
matter, so that the same matter is put up once, however often a turn finds it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from flywheel.errors import NotFound
from flywheel.store.curation_tables import ReviewItemRow
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.question_tables import CorrectionRow


class ReviewKind(StrEnum):
    """What an item is about."""

    DOUBTED = "doubted_label"
    QUARANTINE = "quarantine"
    ALARM = "alarm"
    KEY = "key"


class ReviewState(StrEnum):
    """Where an item stands. A key is never open: giving it is the decision."""

    OPEN = "open"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """Something to look at. `subject` is a label's key, a person, an answer, a correction; `person` whose act it is."""

    id: str
    kind: ReviewKind
    subject: str
    at: datetime
    person: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    state: ReviewState = ReviewState.OPEN
    verdict: str | None = None
    reviewer: str | None = None


def identity(kind: ReviewKind, *matter: str) -> str:
    """Return the id of an item: the same for the same matter."""
    return f"{kind.value}_{hashlib.sha256(chr(31).join(matter).encode()).hexdigest()[:40]}"


def put(db: Session, items: Iterable[ReviewItem]) -> list[ReviewItem]:
    """Add items; return those that were not there before."""
    return [one for one in items if insert_new(db, ReviewItemRow, _values(one))]


def find(db: Session, item_id: str) -> ReviewItem | None:
    """Return an item, or None."""
    row = db.get(ReviewItemRow, item_id)
    return _item(row) if row else None


def waiting(db: Session, kind: ReviewKind | None = None) -> list[ReviewItem]:
    """Return what nobody has decided, oldest first."""
    wanted = select(ReviewItemRow).where(ReviewItemRow.state == ReviewState.OPEN.value)
    if kind is not None:
        wanted = wanted.where(ReviewItemRow.kind == kind.value)
    return [_item(row) for row in db.scalars(wanted.order_by(ReviewItemRow.at, ReviewItemRow.id))]


def decided(db: Session, kind: ReviewKind) -> list[ReviewItem]:
    """Return the items of a kind on which a person has decided, oldest first."""
    wanted = select(ReviewItemRow).where(
        ReviewItemRow.kind == kind.value, ReviewItemRow.state == ReviewState.DECIDED.value
    )
    return [_item(row) for row in db.scalars(wanted.order_by(ReviewItemRow.at, ReviewItemRow.id))]


def decide(db: Session, item_id: str, reviewer: str, verdict: str, at: datetime) -> ReviewItem:
    """Store what a reviewer says of an item.

    Raises:
        NotFound: there is no such item.
    """
    row = db.get(ReviewItemRow, item_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is nothing to review as {item_id}")
    row.state, row.verdict, row.reviewer, row.reviewed_at = ReviewState.DECIDED.value, verdict, reviewer, at
    return _item(row)


def turn_key(db: Session, correction_id: str, person: str, at: datetime) -> Sequence[str]:
    """Add a person's key to a correction and return everybody who has given one, first to last.

    The correction's row is locked meanwhile, so that of two keys at one moment the second sees the first.
    """
    db.get(CorrectionRow, correction_id, with_for_update=True)
    put(db, [ReviewItem(identity(ReviewKind.KEY, correction_id, person), ReviewKind.KEY, correction_id, at, person)])
    return keys(db, correction_id)


def keys(db: Session, correction_id: str) -> Sequence[str]:
    """Return who has given a key to a correction, first to last."""
    wanted = (
        select(ReviewItemRow.person)
        .where(ReviewItemRow.kind == ReviewKind.KEY.value, ReviewItemRow.subject == correction_id)
        .order_by(ReviewItemRow.at, ReviewItemRow.id)
    )
    return [str(person) for person in db.scalars(wanted)]


def _values(one: ReviewItem) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "subject": one.subject,
        "person": one.person,
        "detail": dict(one.detail),
        "at": one.at,
        "state": ReviewState.DECIDED.value if one.kind is ReviewKind.KEY else one.state.value,
        "verdict": one.verdict,
        "reviewer": one.reviewer,
    }


def _item(row: ReviewItemRow) -> ReviewItem:
    return ReviewItem(
        id=row.id,
        kind=ReviewKind(row.kind),
        subject=row.subject,
        at=row.at,
        person=row.person,
        detail=row.detail,
        state=ReviewState(row.state),
        verdict=row.verdict,
        reviewer=row.reviewer,
    )
