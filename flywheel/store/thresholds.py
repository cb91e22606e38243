"""Thresholds in SQL: what was proposed, confirmed, rejected and retired, and the breaches of what is in force.

Rows are added, never changed: the newest confirmed or retired row of a (metric, segment) says what is in force, and a
proposal is open while it is the newest row of its own. Surprising: rejecting a proposal leaves what was in force before
it in force. Of a breach only its end is written later, once.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select

from flywheel.errors import NotFound
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.measuring_tables import BreachRow, ThresholdRow


class Bound(StrEnum):
    """Which side of a value is acceptable."""

    AT_LEAST = "least"
    AT_MOST = "most"


class ThresholdState(StrEnum):
    """What a row says."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least (or most) acceptable value of a metric in a segment, who said so and why.

    `baseline` is what it was proposed from, as JSON. `id` is 0 before it is stored.
    """

    metric: str
    segment: str
    bound: Bound
    value: float
    state: ThresholdState
    person: str
    reason: str
    at: datetime
    baseline: Mapping[str, object] = field(default_factory=dict)
    id: int = 0

    @property
    def about(self) -> tuple[str, str]:
        """Return what it is a threshold of: (metric, segment)."""
        return self.metric, self.segment

    def is_worse(self, value: float) -> bool:
        """Tell whether a value lies on the unacceptable side."""
        return value < self.value if self.bound is Bound.AT_LEAST else value > self.value


@dataclass(frozen=True, slots=True)
class Breach:
    """A time during which a metric was worse than its threshold; `ended_at` is None while it lasts.

    `detail` holds what was seen when it began, and under `over` what was seen at its end.
    """

    id: str
    threshold_id: int
    metric: str
    segment: str
    began_at: datetime
    detail: Mapping[str, object] = field(default_factory=dict)
    ended_at: datetime | None = None


def put(db: Session, threshold: Threshold) -> Threshold:
    """Add a row and return it with its id."""
    row = ThresholdRow(
        metric=threshold.metric,
        segment=threshold.segment,
        bound=threshold.bound.value,
        value=threshold.value,
        state=threshold.state.value,
        person=threshold.person,
        reason=threshold.reason,
        baseline=dict(threshold.baseline),
        at=threshold.at,
    )
    db.add(row)
    db.flush()
    return replace(threshold, id=row.id)


def held(db: Session, threshold_id: int) -> Threshold:
    """Return a row and keep others from acting on it until the unit of work ends.

    Raises:
        NotFound: there is no such row.
    """
    row = db.get(ThresholdRow, threshold_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no threshold {threshold_id}")
    return _threshold(row)


def history(db: Session, seen: datetime | None = None) -> list[Threshold]:
    """Return every row, oldest first; with `seen`, those written up to that moment."""
    wanted = select(ThresholdRow).order_by(ThresholdRow.id)
    if seen is not None:
        wanted = wanted.where(ThresholdRow.at <= seen)
    return [_threshold(row) for row in db.scalars(wanted)]


def in_force(rows: Iterable[Threshold]) -> list[Threshold]:
    """Return of a history, oldest first, what is in force, by metric and segment."""
    last = {one.about: one for one in rows if one.state in (ThresholdState.CONFIRMED, ThresholdState.RETIRED)}
    return [one for _, one in sorted(last.items()) if one.state is ThresholdState.CONFIRMED]


def proposed(rows: Iterable[Threshold]) -> list[Threshold]:
    """Return of a history, oldest first, the proposals that nobody has decided on, by metric and segment."""
    last = {one.about: one for one in rows}
    return [one for _, one in sorted(last.items()) if one.state is ThresholdState.PROPOSED]


def begin(db: Session, breach: Breach) -> bool:
    """Add a breach; return False when the same one is there already."""
    values = {
        "id": breach.id,
        "threshold_id": breach.threshold_id,
        "metric": breach.metric,
        "segment": breach.segment,
        "detail": dict(breach.detail),
        "began_at": breach.began_at,
        "ended_at": None,
    }
    return insert_new(db, BreachRow, values)


def end(db: Session, breach_id: str, at: datetime, over: Mapping[str, object]) -> bool:
    """Write when and how a breach ended; return False when it had ended before.

    Raises:
        NotFound: there is no such breach.
    """
    row = db.get(BreachRow, breach_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no breach {breach_id}")
    if row.ended_at is not None:
        return False
    row.ended_at, row.detail = at, {**row.detail, "over": dict(over)}
    db.flush()
    return True


def breaches(db: Session, since: datetime | None = None) -> list[Breach]:
    """Return the breaches that last, and those that began or ended at or after a moment, the oldest first."""
    lasts = BreachRow.ended_at.is_(None)
    wanted = lasts if since is None else or_(lasts, BreachRow.began_at >= since, BreachRow.ended_at >= since)
    found = db.scalars(select(BreachRow).where(wanted).order_by(BreachRow.began_at, BreachRow.id))
    return [_breach(row) for row in found]


def breach_id(threshold: Threshold, began_at: datetime) -> str:
    """Return the id of a breach: the same for the same threshold and moment."""
    told = chr(31).join((*threshold.about, str(threshold.id), began_at.isoformat()))
    return f"breach_{hashlib.sha256(told.encode()).hexdigest()[:40]}"


def _threshold(row: ThresholdRow) -> Threshold:
    return Threshold(
        metric=row.metric,
        segment=row.segment,
        bound=Bound(row.bound),
        value=row.value,
        state=ThresholdState(row.state),
        person=row.person,
        reason=row.reason,
        at=row.at,
        baseline=row.baseline,
        id=row.id,
    )


def _breach(row: BreachRow) -> Breach:
    return Breach(row.id, row.threshold_id, row.metric, row.segment, row.began_at, row.detail, row.ended_at)
