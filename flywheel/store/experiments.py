"""Experiments in SQL, and which arm of which experiment a person meets at an answer.

    draft ──start──▶ running ──▶ finished    decided, or as long as it was planned to be; `result` says what was found
      └──────────────────┴─────▶ stopped     by an administrator; what was seen so far is kept

A *variable* is one thing about the bot that may be varied; an *arm* is one value of it, the first one the control. A
person's arm is the hash of the person and the experiment, so it is the same at each answer, and drawn anew and
independently for each experiment. An *exposure* says that somebody met an arm at an answer; rows are added, never
changed, and the first of an answer and person counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select

from flywheel.errors import InvalidInput, NotFound
from flywheel.store.arms import bucket
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.measuring_tables import ExperimentRow, ExposureRow
from flywheel.store.question_tables import AnswerRow, QuestionRow


class State(StrEnum):
    """Where an experiment stands."""

    DRAFT = "draft"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Arm:
    """One value of the variable, and the share of the persons, in (0, 1), who meet it."""

    name: str
    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as written down, and what became of it.

    `metric` is what decides, `minimum_effect` the smallest difference of it, in [0, 1], that would matter;
    `guardrails` name what must not suffer. `plan` holds what was computed before the start, `result` what was found at
    the end, both plain JSON. `adopted` is the arm that an administrator had everybody see from `adopted_at` on.
    """

    id: str
    variable: str
    hypothesis: str
    metric: str
    minimum_effect: float
    arms: tuple[Arm, ...]
    guardrails: tuple[str, ...]
    created_by: str
    created_at: datetime
    plan: Mapping[str, Any] = field(default_factory=dict)
    state: State = State.DRAFT
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    conclusion: str = ""
    adopted: str | None = None
    adopted_at: datetime | None = None

    def arm_of(self, person: str) -> Arm:
        """Return the arm that a person meets, always the same."""
        place = bucket(person, self.id)
        for arm in self.arms:
            place -= arm.share
            if place < 0:
                return arm
        return self.arms[-1]

    def value_of(self, name: str) -> str | None:
        """Return the value of an arm, or None where there is no such arm."""
        return next((arm.value for arm in self.arms if arm.name == name), None)


@dataclass(frozen=True, slots=True)
class Exposed:
    """Somebody met an arm at an answer. `ms` is how long the answer took, None where it was not measured."""

    person: str
    arm: str
    answer_id: str
    at: datetime
    ms: float | None


def put(db: Session, experiment: Experiment) -> None:
    """Store a new experiment."""
    db.add(
        ExperimentRow(
            id=experiment.id,
            variable=experiment.variable,
            hypothesis=experiment.hypothesis,
            metric=experiment.metric,
            minimum_effect=experiment.minimum_effect,
            arms=[{"name": arm.name, "value": arm.value, "share": arm.share} for arm in experiment.arms],
            guardrails=list(experiment.guardrails),
            plan=dict(experiment.plan),
            state=experiment.state.value,
            created_by=experiment.created_by,
            created_at=experiment.created_at,
            result={},
            conclusion="",
        )
    )
    db.flush()


def find(db: Session, experiment_id: str) -> Experiment:
    """Return an experiment.

    Raises:
        NotFound: there is none with this id.
    """
    return _value(_row(db, experiment_id))


def listed(db: Session, until: datetime | None = None) -> list[Experiment]:
    """Return all experiments written down up to a moment, oldest first."""
    wanted = select(ExperimentRow).order_by(ExperimentRow.created_at, ExperimentRow.id)
    if until is not None:
        wanted = wanted.where(ExperimentRow.created_at <= until)
    return [_value(row) for row in db.scalars(wanted)]


def in_force(db: Session) -> list[Experiment]:
    """Return what decides how things are shown now: running experiments, and those of which an arm was adopted."""
    wanted = or_(ExperimentRow.state == State.RUNNING.value, ExperimentRow.adopted.is_not(None))
    rows = db.scalars(select(ExperimentRow).where(wanted).order_by(ExperimentRow.created_at, ExperimentRow.id))
    return [_value(row) for row in rows]


def start(db: Session, experiment_id: str, at: datetime) -> Experiment:
    """Let a draft run.

    Raises:
        NotFound: there is none with this id.
        InvalidInput: it is no draft, or another experiment on its variable runs.
    """
    row = _row(db, experiment_id)
    of_variable = select(ExperimentRow).where(ExperimentRow.variable == row.variable).order_by(ExperimentRow.id)
    others = db.scalars(of_variable.with_for_update()).all()
    if row.state != State.DRAFT.value:
        raise InvalidInput(f"experiment {row.id} is {row.state}; only a draft can be started")
    busy = [one.id for one in others if one.state == State.RUNNING.value]
    if busy:
        raise InvalidInput(f"experiment {busy[0]} on {row.variable} runs; one at a time")
    row.state, row.started_at = State.RUNNING.value, at
    db.flush()
    return _value(row)


def end(db: Session, experiment_id: str, state: State, at: datetime, found: Mapping[str, Any]) -> Experiment:
    """Let an experiment end as finished or stopped; `found` is kept as its result, its "conclusion" beside it.

    Raises:
        NotFound: there is none with this id.
        InvalidInput: it has ended already, or a draft is to be finished.
    """
    row = _row(db, experiment_id)
    may_end = {State.RUNNING.value} | ({State.DRAFT.value} if state is State.STOPPED else set())
    if row.state not in may_end:
        raise InvalidInput(f"experiment {row.id} is {row.state} and cannot be {state.value}")
    row.state, row.ended_at, row.result = state.value, at, dict(found)
    row.conclusion = str(found.get("conclusion", ""))
    db.flush()
    return _value(row)


def adopt(db: Session, experiment_id: str, arm: str, at: datetime) -> Experiment:
    """Have everybody see an arm from a moment on, until another experiment on the variable says otherwise.

    Raises:
        NotFound: there is no such experiment, or it has no such arm.
    """
    row = _row(db, experiment_id)
    if _value(row).value_of(arm) is None:
        raise NotFound(f"experiment {experiment_id} has no arm {arm}")
    row.adopted, row.adopted_at = arm, at
    db.flush()
    return _value(row)


def expose(db: Session, experiment: Experiment, person: str, answer_id: str, at: datetime) -> bool:
    """Note that a person met their arm at an answer; return False when it was noted before."""
    values = {
        "experiment_id": experiment.id,
        "person": person,
        "arm": experiment.arm_of(person).name,
        "answer_id": answer_id,
        "at": at,
        "detail": {},
    }
    return insert_new(db, ExposureRow, values)


def met_at(db: Session, answer_id: str) -> dict[str, str]:
    """Return the value of each variable that somebody met at an answer, by the variable's name."""
    wanted = (
        select(ExposureRow.arm, ExperimentRow)
        .join(ExperimentRow, ExperimentRow.id == ExposureRow.experiment_id)
        .where(ExposureRow.answer_id == answer_id)
        .order_by(ExposureRow.id)
    )
    found = ((row.variable, _value(row).value_of(arm)) for arm, row in db.execute(wanted))
    return {variable: value for variable, value in found if value is not None}


def exposed(db: Session, experiment_id: str, until: datetime) -> tuple[Exposed, ...]:
    """Return an experiment's exposures up to a moment, oldest first, but for questions that were deleted."""
    wanted = (
        select(ExposureRow.person, ExposureRow.arm, ExposureRow.answer_id, ExposureRow.at, AnswerRow.timings_ms)
        .join(AnswerRow, AnswerRow.id == ExposureRow.answer_id)
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .where(ExposureRow.experiment_id == experiment_id, ExposureRow.at <= until, QuestionRow.deleted_at.is_(None))
        .order_by(ExposureRow.at, ExposureRow.id)
    )
    rows = db.execute(wanted)
    return tuple(Exposed(person, arm, answer, at, _took(timings)) for person, arm, answer, at, timings in rows)


def _took(timings: Mapping[str, float]) -> float | None:
    return timings.get("total", sum(timings.values())) if timings else None


def _row(db: Session, experiment_id: str) -> ExperimentRow:
    row = db.get(ExperimentRow, experiment_id)
    if row is None:
        raise NotFound(f"there is no experiment {experiment_id}")
    return row


def _arms(stored: Sequence[Mapping[str, Any]]) -> Iterator[Arm]:
    for one in stored:
        yield Arm(str(one["name"]), str(one["value"]), float(one["share"]))


def _value(row: ExperimentRow) -> Experiment:
    return Experiment(
        id=row.id,
        variable=row.variable,
        hypothesis=row.hypothesis,
        metric=row.metric,
        minimum_effect=row.minimum_effect,
        arms=tuple(_arms(row.arms)),
        guardrails=tuple(row.guardrails),
        created_by=row.created_by,
        created_at=row.created_at,
        plan=row.plan,
        state=State(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        result=row.result,
        conclusion=row.conclusion,
        adopted=row.adopted,
        adopted_at=row.adopted_at,
    )
