"""The doors of experiments: write one down, start it, look at it, stop it, adopt what won."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.doors.entrance import CoreOf, Identifier, Storable, Words
from flywheel.measurement.experiments import acts
from flywheel.measurement.experiments.acts import Design
from flywheel.measurement.experiments.analysis import analyse
from flywheel.measurement.experiments.telling import velocity
from flywheel.measurement.experiments.variables import variables
from flywheel.store import experiments
from flywheel.store.experiments import Experiment, State

router = APIRouter(tags=["experiments"])

OPERATOR = "api"
"""Who acts, in the audit log, when an act came through the API."""


class ArmShown(BaseModel):
    """One value of the variable and the share of persons who meet it; the first arm is the control."""

    name: str
    value: str
    share: float


class ExperimentShown(BaseModel):
    """An experiment: its design, its plan (what it needs), and its result once it has ended."""

    id: str
    variable: str
    hypothesis: str
    metric: str
    minimum_effect: float
    arms: list[ArmShown]
    guardrails: list[str]
    plan: dict[str, Any]
    state: State
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    result: dict[str, Any]
    conclusion: str
    adopted: str | None
    adopted_at: datetime | None


class Examined(BaseModel):
    """An experiment, and what is known of it now (or was at its end); looking changes nothing."""

    experiment: ExperimentShown
    analysis: dict[str, Any] | None


class VariableShown(BaseModel):
    """What may be varied: its default, and values that it knows."""

    name: str
    told: str
    default: str
    values: list[str]


class Experiments(BaseModel):
    """All experiments, oldest first, the variables there are, and how many were tried."""

    experiments: list[ExperimentShown]
    variables: list[VariableShown]
    velocity: dict[str, int]


class NewExperiment(BaseModel):
    """A design. The first of the two to four values is the control; without shares all arms are equal."""

    variable: Identifier
    hypothesis: Words
    values: list[Storable] = Field(min_length=2, max_length=4)
    metric: Identifier = "feedback_rate"
    minimum_effect: float = Field(0.1, ge=0.01, le=0.5, allow_inf_nan=False)
    shares: list[float] = Field(default_factory=list, max_length=4)


class Adoption(BaseModel):
    """Which arm everybody is to see; without one, the arm that won."""

    arm: Identifier | None = None


@router.get("/v1/experiments")
def list_experiments(core: CoreOf) -> Experiments:
    """List experiments, finished and failed ones too."""
    with core.database.read() as db:
        found = experiments.listed(db)
    known = [
        VariableShown(name=one.name, told=one.told, default=one.default, values=list(one.values))
        for one in variables().values()
    ]
    counts = velocity(found, core.now())
    return Experiments(experiments=[_shown(one) for one in found], variables=known, velocity=counts)


@router.post("/v1/experiments", status_code=201)
def draft_experiment(wanted: NewExperiment, core: CoreOf) -> ExperimentShown:
    """Write an experiment down before it starts; its plan says how many exposures each arm needs."""
    design = Design(
        variable=wanted.variable,
        hypothesis=wanted.hypothesis,
        values=tuple(wanted.values),
        metric=wanted.metric,
        minimum_effect=wanted.minimum_effect,
        shares=tuple(wanted.shares),
    )
    return _shown(acts.draft(core, design, OPERATOR))


@router.get("/v1/experiments/{experiment_id}")
def show_experiment(experiment_id: Identifier, core: CoreOf) -> Examined:
    """Show an experiment and what is known of it now."""
    with core.database.read() as db:
        found = experiments.find(db, experiment_id)
        analysis = analyse(db, found, core.now()).as_json() if found.state is State.RUNNING else None
    return Examined(experiment=_shown(found), analysis=analysis or (dict(found.result) or None))


@router.post("/v1/experiments/{experiment_id}/start")
def start_experiment(experiment_id: Identifier, core: CoreOf) -> ExperimentShown:
    """Let a draft run; nothing of its design can change from now on."""
    return _shown(acts.start(core, experiment_id, OPERATOR))


@router.post("/v1/experiments/{experiment_id}/stop")
def stop_experiment(experiment_id: Identifier, core: CoreOf) -> ExperimentShown:
    """End an experiment early; everything seen so far is kept."""
    return _shown(acts.stop(core, experiment_id, OPERATOR))


@router.post("/v1/experiments/{experiment_id}/adopt")
def adopt_arm(experiment_id: Identifier, core: CoreOf, wanted: Adoption | None = None) -> ExperimentShown:
    """Have everybody see the arm that won, or the one that is named."""
    return _shown(acts.adopt(core, experiment_id, OPERATOR, wanted.arm if wanted else None))


def _shown(one: Experiment) -> ExperimentShown:
    plain = {name: getattr(one, name) for name in ExperimentShown.model_fields if name not in {"arms", "guardrails"}}
    arms = [ArmShown(name=arm.name, value=arm.value, share=arm.share) for arm in one.arms]
    return ExperimentShown(**plain, arms=arms, guardrails=list(one.guardrails))
