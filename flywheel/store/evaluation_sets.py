"""Keep the sets of questions that what serves is measured on: the frozen baseline, and the rolling sample.

A set holds ids of questions with the grades of what they want, and no words: what somebody asked stands in their
question alone, and is gone from here when it is gone there. A set's id is the hash of its content (`identity`).
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select, update

from flywheel.store.curation_tables import EvaluationSetRow
from flywheel.store.database import Session


class SetKind(StrEnum):
    """The frozen baseline, never trained on, and the rolling sample of the newest weeks."""

    FROZEN = "frozen"
    ROLLING = "rolling"


@dataclass(frozen=True, slots=True)
class Item:
    """A question and what it wants: passage ids with grades in (0, 3]. `route` is the retriever of the best one."""

    question_id: str
    route: str
    wanted: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """A set. `until` is the day from which on it may change, None where nothing plans that."""

    id: str
    kind: SetKind
    made_at: datetime
    until: date | None
    items: tuple[Item, ...]

    @property
    def question_ids(self) -> frozenset[str]:
        """Return the ids of its questions."""
        return frozenset(one.question_id for one in self.items)


def identity(kind: SetKind, items: Collection[Item]) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of a set's content, whatever the order of its items."""
    content = json.dumps({"kind": kind.value, "items": sorted(map(_content, items), key=lambda one: str(one["id"]))})
    return hashlib.sha256(content.encode()).hexdigest()


def active(db: Session, kind: SetKind) -> EvaluationSet | None:
    """Return the set of a kind that is measured on now, or None."""
    row = db.scalar(select(EvaluationSetRow).where(EvaluationSetRow.kind == kind.value, EvaluationSetRow.active))
    return None if row is None else _value(row)


def history(db: Session, kind: SetKind) -> list[EvaluationSet]:
    """Return all sets of a kind, oldest first."""
    wanted = select(EvaluationSetRow).where(EvaluationSetRow.kind == kind.value)
    return [_value(row) for row in db.scalars(wanted.order_by(EvaluationSetRow.made_at, EvaluationSetRow.id))]


def reserved(db: Session) -> frozenset[str]:
    """Return the ids of the questions that must never be trained on: those of the frozen set."""
    found = active(db, SetKind.FROZEN)
    return frozenset() if found is None else found.question_ids


def put(db: Session, made: EvaluationSet) -> None:
    """Store a set and measure on it from now on, in place of the one of its kind before it.

    The frozen sets of the past stay; of rolling samples only the newest does.
    """
    before = select(EvaluationSetRow).where(EvaluationSetRow.kind == made.kind.value, EvaluationSetRow.id != made.id)
    if made.kind is SetKind.ROLLING:
        for row in db.scalars(before):
            db.delete(row)
    db.execute(update(EvaluationSetRow).where(EvaluationSetRow.kind == made.kind.value).values(active=False))
    db.merge(_row(made, active=True))
    db.flush()


def drop(db: Session, question_ids: Collection[str]) -> None:
    """Take questions out of every set, past ones included, as if they had never been in it."""
    gone = frozenset(question_ids)
    for row in db.scalars(select(EvaluationSetRow)).all():
        found = _value(row)
        kept = tuple(one for one in found.items if one.question_id not in gone)
        if len(kept) == len(found.items):
            continue
        made_at, until, serving = found.made_at, found.until, row.active
        db.delete(row)
        db.flush()
        same = db.get(EvaluationSetRow, identity(found.kind, kept)) if kept else None
        if same is not None:
            same.active = same.active or serving
        elif kept:
            db.add(_row(EvaluationSet(identity(found.kind, kept), found.kind, made_at, until, kept), active=serving))
    db.flush()


def _row(made: EvaluationSet, *, active: bool) -> EvaluationSetRow:
    return EvaluationSetRow(
        id=made.id,
        kind=made.kind.value,
        made_at=made.made_at,
        until=made.until,
        content={"items": [_content(one) for one in made.items]},
        active=active,
    )


def _content(one: Item) -> dict[str, object]:
    return {"id": one.question_id, "route": one.route, "wanted": dict(sorted(one.wanted.items()))}


def _value(row: EvaluationSetRow) -> EvaluationSet:
    items = tuple(Item(one["id"], one["route"], one["wanted"]) for one in row.content["items"])
    return EvaluationSet(row.id, SetKind(row.kind), row.made_at, row.until, items)
