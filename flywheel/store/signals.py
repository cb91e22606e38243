"""The ledger of signals. Rows are added and never changed; a key that is there already is ignored."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from flywheel.model import Signal, SignalKind
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.question_tables import SignalRow


def put(db: Session, signal: Signal) -> bool:
    """Add a signal; return False when its key was stored before."""
    return insert_new(
        db,
        SignalRow,
        {
            "key": signal.key,
            "answer_id": signal.answer_id,
            "kind": signal.kind.value,
            "person": signal.person,
            "at": signal.at,
            "detail": dict(signal.detail),
        },
    )


def of_answer(db: Session, answer_id: str) -> list[Signal]:
    """Return an answer's signals, oldest first; those of one moment in the order they were stored."""
    rows = db.scalars(select(SignalRow).where(SignalRow.answer_id == answer_id).order_by(SignalRow.at, SignalRow.id))
    return [_signal(row) for row in rows]


def of_answers(db: Session, answer_ids: Sequence[str]) -> list[Signal]:
    """Return the signals of several answers, oldest first."""
    wanted = select(SignalRow).where(SignalRow.answer_id.in_(answer_ids)).order_by(SignalRow.at, SignalRow.id)
    return [_signal(row) for row in db.scalars(wanted)]


def since(db: Session, at: datetime, kinds: Collection[SignalKind] = frozenset(SignalKind)) -> list[Signal]:
    """Return what was done at or after a moment, oldest first; of some kinds only, where they are named."""
    wanted = select(SignalRow).where(SignalRow.at >= at).order_by(SignalRow.at, SignalRow.id)
    if len(kinds) < len(SignalKind):
        wanted = wanted.where(SignalRow.kind.in_(sorted(kinds)))
    return [_signal(row) for row in db.scalars(wanted)]


def every(db: Session) -> list[Signal]:
    """Return the whole ledger, oldest first."""
    return [_signal(row) for row in db.scalars(select(SignalRow).order_by(SignalRow.at, SignalRow.id))]


def of_person(db: Session, person: str) -> list[Signal]:
    """Return what one person did, oldest first."""
    rows = db.scalars(select(SignalRow).where(SignalRow.person == person).order_by(SignalRow.at, SignalRow.id))
    return [_signal(row) for row in rows]


def forget(db: Session, person: str) -> None:
    """Delete what one person did."""
    db.execute(delete(SignalRow).where(SignalRow.person == person))


def _signal(row: SignalRow) -> Signal:
    return Signal(
        key=row.key,
        answer_id=row.answer_id,
        kind=SignalKind(row.kind),
        person=row.person,
        at=row.at,
        detail=row.detail,
    )
