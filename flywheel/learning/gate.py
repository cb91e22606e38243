"""Decide whether a challenger may serve. Every number that went into a verdict stands in it.

    held-out questions     passed, it serves
    fewer than 30          never; the verdict says what could have been seen
    30 to 199              provisionally: a share of people, watched, taken back by itself
    200 and more           everybody

and in each case: one-sided p, Holm-adjusted over the turn's challengers for one slot, below the level that is left to
the slot after its tries of former weeks (`spending.py`); five persons or more; the estimate stays above 0 without any
one person; no segment (route, surface, targets seen in training or not) may be worse by 0.03 (`segments.py`); no
guardrail broken (`guardrails.py`); and no objection of the learner's own.

Below 200 questions p is asked for as well: "not worse, as the interval stays above -0.01" let 7 to 10 % pass that were
no better, and half of those that were nearly the champion itself (`docs/measurements.md`, The gate).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from flywheel.learning import guardrails, segments
from flywheel.learning.comparison import Comparison, compare, shown
from flywheel.learning.guardrails import Watched
from flywheel.learning.segments import Segment
from flywheel.learning.spending import Allowance
from flywheel.learning.statistics import (
    attainable_p,
    doubted,
    holm,
)
from flywheel.learning.trial import Trial

ENOUGH_TO_LOOK = 30
ENOUGH_TO_TEST = 200
ENOUGH_PERSONS = 5
NOT_WORSE = segments.NOT_WORSE


class Decision(StrEnum):
    """What the gate says."""

    RELEASED = "released"
    PROVISIONAL = "provisional"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a challenger beside its trial: the level it may spend, the guardrails' values, an objection."""

    allowance: Allowance = field(default_factory=Allowance)
    watched: tuple[Watched, ...] = ()
    objection: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's decision on one challenger, the reason as a sentence, and the numbers.

    `tested` tells whether p was compared with the level, which makes it a try (`spending.py`).
    """

    learner: str
    decision: Decision
    reason: str
    overall: Comparison
    seen: Comparison
    unseen: Comparison
    p_adjusted: float | None
    notes: tuple[str, ...]
    segments: tuple[Segment, ...] = ()
    allowance: Allowance = field(default_factory=Allowance)
    watched: tuple[Watched, ...] = ()
    tested: bool = False


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is decided upon; `p` is adjusted where it is tested, None where there is none."""

    overall: Comparison
    parts: tuple[tuple[str, Comparison], ...]
    segments: tuple[Segment, ...]
    beside: Beside
    p: float | None
    attainable: float
    slot: str

    @property
    def obstacle(self) -> str:
        """Return why there is nothing to test, or nothing."""
        allowance = self.beside.allowance
        return (
            _obstacle(self.overall)
            or allowance.too_soon(self.overall.n)
            or _unattainable(self.overall, self.attainable, allowance)
        )


def judge(trials: Sequence[Trial], seed: int, beside: Mapping[str, Beside] | None = None) -> list[Verdict]:
    """Return one verdict per challenger of a turn; the same trials, seed and `beside` give the same verdicts.

    `beside` is by learner; what it lacks is taken as a first try with nothing watched. p is Holm-adjusted among those
    for one slot that could have passed; the others are no tries, which the differences' sizes tell, not their signs.
    """
    found = [_evidence(trial, seed, (beside or {}).get(trial.learner, Beside())) for trial in trials]
    for slot in {one.slot for one in found}:
        tried = [place for place, one in enumerate(found) if one.slot == slot and not one.obstacle]
        for place, p in zip(tried, holm([found[place].p or 1.0 for place in tried]), strict=True):
            found[place] = replace(found[place], p=p)
    return [_verdict(trial, one) for trial, one in zip(trials, found, strict=True)]


def _evidence(trial: Trial, seed: int, beside: Beside) -> _Evidence:
    overall, seen, unseen = _compared(trial, seed)
    return _Evidence(
        overall,
        (("seen", seen), ("unseen", unseen)),
        segments.of_trial(trial),
        beside,
        overall.p,
        attainable_p(*doubted(trial.challenger - trial.champion, trial.persons)),
        beside.allowance.slot or trial.learner,
    )


def _compared(trial: Trial, seed: int) -> tuple[Comparison, Comparison, Comparison]:
    parts = (np.ones(len(trial.seen), dtype=np.bool_), trial.seen, ~trial.seen)
    overall, seen, unseen = (compare(trial.part(part), np.random.default_rng(seed)) for part in parts)
    return overall, seen, unseen


def _verdict(trial: Trial, evidence: _Evidence) -> Verdict:
    decision, reason = _decide(evidence, trial.objection)
    (_, seen), (_, unseen) = evidence.parts
    few = [_too_few(name, part) for name, part in evidence.parts if _cannot_tell(part)]
    return Verdict(
        trial.learner,
        decision,
        reason,
        evidence.overall,
        seen,
        unseen,
        evidence.p,
        (*few, *_small(evidence.segments), *guardrails.too_few(evidence.beside.watched)),
        segments=evidence.segments,
        allowance=evidence.beside.allowance,
        watched=evidence.beside.watched,
        tested=not evidence.obstacle,
    )


def _decide(evidence: _Evidence, own: str) -> tuple[Decision, str]:
    """Return the decision and why: first what nothing can be said about, then the test, then the objections to it."""
    overall, p, allowance = evidence.overall, evidence.p, evidence.beside.allowance
    if evidence.obstacle or p is None:
        return Decision.HELD, evidence.obstacle
    if overall.difference <= 0:
        return Decision.HELD, f"{shown(overall)} on {overall.n} held-out questions: it is not better."
    gain = f"{shown(overall)} on {overall.n} held-out questions of {overall.persons} persons"
    tested = f"one-sided p = {p:.4f} after Holm"
    visible = f"a difference of {overall.smallest:.3f} would have been seen four times in five"
    level = f"{allowance.level:.4f}, the level of try {allowance.number} since the last release"
    if p >= allowance.level:
        return Decision.HELD, f"{gain}; {tested} is not below {level}; {visible}."
    objections = [_objection(evidence), guardrails.objection(evidence.beside.watched), own, evidence.beside.objection]
    if objection := " ".join(one for one in objections if one):
        return Decision.HELD, f"{objection} Otherwise it would have passed: {gain}; {tested}."
    if overall.n >= ENOUGH_TO_TEST:
        return Decision.RELEASED, f"{gain}; {tested}, below {level}."
    return Decision.PROVISIONAL, (
        f"{gain}; {tested}, below {level}. It serves provisionally, because {overall.n} questions are fewer than "
        f"{ENOUGH_TO_TEST}; {visible}."
    )


def _obstacle(overall: Comparison) -> str:
    """Return why nothing can be tested whatever the differences, or nothing."""
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
    return ""


def _unattainable(overall: Comparison, attainable: float, allowance: Allowance) -> str:
    """Return why these questions could not have passed whatever they said, or nothing."""
    if attainable >= 0.5:
        return f"On all {overall.n} held-out questions it does what the champion does: there is nothing to judge."
    if attainable >= allowance.level:
        return (
            f"{shown(overall)} on {overall.n} held-out questions; too few persons saw any difference: p could not "
            f"have been below {attainable:.4f}, and {allowance.level:.4f} is asked for."
        )
    return ""


def _objection(evidence: _Evidence) -> str:
    """Return what speaks against a challenger that passed the test, or nothing."""
    overall = evidence.overall
    if overall.without_one <= 0:
        return f"{shown(overall)}, but {overall.without_one:+.3f} without the one person who favours it most."
    for one in evidence.segments:
        if one.worse:
            return (
                f"On {one.n} questions with {_segment(one)} it may be worse: difference {one.difference:+.3f}, "
                f"estimate {one.estimate:+.3f} (95 % interval {one.low:+.3f} to {one.high:+.3f}); the lower end must "
                f"be above {NOT_WORSE}."
            )
    return ""


def _segment(one: Segment) -> str:
    return f"{one.value} targets" if one.name == "targets" else f"{one.name} {one.value}"


def _small(parts: Sequence[Segment]) -> list[str]:
    few = [f"{_segment(one)} ({one.n})" for one in parts if one.few and one.name != "targets"]
    if not few:
        return []
    return [f"Too few to tell by themselves, so estimated from the other segments as well: {', '.join(few)}."]


def _cannot_tell(part: Comparison) -> bool:
    return part.n < ENOUGH_TO_LOOK or part.persons < ENOUGH_PERSONS


def _too_few(name: str, part: Comparison) -> str:
    return (
        f"Too few to tell whether it is worse on {name} targets: {part.n} held-out questions, judged by "
        f"{part.persons} of {ENOUGH_PERSONS} persons."
        if part.persons < ENOUGH_PERSONS
        else f"Too few to tell whether it is worse on {name} targets: {part.n} of {ENOUGH_TO_LOOK} held-out questions."
    )


def _unit(one: Comparison) -> str:
    return one.metric.split("@")[0]
