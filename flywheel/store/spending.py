"""What language models took of late, as far as it was counted: for answers and for judgements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from flywheel.store.database import Session
from flywheel.store.measuring_tables import JudgementRow
from flywheel.store.question_tables import AnswerRow


@dataclass(frozen=True, slots=True)
class Spending:
    """Calls of a language model, and US dollars; `unpriced` calls are not in the dollars."""

    calls: int = 0
    cost: float = 0.0
    unpriced: int = 0


def since(db: Session, at: datetime) -> Spending:
    """Return what answers and judgements took from a moment on."""
    calls, cost, unpriced = 0, 0.0, 0
    for usage in _usages(db, at):
        asked, price = usage.get("calls"), usage.get("cost")
        made = asked if isinstance(asked, int) else 1
        calls += made
        if isinstance(price, int | float):
            cost += price
        else:
            unpriced += made
    return Spending(calls, cost, unpriced)


def _usages(db: Session, at: datetime) -> Iterator[Mapping[str, object]]:
    for wanted in (
        select(AnswerRow.usage).where(AnswerRow.answered_at >= at),
        select(JudgementRow.usage).where(JudgementRow.at >= at),
    ):
        yield from (usage for usage in db.scalars(wanted) if usage)
