"""Look at an experiment as of a moment: the arms compared, the guardrails, the balance, and what follows from it.

    unbalanced      the arms have not the persons they should have, or somebody met two arms: nothing can be concluded
    harm            a guardrail was hurt for certain, by more than is tolerated
    winner          an arm is better than the control for certain, or the control better than all others
    no difference   no arm differs by as much as would matter
    undecided       none of this yet; at the end of the plan: none of this

All but the last end the experiment, `undecided` does so at the end of the plan. One may look every day: the comparison
is a confidence sequence (`sequence.py`), so are the guardrails (`learning/confidence_sequence.py`, which has no end).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flywheel.learning.confidence_sequence import Difference
from flywheel.learning.confidence_sequence import compare as watch_for_ever
from flywheel.measurement.experiments import balance, outcomes
from flywheel.measurement.experiments.balance import Balance
from flywheel.measurement.experiments.outcomes import Done, Outcome
from flywheel.measurement.experiments.sequence import LONGEST_DAYS, SHORTEST_DAYS, Reading, Totals, compare
from flywheel.store import experiments, signals
from flywheel.store.database import Session
from flywheel.store.experiments import Experiment, Exposed

_AT_ONCE = 400


class Finding(StrEnum):
    """What an analysis comes to."""

    UNDECIDED = "undecided"
    WINNER = "winner"
    NO_DIFFERENCE = "no difference"
    HARM = "harm"
    UNBALANCED = "unbalanced"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guardrail in a treated arm, against the control."""

    outcome: str
    arm: str
    difference: Difference
    is_hurt: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """An experiment as of `seen`. `exposures` and `persons` are by arm; `ripe` exposures are those that count yet.

    `compared` holds the treated arms against the control, `crossed` is the number of persons who met two arms.
    """

    seen: datetime
    days: float
    exposures: Mapping[str, int]
    persons: Mapping[str, int]
    ripe: int
    compared: Mapping[str, Reading]
    guarded: tuple[Guarded, ...]
    balance: Balance
    crossed: int
    finding: Finding
    winner: str | None
    is_final: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        found = asdict(self)
        found["seen"] = self.seen.isoformat()
        for arm, reading in self.compared.items():
            found["compared"][arm]["estimate"] = reading.estimate
        for place, guard in enumerate(self.guarded):
            found["guarded"][place]["difference"]["estimate"] = guard.difference.estimate
        found["guarded"] = list(found["guarded"])
        return found


def analyse(db: Session, experiment: Experiment, seen: datetime) -> Analysis:
    """Return what is known of an experiment as of a moment; after its end, as of its end."""
    seen = min(seen, experiment.ended_at or seen)
    exposures = experiments.exposed(db, experiment.id, seen)
    about = _signals_of(db, sorted({one.answer_id for one in exposures}))
    return judge(experiment, exposures, about, seen)


def judge(experiment: Experiment, exposures: Sequence[Exposed], about: Mapping[str, Done], seen: datetime) -> Analysis:
    """Return what follows from exposures and the signals about their answers. Pure."""
    ripe = outcomes.ripe(exposures, seen)
    compared = _compared(experiment, ripe, about)
    guarded = tuple(_guarded(experiment, ripe, about))
    persons = {arm.name: len({one.person for one in exposures if one.arm == arm.name}) for arm in experiment.arms}
    balanced = balance.weigh(list(persons.values()), [arm.share for arm in experiment.arms])
    crossed = sum(persons.values()) - len({one.person for one in exposures})
    days = (seen - experiment.started_at).total_seconds() / 86_400 if experiment.started_at else 0.0
    finding, winner = _found(experiment, compared, days)
    if any(one.is_hurt for one in guarded):
        finding, winner = Finding.HARM, None
    if balanced.is_broken or crossed:
        finding, winner = Finding.UNBALANCED, None
    return Analysis(
        seen=seen,
        days=days,
        exposures={arm.name: sum(one.arm == arm.name for one in exposures) for arm in experiment.arms},
        persons=persons,
        ripe=len(ripe),
        compared=compared,
        guarded=guarded,
        balance=balanced,
        crossed=crossed,
        finding=finding,
        winner=winner,
        is_final=finding is not Finding.UNDECIDED or _is_over(compared, days),
    )


def is_hurt(outcome: Outcome, one: Difference) -> bool:
    """Tell whether a guardrail is worse, treated minus control, by more than it tolerates, for certain."""
    if one.low is None or one.high is None:
        return False
    return one.high < -outcome.tolerated if outcome.more_is_better else one.low > outcome.tolerated


def _compared(experiment: Experiment, ripe: Sequence[Exposed], about: Mapping[str, Done]) -> dict[str, Reading]:
    said = outcomes.said(outcomes.named(experiment.metric), ripe, about)
    control, *treated = experiment.arms
    planned, alpha = float(experiment.plan["information"]), float(experiment.plan["alpha"])
    against = Totals.of(said.get(control.name, {}))
    return {arm.name: compare(Totals.of(said.get(arm.name, {})), against, planned, alpha) for arm in treated}


def _guarded(experiment: Experiment, ripe: Sequence[Exposed], about: Mapping[str, Done]) -> list[Guarded]:
    control, *treated = experiment.arms
    found = []
    for name in experiment.guardrails:
        outcome = outcomes.named(name)
        said = outcomes.said(outcome, ripe, about)
        for arm in treated:
            one = watch_for_ever(said.get(arm.name, {}), said.get(control.name, {}))
            found.append(Guarded(name, arm.name, one, is_hurt(outcome, one)))
    return found


def _found(experiment: Experiment, compared: Mapping[str, Reading], days: float) -> tuple[Finding, str | None]:
    if days < SHORTEST_DAYS or any(one.low is None for one in compared.values()):
        return Finding.UNDECIDED, None
    better = {arm: one.estimate or 0.0 for arm, one in compared.items() if (one.low or 0.0) > 0}
    if better:
        return Finding.WINNER, max(sorted(better), key=lambda arm: better[arm])
    worse = [arm for arm, one in compared.items() if (one.high or 0.0) < 0]
    if len(worse) == len(compared):
        return Finding.WINNER, experiment.arms[0].name
    effect = experiment.minimum_effect
    small = [arm for arm, one in compared.items() if -effect < (one.low or 0.0) and (one.high or 0.0) < effect]
    settled = len({*worse, *small}) == len(compared)
    return (Finding.NO_DIFFERENCE if settled else Finding.UNDECIDED), None


def _is_over(compared: Mapping[str, Reading], days: float) -> bool:
    enough = all(one.gathered >= 1 for one in compared.values())
    return days >= LONGEST_DAYS or (enough and days >= SHORTEST_DAYS)


def _signals_of(db: Session, answer_ids: Sequence[str]) -> dict[str, Done]:
    about: dict[str, list[Any]] = {one: [] for one in answer_ids}
    for start in range(0, len(answer_ids), _AT_ONCE):
        for signal in signals.of_answers(db, answer_ids[start : start + _AT_ONCE]):
            about[signal.answer_id].append(signal)
    return dict(about)
