"""Decide whether a challenger may serve. Every number that went into a verdict stands in it.

    held-out questions     released when
    fewer than 30          never; the verdict says what could have been seen
    30 to 199              provisionally: estimate > 0 and lower end of the 95 % interval > -0.01
    200 and more           one-sided p < 0.05, Holm-adjusted over the turn's challengers

and in each case: five persons or more, the estimate stays above 0 without any one person, and questions whose wanted
passage was a target in training (*seen*) and those whose was not (*unseen*) are each not worse: lower end > -0.03, or
too few of them to tell, which is said. Why below 200 no significance is asked: the smallest difference that could be
seen there is 0.04 to 0.10 nDCG (`docs/measurements.md`), so the test is "not worse, and cheap to roll back".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flywheel.learning.statistics import (
    Floats,
    Numbers,
    holm,
    interval,
    one_sided_p,
    smallest_visible,
    spread,
    without_one_person,
)

ENOUGH_TO_LOOK = 30
ENOUGH_TO_TEST = 200
ENOUGH_PERSONS = 5
"""Five signs can give p = 1/32 = 0.03 at best; four cannot give less than 0.05."""
SIGNIFICANT = 0.05
PROVISIONAL_LOW = -0.01
NOT_WORSE = -0.03


class Decision(StrEnum):
    """What the gate says."""

    RELEASED = "released"
    PROVISIONAL = "provisional"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Trial:
    """A challenger's and its champion's scores on the same held-out questions, shape (n,) each.

    `persons` numbers the person behind each question from 0; `seen` tells whether its wanted passage was a target
    in training.
    """

    learner: str
    champion: Floats
    challenger: Floats
    persons: Numbers
    seen: NDArray[np.bool_]
    metric: str = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired comparison: means in [0, 1], difference = challenger - champion, its 95 % interval, one-sided p.

    `smallest` is the difference that this sample would have shown with 80 % power; `without_one` is the smallest
    difference left without any one person. Interval and p are None where fewer than two persons judged.
    """

    n: int
    persons: int
    champion: float
    challenger: float
    difference: float
    sd: float
    smallest: float
    without_one: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    metric: str = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's decision on one challenger, the reason as a sentence, and the numbers."""

    learner: str
    decision: Decision
    reason: str
    overall: Comparison
    seen: Comparison
    unseen: Comparison
    p_adjusted: float | None
    notes: tuple[str, ...]


def judge(trials: Sequence[Trial], seed: int) -> list[Verdict]:
    """Return one verdict per challenger of a turn. The same trials and seed give the same verdicts."""
    compared = [_compared(trial, seed) for trial in trials]
    adjusted = iter(holm([overall.p for overall, _, _ in compared if overall.p is not None]))
    verdicts = []
    for trial, (overall, seen, unseen) in zip(trials, compared, strict=True):
        p = None if overall.p is None else next(adjusted)
        parts = (("seen", seen), ("unseen", unseen))
        decision, reason = _decide(overall, parts, p)
        notes = tuple(_too_few(name, part) for name, part in parts if _cannot_tell(part))
        verdicts.append(Verdict(trial.learner, decision, reason, overall, seen, unseen, p, notes))
    return verdicts


def compare(trial: Trial, rng: np.random.Generator) -> Comparison:
    """Return the paired comparison of a trial."""
    differences = trial.challenger - trial.champion
    n = len(differences)
    persons = np.unique(trial.persons, return_inverse=True)[1].astype(np.int64)
    mean = float(differences.mean()) if n else 0.0
    count = int(persons.max()) + 1 if n else 0
    told: dict[str, Any] = {"low": None, "high": None, "p": None} if count < 2 else _tested(differences, persons, rng)
    return Comparison(
        n=n,
        persons=count,
        champion=float(trial.champion.mean()) if n else 0.0,
        challenger=float(trial.challenger.mean()) if n else 0.0,
        difference=mean,
        sd=spread(differences),
        smallest=smallest_visible(differences),
        without_one=without_one_person(differences, persons) if n else 0.0,
        metric=trial.metric,
        **told,
    )


def _tested(differences: Floats, persons: Numbers, rng: np.random.Generator) -> dict[str, float | None]:
    p = one_sided_p(differences, persons, rng)
    low, high = interval(differences, persons, rng)
    return {"p": p, "low": low, "high": high}


def _compared(trial: Trial, seed: int) -> tuple[Comparison, Comparison, Comparison]:
    parts = (np.ones(len(trial.seen), dtype=np.bool_), trial.seen, ~trial.seen)
    overall, seen, unseen = (compare(_part(trial, part), np.random.default_rng(seed)) for part in parts)
    return overall, seen, unseen


def _part(trial: Trial, where: NDArray[np.bool_]) -> Trial:
    return replace(
        trial,
        champion=trial.champion[where],
        challenger=trial.challenger[where],
        persons=trial.persons[where],
        seen=trial.seen[where],
    )


def _decide(overall: Comparison, parts: Sequence[tuple[str, Comparison]], p: float | None) -> tuple[Decision, str]:
    """Return the decision and why: first what nothing can be said about, then the test, then the objections to it."""
    obstacle = _obstacle(overall)
    if obstacle or p is None or overall.low is None:
        return Decision.HELD, obstacle
    gain = f"{_shown(overall)} on {overall.n} held-out questions of {overall.persons} persons"
    tested = f"one-sided p = {p:.4f} after Holm"
    visible = f"a difference of {overall.smallest:.3f} would have been seen four times in five"
    enough = overall.n >= ENOUGH_TO_TEST
    if enough and p >= SIGNIFICANT:
        return Decision.HELD, f"{gain}; {tested} is not below {SIGNIFICANT}; {visible}."
    if not enough and overall.low <= PROVISIONAL_LOW:
        return Decision.HELD, f"{gain}; the lower end of the interval is not above {PROVISIONAL_LOW}; {visible}."
    objection = _objection(overall, parts)
    if objection:
        return Decision.HELD, objection
    if enough:
        return Decision.RELEASED, f"{gain}; {tested}, below {SIGNIFICANT}."
    return Decision.PROVISIONAL, (
        f"{gain}; {tested}; not worse, as the interval stays above {PROVISIONAL_LOW}. It serves provisionally, because "
        f"{overall.n} questions are fewer than {ENOUGH_TO_TEST}; {visible}."
    )


def _obstacle(overall: Comparison) -> str:
    """Return why there is nothing to test, or nothing."""
    if overall.n < ENOUGH_TO_LOOK:
        return (
            f"{overall.n} held-out questions are too few; {ENOUGH_TO_LOOK} are needed: "
            f"only a difference of {overall.smallest:.3f} {_unit(overall)} or more could have been seen."
        )
    if overall.persons < ENOUGH_PERSONS:
        return (
            f"The {overall.n} held-out questions were judged by {overall.persons} of the {ENOUGH_PERSONS} persons that "
            "are needed."
        )
    if overall.difference <= 0:
        return f"{_shown(overall)} on {overall.n} held-out questions: it is not better."
    return ""


def _objection(overall: Comparison, parts: Sequence[tuple[str, Comparison]]) -> str:
    """Return what speaks against a challenger that passed the test, or nothing."""
    if overall.without_one <= 0:
        return f"{_shown(overall)}, but {overall.without_one:+.3f} without the one person who favours it most."
    for name, part in parts:
        if not _cannot_tell(part) and part.low is not None and part.low <= NOT_WORSE:
            return (
                f"On {part.n} questions with {name} targets it may be worse: {_shown(part)}; the lower end must be "
                f"above {NOT_WORSE}."
            )
    return ""


def _cannot_tell(part: Comparison) -> bool:
    return part.n < ENOUGH_TO_LOOK or part.persons < ENOUGH_PERSONS


def _too_few(name: str, part: Comparison) -> str:
    return (
        f"Too few to tell whether it is worse on {name} targets: {part.n} held-out questions, judged by "
        f"{part.persons} of {ENOUGH_PERSONS} persons."
        if part.persons < ENOUGH_PERSONS
        else f"Too few to tell whether it is worse on {name} targets: {part.n} of {ENOUGH_TO_LOOK} held-out questions."
    )


def _shown(one: Comparison) -> str:
    ends = "" if one.low is None or one.high is None else f" (95 % interval {one.low:+.3f} to {one.high:+.3f})"
    return f"{one.metric} {one.champion:.3f} → {one.challenger:.3f}, difference {one.difference:+.3f}{ends}"


def _unit(one: Comparison) -> str:
    return one.metric.split("@")[0]
