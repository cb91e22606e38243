"""What is done with an experiment: write it down, start it, stop it, finish it, adopt an arm. All in the audit log.

The design is complete before the start and nothing changes it afterwards. An arm that wins is not switched on by
itself: somebody adopts it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flywheel.errors import InvalidInput
from flywheel.learning.release import WHEEL, Registry
from flywheel.measurement.experiments import outcomes, planning, variables
from flywheel.measurement.experiments.analysis import Analysis, analyse
from flywheel.measurement.experiments.conclusion import sentence
from flywheel.store import audit, experiments
from flywheel.store.database import Session
from flywheel.store.experiments import Arm, Experiment, State

_NAMES = "ABCD"
_LEAST_EFFECT, _LARGEST_EFFECT = 0.01, 0.5
_LEAST_SHARE = 0.1
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Design:
    """What an experiment is to be. The first of its two to four `values` is the control.

    `minimum_effect` is the smallest difference of the metric, in [0.01, 0.5], that would matter. Without `shares` all
    arms are equal.
    """

    variable: str
    hypothesis: str
    values: tuple[str, ...]
    metric: str = "feedback_rate"
    minimum_effect: float = 0.1
    shares: tuple[float, ...] = ()


def draft(registry: Registry, design: Design, person: str) -> Experiment:
    """Write an experiment down, with what it needs.

    Raises:
        NotFound: the variable or the metric is unknown.
        InvalidInput: something in the design cannot be.
    """
    variable = variables.named(design.variable)
    outcome = outcomes.named(design.metric)
    if not outcome.may_decide:
        raise InvalidInput(f"{design.metric} is a guardrail; it cannot be what an experiment wants to raise")
    _check(design)
    arms = _arms(design)
    at = registry.now()
    with registry.database.begin() as db:
        plan = planning.plan(arms, design.minimum_effect, planning.lately(db, outcome, at))
        made = Experiment(
            id=_identity(design, at),
            variable=variable.name,
            hypothesis=design.hypothesis.strip(),
            metric=design.metric,
            minimum_effect=design.minimum_effect,
            arms=arms,
            guardrails=tuple(one for one in variable.guardrails if one != design.metric),
            created_by=person,
            created_at=at,
            plan=plan.as_json(),
        )
        experiments.put(db, made)
        _note(db, person, "draft experiment", made, at)
    return made


def start(registry: Registry, experiment_id: str, person: str) -> Experiment:
    """Let a draft run.

    Raises:
        NotFound: there is no such experiment.
        InvalidInput: it is no draft, or another one on its variable runs.
    """
    with registry.database.begin() as db:
        started = experiments.start(db, experiment_id, registry.now())
        _note(db, person, "start experiment", started, registry.now())
    return started


def stop(registry: Registry, experiment_id: str, person: str) -> Experiment:
    """End an experiment early; what was seen so far is kept as its result, and so is every exposure.

    Raises:
        NotFound: there is no such experiment.
        InvalidInput: it has ended already.
    """
    at = registry.now()
    with registry.database.begin() as db:
        running = experiments.find(db, experiment_id)
        stopped = _end(db, running, State.STOPPED, at)
        _note(db, person, "stop experiment", stopped, at)
    return stopped


def adopt(registry: Registry, experiment_id: str, person: str, arm: str | None = None) -> Experiment:
    """Have everybody see the arm that won, or the one that is named, from now on.

    Raises:
        NotFound: there is no such experiment, or no such arm.
        InvalidInput: it has not ended, or no arm won and none is named.
    """
    at = registry.now()
    with registry.database.begin() as db:
        found = experiments.find(db, experiment_id)
        if found.ended_at is None or found.started_at is None:
            raise InvalidInput(f"experiment {experiment_id} is {found.state}; only one that ran and ended is adopted")
        chosen = arm or found.result.get("winner")
        if not chosen:
            raise InvalidInput(f"no arm of experiment {experiment_id} won; name the arm to adopt")
        adopted = experiments.adopt(db, experiment_id, str(chosen), at)
        _note(db, person, f"adopt arm {chosen} of experiment", adopted, at)
    return adopted


def conclude(registry: Registry) -> list[Experiment]:
    """Finish the running experiments that are decided or at the end of their plan, and return those."""
    at = registry.now()
    with registry.database.read() as db:
        running = [one for one in experiments.in_force(db) if one.state is State.RUNNING]
        final = [one for one in running if analyse(db, one, at).is_final]
    finished = []
    for one in final:
        with registry.database.begin() as db:
            if experiments.find(db, one.id).state is State.RUNNING:  # another replica may have been faster
                finished.append(_end(db, one, State.FINISHED, at))
                _note(db, WHEEL, "finish experiment", one, at)
    return finished


def _end(db: Session, experiment: Experiment, state: State, at: datetime) -> Experiment:
    found: Analysis | None = analyse(db, experiment, at) if experiment.state is State.RUNNING else None
    ended = replace(experiment, state=state, ended_at=at)
    kept = {**(found.as_json() if found else {}), "conclusion": sentence(ended, found)}
    return experiments.end(db, experiment.id, state, at, kept)


def _check(design: Design) -> None:
    if not 10 <= len(design.hypothesis.strip()) <= _LONGEST:
        raise InvalidInput(f"write the hypothesis down, in 10 to {_LONGEST} characters")
    if not _LEAST_EFFECT <= design.minimum_effect <= _LARGEST_EFFECT:
        raise InvalidInput(f"the minimum effect is a share of {_LEAST_EFFECT} to {_LARGEST_EFFECT}")
    if not 2 <= len(design.values) <= len(_NAMES) or len(set(design.values)) < len(design.values):
        raise InvalidInput(f"an experiment has two to {len(_NAMES)} different values, the control first")
    for value in design.values:
        variables.check(variables.named(design.variable), value)


def _arms(design: Design) -> tuple[Arm, ...]:
    count = len(design.values)
    shares: Sequence[float] = design.shares or [1 / count] * count
    is_least = all(one >= _LEAST_SHARE for one in shares)  # which NaN is not
    if len(shares) != count or not is_least or abs(sum(shares) - 1) > 1e-6:
        raise InvalidInput(f"the shares are one for each value, {_LEAST_SHARE} at least, and add up to 1")
    return tuple(Arm(*one) for one in zip(_NAMES, design.values, shares, strict=False))


def _identity(design: Design, at: datetime) -> str:
    told = json.dumps([design.variable, design.hypothesis, design.values, design.metric, at.isoformat()])
    return f"exp_{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _note(db: Session, person: str, act: str, experiment: Experiment, at: datetime) -> None:
    audit.put(db, person, act, f"experiment {experiment.id}", at)
