"""How long an experiment has to run, computed before it starts from how people behaved lately.

The answers of the four weeks before stand in for exposures: they say how often the metric is a yes, how much of it
hangs on the person (the *design effect*: by how much the variance is larger than if every answer had its own person),
and how many answers there are a day. Without any history the worst is assumed: every second one a yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flywheel.measurement.experiments import outcomes
from flywheel.measurement.experiments.outcomes import Outcome
from flywheel.measurement.experiments.sequence import ALPHA, POWER, Totals, information, spread
from flywheel.model import Surface
from flywheel.store import ledger
from flywheel.store.database import Session
from flywheel.store.experiments import Arm, Exposed

HISTORY = timedelta(days=28)
_UNKNOWN = 0.5
_UNSEEN = frozenset({Surface.API, Surface.TERMINAL})


@dataclass(frozen=True, slots=True)
class Lately:
    """What the metric was in the four weeks before: its share in [0, 1], the design effect, answers per day.

    `n` counts the values it is from; 0 means that nothing is known.
    """

    share: float = _UNKNOWN
    design_effect: float = 1.0
    a_day: float = 0.0
    n: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is needed: information per comparison, exposures per arm by its name, and about how many days.

    `independent` are the exposures needed if every one had a person of its own; `days` is None without a history.
    """

    alpha: float
    power: float
    information: float
    lately: Lately
    independent: Mapping[str, int]
    exposures: Mapping[str, int]
    days: int | None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)


def plan(arms: Sequence[Arm], minimum_effect: float, lately: Lately) -> Plan:
    """Return what an experiment needs; with several treated arms each comparison has its part of alpha.

    The variance of the difference is v(p + effect)/n + v(p)/m; n and m are chosen in the ratio of the shares.
    """
    alpha = ALPHA / (len(arms) - 1)
    needed = information(minimum_effect, alpha)
    control, treated = arms[0], arms[1:]
    raised = min(1.0, lately.share + minimum_effect)
    total = max(needed * (_binomial(raised) / one.share + _binomial(lately.share) / control.share) for one in treated)
    independent = {one.name: _up(total * one.share) for one in arms}
    exposures = {one.name: _up(total * one.share * lately.design_effect) for one in arms}
    days = _up(sum(exposures.values()) / lately.a_day) if lately.a_day else None
    return Plan(alpha, POWER, needed, lately, independent, exposures, days)


def lately(db: Session, outcome: Outcome, until: datetime) -> Lately:
    """Return how an outcome was in the four weeks before a moment."""
    found = [
        one
        for one in ledger.between(db, until - HISTORY, until)
        if one.question.surface not in _UNSEEN and not one.answer.abstained
    ]
    about = ledger.signals_about(db, found)
    exposures = [
        Exposed(one.question.person, "lately", one.answer.id, one.answer.answered_at or one.question.asked_at, None)
        for one in found
    ]
    ripe = outcomes.ripe(exposures, until)
    said: Mapping[str, list[float]] = outcomes.said(outcome, ripe, about).get("lately", {})
    totals = Totals.of(said)
    n = int(totals.counts.sum())
    if not n:
        return Lately()
    mean, clustered, single = spread(totals)
    a_day = len({one.answer_id for one in ripe}) / HISTORY.days
    return Lately(mean, max(1.0, clustered / single), a_day, n)


def _binomial(share: float) -> float:
    return share * (1 - share)


def _up(value: float) -> int:
    return int(-(-value // 1))
