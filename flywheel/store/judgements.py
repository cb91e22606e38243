"""What judges said of answers, in SQL. Rows are added, never changed: one per run of a judge on a metric.

`value` None says that the judge was asked and gave no usable reply; `reason` then says why. It is not asked again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select

from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.measuring_tables import JudgementRow

_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Judgement:
    """One run of a judge. `value` is in [0, 1]; `rubric` the hash of what it was told; `usage` as for answers."""

    answer_id: str
    judge: str
    metric: str
    run: int
    value: float | None
    reason: str
    rubric: str
    at: datetime
    usage: Mapping[str, object] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return an id that is the same for the same run, so that it is stored once."""
        return identity(self.answer_id, self.judge, self.metric, self.rubric, self.run)


def identity(answer_id: str, judge: str, metric: str, rubric: str, run: int) -> str:
    """Return the id of a run."""
    made_of = "\x1f".join((answer_id, judge, metric, rubric, str(run)))
    return f"j-{hashlib.sha256(made_of.encode()).hexdigest()[:40]}"


def put(db: Session, judgements: Iterable[Judgement]) -> None:
    """Add judgements; one that is there already stays as it is."""
    for one in judgements:
        insert_new(
            db,
            JudgementRow,
            {
                "id": one.id,
                "answer_id": one.answer_id,
                "judge": one.judge,
                "metric": one.metric,
                "run": one.run,
                "value": one.value,
                "reason": one.reason,
                "rubric": one.rubric,
                "usage": dict(one.usage),
                "at": one.at,
            },
        )


def known(db: Session, ids: Iterable[str]) -> frozenset[str]:
    """Return those of the ids that are stored."""
    found: set[str] = set()
    for some in _portions(ids):
        found.update(db.scalars(select(JudgementRow.id).where(JudgementRow.id.in_(some))))
    return frozenset(found)


def of_answers(db: Session, answer_ids: Iterable[str]) -> list[Judgement]:
    """Return all judgements of some answers, oldest first."""
    rows = [
        one for some in _portions(answer_ids) for one in _read(db, _query().where(JudgementRow.answer_id.in_(some)))
    ]
    return sorted(rows, key=lambda one: (one.at, one.id))


def between(db: Session, start: datetime, end: datetime) -> list[Judgement]:
    """Return what was judged at or after `start` and before `end`, oldest first."""
    return _read(db, _query().where(JudgementRow.at >= start, JudgementRow.at < end))


def is_any(db: Session, seen: datetime) -> bool:
    """Tell whether anything had been judged by a moment."""
    return db.scalar(select(JudgementRow.id).where(JudgementRow.at <= seen).limit(1)) is not None


def _query() -> Select[JudgementRow]:
    return select(JudgementRow).order_by(JudgementRow.at, JudgementRow.id)


def _read(db: Session, query: Select[JudgementRow]) -> list[Judgement]:
    return [
        Judgement(
            row.answer_id, row.judge, row.metric, row.run, row.value, row.reason, row.rubric, row.at, row.usage or {}
        )
        for row in db.scalars(query)
    ]


def _portions(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(values))
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
