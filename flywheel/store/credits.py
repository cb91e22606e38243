"""Keep which part of the bot each signal is about: its *credit*.

A part is to blame for a complaint, or for nothing that can be told. Credit is written anew by each turn; a reviewer's
*word* on an answer outlasts that, and counts for every complaint about the answer, later ones included.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select

from flywheel.store.curation_tables import CreditRow
from flywheel.store.database import Session

_HELPED = "helped"


class Part(StrEnum):
    """The parts of the bot that an answer goes through, and what they work on."""

    ROUTER = "router"
    RETRIEVAL = "retrieval"
    RANKING = "ranking"
    WRITING = "writing"
    KNOWLEDGE = "knowledge"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Attribution:
    """What one signal says about the parts: the one to blame, and why in one sentence that names no document.

    `helped` tells praise, which leaves nothing to mend, from a complaint; `evidence` is plain JSON.
    """

    signal_key: str
    answer_id: str
    person: str
    at: datetime
    part: Part
    why: str
    helped: bool = False
    evidence: Mapping[str, object] = field(default_factory=dict)
    corrected_by: str | None = None
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """Which part a reviewer says is to blame for an answer, and when they said so."""

    part: Part
    reviewer: str
    at: datetime


def replace_all(db: Session, attributions: Iterable[Attribution]) -> None:
    """Store the credit of every signal in place of what was stored."""
    db.execute(delete(CreditRow))
    rows = [_row(one) for one in attributions]
    if rows:
        db.execute(insert(CreditRow), rows)


def put(db: Session, attributions: Sequence[Attribution]) -> None:
    """Store the credit of these signals, new or not."""
    keys = [one.signal_key for one in attributions]
    db.execute(delete(CreditRow).where(CreditRow.signal_key.in_(keys)))
    if attributions:
        db.execute(insert(CreditRow), [_row(one) for one in attributions])


def of_answer(db: Session, answer_id: str) -> list[Attribution]:
    """Return the credit of the signals about one answer, oldest first."""
    wanted = select(CreditRow).where(CreditRow.answer_id == answer_id).order_by(CreditRow.at, CreditRow.signal_key)
    return [_value(row) for row in db.scalars(wanted)]


def words(db: Session) -> dict[str, Word]:
    """Return what reviewers said, by answer id; the last word on an answer counts."""
    said = select(CreditRow).where(CreditRow.corrected_by.is_not(None)).order_by(CreditRow.corrected_at)
    return {
        row.answer_id: Word(Part(row.part), row.corrected_by or "", row.corrected_at or row.at)
        for row in db.scalars(said)
    }


def counts(db: Session, start: datetime, end: datetime) -> dict[Part, int]:
    """Return how many complaints made at or after `start` and before `end` each part is to blame for."""
    within = select(CreditRow.part, CreditRow.detail).where(CreditRow.at >= start, CreditRow.at < end)
    counted = Counter(part for part, detail in db.execute(within) if not detail.get(_HELPED))
    return {part: counted[part.value] for part in Part}


def _row(one: Attribution) -> dict[str, object]:
    return {
        "signal_key": one.signal_key,
        "answer_id": one.answer_id,
        "person": one.person,
        "part": one.part.value,
        "why": one.why,
        "detail": {**one.evidence, _HELPED: one.helped},
        "at": one.at,
        "corrected_by": one.corrected_by,
        "corrected_at": one.corrected_at,
    }


def _value(row: CreditRow) -> Attribution:
    return Attribution(
        signal_key=row.signal_key,
        answer_id=row.answer_id,
        person=row.person,
        at=row.at,
        part=Part(row.part),
        why=row.why,
        helped=bool(row.detail.get(_HELPED)),
        evidence={name: value for name, value in row.detail.items() if name != _HELPED},
        corrected_by=row.corrected_by,
        corrected_at=row.corrected_at,
    )
