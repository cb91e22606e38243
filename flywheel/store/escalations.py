"""Questions that were handed to people, one row for each person who was asked.

    waiting ──reply──▶ replied ──▶ closed
       └──"not me"──▶ passed, and the next person's row is waiting

Of one answer at most one row is *open* (waiting or replied). Its id is made of the answer's and of how many were asked
before, so that of two presses at once one finds its place taken.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, delete, func, or_, select, update

from flywheel.store.database import Session
from flywheel.store.guest_tables import EscalationRow
from flywheel.store.insertion import insert_new


class EscalationState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    REPLIED = "replied"
    PASSED = "passed"
    CLOSED = "closed"


OPEN = frozenset({EscalationState.WAITING, EscalationState.REPLIED})


@dataclass(frozen=True, slots=True)
class Escalation:
    """A question that somebody was asked; `shared` is the question in the words that its asker let them see.

    `channel` and `thread_ts` are the thread in which it was asked, None for a request in a direct message.
    """

    id: str
    answer_id: str
    question_id: str
    asker: str
    asked_by: str
    expert: str
    shared: str
    at: datetime
    state: EscalationState = EscalationState.WAITING
    channel: str | None = None
    thread_ts: str | None = None
    reminded_at: datetime | None = None
    replied_at: datetime | None = None
    reply_by: str | None = None
    reply_ts: str | None = None
    correction_id: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody may still answer it."""
        return self.state in OPEN

    @property
    def is_private(self) -> bool:
        """Whether it was asked in a direct message."""
        return self.thread_ts is None


def next_id(db: Session, answer_id: str) -> str:
    """Return the id of the next request about an answer."""
    asked = db.scalar(select(func.count()).select_from(EscalationRow).where(EscalationRow.answer_id == answer_id))
    return "e_" + hashlib.sha256(f"{answer_id}\x1f{asked or 0}".encode()).hexdigest()[:24]


def put(db: Session, escalation: Escalation) -> bool:
    """Add a request; return False when its id is taken."""
    return insert_new(db, EscalationRow, asdict(escalation) | {"state": escalation.state.value})


def find(db: Session, escalation_id: str) -> Escalation | None:
    """Return a request, or None."""
    row = db.get(EscalationRow, escalation_id, populate_existing=True)
    return _escalation(row) if row else None


def of_answer(db: Session, answer_id: str) -> list[Escalation]:
    """Return the requests about an answer, oldest first."""
    wanted = select(EscalationRow).where(EscalationRow.answer_id == answer_id)
    return [_escalation(row) for row in db.scalars(wanted.order_by(EscalationRow.at, EscalationRow.id))]


def open_for(db: Session, answer_id: str) -> Escalation | None:
    """Return the open request about an answer, or None."""
    return next((one for one in of_answer(db, answer_id) if one.is_open), None)


def open_in(db: Session, channel: str, thread_ts: str) -> list[Escalation]:
    """Return the open requests of a thread, oldest first."""
    here = (EscalationRow.channel == channel) & (EscalationRow.thread_ts == thread_ts)
    wanted = select(EscalationRow).where(here, EscalationRow.state.in_(sorted(OPEN)))
    return [_escalation(row) for row in db.scalars(wanted.order_by(EscalationRow.at, EscalationRow.id))]


def asked_alone(db: Session, expert: str) -> list[Escalation]:
    """Return the requests that a person got in direct messages, open or not, oldest first."""
    wanted = select(EscalationRow).where(EscalationRow.expert == expert, EscalationRow.thread_ts.is_(None))
    return [_escalation(row) for row in db.scalars(wanted.order_by(EscalationRow.at, EscalationRow.id))]


def waiting_for(db: Session, expert: str) -> list[Escalation]:
    """Return the requests to which a person has not replied, oldest first."""
    here = (EscalationRow.expert == expert) & (EscalationRow.state == EscalationState.WAITING.value)
    wanted = select(EscalationRow).where(here).order_by(EscalationRow.at, EscalationRow.id)
    return [_escalation(row) for row in db.scalars(wanted)]


def asked_since(db: Session, people: Collection[str], since: datetime) -> dict[str, int]:
    """Return how often each of these people was asked since a moment, for those who were."""
    lately = EscalationRow.expert.in_(sorted(people)) & (EscalationRow.at >= since)
    wanted = select(EscalationRow.expert, func.count()).where(lately).group_by(EscalationRow.expert)
    return {str(person): count for person, count in db.execute(wanted)}


def last_asked(db: Session, people: Collection[str]) -> dict[str, datetime]:
    """Return when each of these people was asked last, for those who ever were."""
    wanted = (
        select(EscalationRow.expert, func.max(EscalationRow.at))
        .where(EscalationRow.expert.in_(sorted(people)))
        .group_by(EscalationRow.expert)
    )
    return {str(person): at for person, at in db.execute(wanted)}


def move(db: Session, escalation_id: str, states: Collection[EscalationState], **values: Any) -> bool:
    """Change a request that is in one of these states; return False when it is in another, or gone.

    Of two who change the same state at once, one succeeds.
    """
    held = (EscalationRow.id == escalation_id) & EscalationRow.state.in_(sorted(states))
    outcome = db.execute(
        update(EscalationRow).where(held).values(**values).execution_options(synchronize_session=False)
    )
    return isinstance(outcome, CursorResult) and outcome.rowcount == 1


def remind(db: Session, escalation_id: str, at: datetime) -> bool:
    """Note that a person who has not replied is reminded; return False when they replied or were reminded before."""
    waiting = (EscalationRow.id == escalation_id) & (EscalationRow.state == EscalationState.WAITING.value)
    first = update(EscalationRow).where(waiting, EscalationRow.reminded_at.is_(None))
    outcome = db.execute(first.values(reminded_at=at).execution_options(synchronize_session=False))
    return isinstance(outcome, CursorResult) and outcome.rowcount == 1


def of_person(db: Session, person: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows in which a person has a part, for those who want to see what is kept of them."""
    rows = db.scalars(select(EscalationRow).where(_has_part(person)).order_by(EscalationRow.at, EscalationRow.id))
    return [asdict(_escalation(row)) for row in rows]


def forget(db: Session, person: str) -> None:
    """Delete what a person asked, had asked or was asked; take their name off what others asked."""
    owned = or_(EscalationRow.asker == person, EscalationRow.asked_by == person, EscalationRow.expert == person)
    db.execute(delete(EscalationRow).where(owned))
    for column in (EscalationRow.reply_by, EscalationRow.closed_by):
        db.execute(update(EscalationRow).where(column == person).values({column: None}))


def _has_part(person: str) -> Any:
    parts = (EscalationRow.asker, EscalationRow.asked_by, EscalationRow.expert)
    return or_(*(column == person for column in (*parts, EscalationRow.reply_by, EscalationRow.closed_by)))


def _escalation(row: EscalationRow) -> Escalation:
    values = {field.name: getattr(row, field.name) for field in fields(Escalation)}
    return Escalation(**(values | {"state": EscalationState(row.state), "expert": row.expert or ""}))
