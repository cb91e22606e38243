"""The door of thresholds: what is in force, what is proposed, what is breached, and administrators' decisions."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.doors.entrance import CoreOf, Identifier, Problem, Words
from flywheel.core import Core
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.knowledge.access import in_office
from flywheel.measurement import thresholds
from flywheel.store import thresholds as stored
from flywheel.store.thresholds import Bound, Breach, Threshold, ThresholdState

router = APIRouter(tags=["thresholds"])


class Decision(StrEnum):
    """`confirm` or `reject` what is proposed, `set` a value that nobody proposed, `retire` what is in force."""

    CONFIRM = "confirm"
    REJECT = "reject"
    SET = "set"
    RETIRE = "retire"


class Limit(BaseModel):
    """A threshold: `bound` says whether the value is the least or the most that is acceptable.

    Shares and scores lie in [0, 1]; metrics that end in `_ms` are milliseconds. It was proposed from `baseline`.
    """

    id: int
    metric: str
    segment: str
    bound: Bound
    value: float
    state: ThresholdState
    person: str
    reason: str
    at: datetime
    baseline: dict[str, Any]


class Episode(BaseModel):
    """A time during which a value was worse than its threshold; `ended_at` is null while it lasts."""

    id: str
    metric: str
    segment: str
    began_at: datetime
    ended_at: datetime | None
    detail: dict[str, Any]


class Limits(BaseModel):
    """How thresholds stand: in force, proposed, and the breaches that last."""

    in_force: list[Limit]
    proposed: list[Limit]
    breaches: list[Episode]


class Act(BaseModel):
    """A decision on the threshold of a metric in a segment, with the reason for it."""

    metric: Identifier
    segment: Identifier = "all"
    decision: Decision
    value: Annotated[float | None, Field(allow_inf_nan=False)] = None
    user_id: Identifier
    reason: Words


@router.get("/v1/thresholds")
def list_thresholds(core: CoreOf) -> Limits:
    """List what is in force, what waits for a decision, and what is breached now."""
    with core.database.read() as db:
        rows, lasting = stored.history(db), stored.breaches(db)
    return Limits(
        in_force=[_limit(one) for one in stored.in_force(rows)],
        proposed=[_limit(one) for one in stored.proposed(rows)],
        breaches=[_episode(one) for one in lasting],
    )


@router.post("/v1/thresholds", responses={403: {"model": Problem, "description": "This person is no administrator."}})
def decide_threshold(act: Act, core: CoreOf) -> Limit:
    """Decide on a threshold; every decision is kept with who made it and why."""
    if act.user_id not in in_office(core):
        raise NotAllowed("only administrators set thresholds")
    return _limit(_done(core, act))


@router.post("/v1/thresholds/proposals")
def propose_thresholds(core: CoreOf) -> list[Limit]:
    """Propose from the data there is now what is due, as every turn does; nothing of it is in force."""
    return [_limit(one) for one in thresholds.propose(core)]


def _done(core: Core, act: Act) -> Threshold:
    about = (act.metric, act.segment)
    if act.decision is Decision.RETIRE:
        return thresholds.retire(core, about, act.user_id, act.reason)
    if act.decision is Decision.SET:
        if act.value is None:
            raise InvalidInput("value: say which value to set")
        return thresholds.put(core, about, act.value, act.user_id, act.reason)
    with core.database.read() as db:
        waiting = {one.about: one for one in stored.proposed(stored.history(db))}
    if about not in waiting:
        raise NotFound(f"no threshold is proposed for {act.metric} of {act.segment}")
    if act.decision is Decision.REJECT:
        return thresholds.reject(core, waiting[about].id, act.user_id, act.reason)
    return thresholds.confirm(core, waiting[about].id, act.user_id, act.reason, act.value)


def _limit(one: Threshold) -> Limit:
    return Limit(
        id=one.id,
        metric=one.metric,
        segment=one.segment,
        bound=one.bound,
        value=one.value,
        state=one.state,
        person=one.person,
        reason=one.reason,
        at=one.at,
        baseline=dict(one.baseline),
    )


def _episode(one: Breach) -> Episode:
    return Episode(
        id=one.id,
        metric=one.metric,
        segment=one.segment,
        began_at=one.began_at,
        ended_at=one.ended_at,
        detail=dict(one.detail),
    )
