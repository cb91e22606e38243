"""A small experiment and what people did in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from flywheel.measurement.experiments.planning import Lately, plan
from flywheel.model import Signal, SignalKind
from flywheel.store.experiments import Arm, Experiment, Exposed, State
from tests.parts import MOMENT

ARMS = (Arm("A", "Did we answer your question?", 0.5), Arm("B", "Is this right?", 0.5))
EXPERIMENT = Experiment(
    id="exp_1",
    variable="question_wording",
    hypothesis="Fewer words get more feedback.",
    metric="feedback_rate",
    minimum_effect=0.1,
    arms=ARMS,
    guardrails=("satisfaction", "asked_again", "slow"),
    created_by="U1",
    created_at=MOMENT,
    plan=plan(ARMS, 0.1, Lately()).as_json(),
    state=State.RUNNING,
    started_at=MOMENT,
)
LATER = MOMENT + timedelta(days=20)
"""When everything of `exposures` is ripe and the shortest time is over."""


def exposures(persons: Mapping[str, int], each: int = 5) -> list[Exposed]:
    """Return so many persons per arm, each exposed so often in the first ten days."""
    return [
        Exposed(f"{arm}{n}", arm, f"{arm}{n}.{k}", MOMENT + timedelta(hours=(7 * n + 31 * k) % 240), 800.0)
        for arm, count in persons.items()
        for n in range(count)
        for k in range(each)
    ]


def voted(shown: Sequence[Exposed], shares: Mapping[str, float], kind: SignalKind) -> dict[str, list[Signal]]:
    """Return an act an hour after this share of each arm's exposures, spread evenly over them."""
    seen: dict[str, int] = {}
    about: dict[str, list[Signal]] = {}
    for one in shown:
        nth = seen[one.arm] = seen.get(one.arm, 0) + 1
        share = shares.get(one.arm, 0.0)
        if int(nth * share) > int((nth - 1) * share):
            at = one.at + timedelta(hours=1)
            about[one.answer_id] = [Signal(f"{kind}:{one.answer_id}", one.answer_id, kind, one.person, at)]
    return about


def stopped(experiment: Experiment = EXPERIMENT) -> Experiment:
    """Return the experiment as stopped by somebody."""
    return replace(experiment, state=State.STOPPED, ended_at=LATER)
