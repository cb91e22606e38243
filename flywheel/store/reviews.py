"""What people should look at, and what they decided: alarms, doubted labels, votes in quarantine; and keys.

A *key* is one trusted person's approval of a suggestion; two of them make it a verified answer. An item's id names its
matter, so that the same matter is put up once, however often a turn finds it. What each reviewer said is in
`review_verdicts.py`; an item has the verdict that came of it.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select, update

from flywheel.errors import NotFound
from flywheel.store.curation_tables import ReviewItemRow
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.question_tables import CorrectionRow


class ReviewKind(StrEnum):
    """What an item is about.

    An item of `ABOUT_ANSWERS` names the answer in `detail["answer_id"]`, or else as its subject; a correction is
    named by its id.
    """

    DOUBTED = "doubted_label"
    QUARANTINE = "quarantine"
    ALARM = "alarm"
    KEY = "key"
    DISAGREEMENT = "disagreement"
    JUDGE_SAMPLE = "judge_sample"
    SAMPLE = "sample"
    CORRECTION = "correction"


ABOUT_ANSWERS = frozenset({ReviewKind.DISAGREEMENT, ReviewKind.JUDGE_SAMPLE, ReviewKind.SAMPLE})
SHARED = ABOUT_ANSWERS | {ReviewKind.DOUBTED}
"""What may be put before two reviewers, neither of whom knows what the other says."""
_AWAY = "away"
"""Where the detail of an item keeps from when to when it was withdrawn."""
TWICE = 0.2
"""The share of those that is, so that their agreement can be told."""


class ReviewState(StrEnum):
    """Where an item stands. A key is never open: giving it is the decision.

    Withdrawn is what waited and no longer holds: a label that a later turn does not doubt.
    """

    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """Something to look at. `subject` is a label's key, a person, an answer, a correction; `person` whose act it is.

    `priority` orders the queue, larger first, 0 where nobody has ranked it yet; `wanted` is the number of reviewers.
    """

    id: str
    kind: ReviewKind
    subject: str
    at: datetime
    person: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    state: ReviewState = ReviewState.OPEN
    verdict: str | None = None
    reviewer: str | None = None
    priority: float = 0.0
    wanted: int = 1

    @property
    def answer_id(self) -> str | None:
        """Return the answer that it is about, or None where it is about something else."""
        return str(self.detail.get("answer_id") or self.subject) if self.kind in ABOUT_ANSWERS else None


def identity(kind: ReviewKind, *matter: str) -> str:
    """Return the id of an item: the same for the same matter."""
    return f"{kind.value}_{hashlib.sha256(chr(31).join(matter).encode()).hexdigest()[:40]}"


def reviewers_wanted(kind: ReviewKind, item_id: str) -> int:
    """Return 2 for a share `TWICE` of what may be judged twice, drawn by the id, and 1 for all else."""
    drawn = int(hashlib.sha256(f"twice {item_id}".encode()).hexdigest()[:8], 16) / 16**8
    return 2 if kind in SHARED and drawn < TWICE else 1


def put(db: Session, items: Iterable[ReviewItem]) -> list[ReviewItem]:
    """Add items; return those that were not there before. How many reviewers each wants is drawn here."""
    return [one for one in items if insert_new(db, ReviewItemRow, _values(one))]


def find(db: Session, item_id: str) -> ReviewItem | None:
    """Return an item, or None."""
    row = db.get(ReviewItemRow, item_id)
    return as_item(row) if row else None


def keep_waiting(db: Session, kind: ReviewKind, subjects: Collection[str], at: datetime) -> None:
    """Let of a kind only these subjects wait: withdraw what else nobody has decided, and reopen what was withdrawn.

    What is reopened keeps from when to when it did not wait, so that a report of that time can be computed again.
    """
    undecided = select(ReviewItemRow).where(
        ReviewItemRow.kind == kind.value, ReviewItemRow.state != ReviewState.DECIDED.value
    )
    for row in db.scalars(undecided):
        stands = row.subject in subjects
        if stands and row.reviewed_at is not None:
            away = [*row.detail.get(_AWAY, ()), [row.reviewed_at.isoformat(), at.isoformat()]]
            row.detail = {**row.detail, _AWAY: away}
        row.state = ReviewState.OPEN.value if stands else ReviewState.WITHDRAWN.value
        row.reviewed_at = None if stands else row.reviewed_at or at
    db.flush()


def lock(db: Session, item_id: str) -> None:
    """Let nobody else decide on an item until this unit of work ends, so that of two the second sees the first."""
    db.get(ReviewItemRow, item_id, with_for_update=True)


def waiting(db: Session, kind: ReviewKind | None = None) -> list[ReviewItem]:
    """Return what nobody has decided, oldest first."""
    wanted = select(ReviewItemRow).where(ReviewItemRow.state == ReviewState.OPEN.value)
    if kind is not None:
        wanted = wanted.where(ReviewItemRow.kind == kind.value)
    return [as_item(row) for row in db.scalars(wanted.order_by(ReviewItemRow.at, ReviewItemRow.id))]


def queued(db: Session, kinds: Collection[ReviewKind] | None = None) -> list[ReviewItem]:
    """Return what nobody has decided, of these kinds or all, the most urgent first, then the oldest."""
    wanted = select(ReviewItemRow).where(ReviewItemRow.state == ReviewState.OPEN.value)
    if kinds is not None:
        wanted = wanted.where(ReviewItemRow.kind.in_(sorted(one.value for one in kinds)))
    urgent = wanted.order_by(ReviewItemRow.priority.desc(), ReviewItemRow.at, ReviewItemRow.id)
    return [as_item(row) for row in db.scalars(urgent)]


def rank(db: Session, priorities: Mapping[str, float]) -> None:
    """Store the priorities of items, by id."""
    for item_id, priority in sorted(priorities.items()):
        db.execute(update(ReviewItemRow).where(ReviewItemRow.id == item_id).values(priority=priority))


def twins(db: Session, item: ReviewItem) -> list[ReviewItem]:
    """Return the other items about the same answer, whatever their state."""
    wanted = select(ReviewItemRow).where(
        ReviewItemRow.subject == item.answer_id,
        ReviewItemRow.kind.in_(sorted(one.value for one in ABOUT_ANSWERS)),
        ReviewItemRow.id != item.id,
    )
    return [as_item(row) for row in db.scalars(wanted.order_by(ReviewItemRow.id))]


def unseen(db: Session, seen: datetime) -> list[ReviewItem]:
    """Return what had been put up by a moment and neither decided nor withdrawn by then, oldest first.

    Of what was decided later and taken back, when it was decided is not known any more.
    """
    undecided = or_(ReviewItemRow.state == ReviewState.OPEN.value, ReviewItemRow.reviewed_at > seen)
    wanted = select(ReviewItemRow).where(ReviewItemRow.at <= seen, undecided)
    found = db.scalars(wanted.order_by(ReviewItemRow.at, ReviewItemRow.id))
    return [as_item(row) for row in found if not _is_away(row, seen)]


def _is_away(row: ReviewItemRow, seen: datetime) -> bool:
    """Tell whether an item was withdrawn at a moment and reopened since."""
    away = row.detail.get(_AWAY, ())
    return any(datetime.fromisoformat(first) <= seen < datetime.fromisoformat(last) for first, last in away)


def decided(db: Session, kind: ReviewKind) -> list[ReviewItem]:
    """Return the items of a kind on which a person has decided, oldest first."""
    wanted = select(ReviewItemRow).where(
        ReviewItemRow.kind == kind.value, ReviewItemRow.state == ReviewState.DECIDED.value
    )
    return [as_item(row) for row in db.scalars(wanted.order_by(ReviewItemRow.at, ReviewItemRow.id))]


def decide(db: Session, item_id: str, reviewer: str, verdict: str, at: datetime) -> ReviewItem:
    """Store what a reviewer says of an item.

    Raises:
        NotFound: there is no such item.
    """
    row = db.get(ReviewItemRow, item_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is nothing to review as {item_id}")
    row.state, row.verdict, row.reviewer, row.reviewed_at = ReviewState.DECIDED.value, verdict, reviewer, at
    return as_item(row)


def reopen(db: Session, item_id: str) -> ReviewItem:
    """Let an item wait for a verdict again.

    Raises:
        NotFound: there is no such item.
    """
    row = db.get(ReviewItemRow, item_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is nothing to review as {item_id}")
    row.state, row.verdict, row.reviewer, row.reviewed_at = ReviewState.OPEN.value, None, None, None
    return as_item(row)


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
        "priority": one.priority,
        "wanted": max(one.wanted, reviewers_wanted(one.kind, one.id)),
    }


def as_item(row: ReviewItemRow) -> ReviewItem:
    """Return the value of a row; for this package alone."""
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
        priority=row.priority,
        wanted=row.wanted,
    )
