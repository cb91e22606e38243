"""The door of judgements: what judges said of one answer, run by run, and the medians."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from bot.doors.entrance import CoreOf, Identifier
from flywheel.errors import NotFound
from flywheel.measurement.judge import marks
from flywheel.store import answers, judgements

router = APIRouter(tags=["judgements"])


class Run(BaseModel):
    """One run of a judge on a metric; `value` is in [0, 1], null where it gave no usable reply. `rubric` is a hash."""

    judge: str
    metric: str
    run: int
    value: float | None
    reason: str
    rubric: str
    usage: dict[str, Any]
    at: datetime


class Mark(BaseModel):
    """The median of the runs under the newest rubric, and how far they lie apart."""

    judge: str
    metric: str
    value: float
    spread: float


class Judgements(BaseModel):
    """What judges said of an answer. A judge counts only as far as it agrees with people: see the weekly report."""

    answer_id: str
    marks: list[Mark]
    runs: list[Run]


@router.get("/v1/judgements")
def list_judgements(core: CoreOf, answer_id: Annotated[Identifier, Query()]) -> Judgements:
    """Tell what judges said of an answer and why, oldest first."""
    with core.database.read() as db:
        if answers.find(db, answer_id) is None:
            raise NotFound(f"there is no answer with request_id {answer_id}")
        said = judgements.of_answers(db, [answer_id])
        given = marks.given(db, [answer_id], core.now())
    return Judgements(
        answer_id=answer_id,
        marks=[
            Mark(judge=one.judge, metric=metric, value=its[answer_id].value, spread=its[answer_id].spread)
            for one in given
            for metric, its in sorted(one.of.items())
            if answer_id in its
        ],
        runs=[
            Run(
                judge=one.judge,
                metric=one.metric,
                run=one.run,
                value=one.value,
                reason=one.reason,
                rubric=one.rubric,
                usage=dict(one.usage),
                at=one.at,
            )
            for one in said
        ],
    )
