"""Judge a release by what its people got: promoted, rolled back, held, or watched on.

A canary is compared with its control at the same time, persons drawn by lot. A release that serves everybody has only
the time before it to be compared with, when other things may have been different, so more is asked of such a comparison
(`TOLERATED`). Three things are looked at, each as a share of answers:

    satisfied    yes among live votes, per answer
    abstained    no answer was given
    slow         slower than nearly all answers were before (`slow_from`)

Looked at as often as anybody likes: `confidence_sequence.py` keeps the false alarms of all looks together down. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import numpy as np

from flywheel.learning.confidence_sequence import ENOUGH_PERSONS, Difference, Said, compare

PATIENCE = timedelta(weeks=4)
"""After so long without harm a canary that was used serves everybody."""
ENOUGH_ANSWERS = 30
"""Answers that a canary must have given by then."""
NOT_WORSE = 0.05
"""The loss of satisfaction that counts as none when a canary is promoted."""
WORSE = 0.05
"""The rise of abstained or slow answers from which on it is harm; it must be certain that there is one."""
TOLERATED = 0.05
"""What time alone may change between before and after a release; harm begins beyond it."""
BROKEN = 3
"""Answers for which the release could not be used at all, until it is taken back."""
SLOWER = 1.5
SLOWER_BY_MS = 300.0
_LEAST_FOR_P95 = 20
_MOST_PER_VOTER = 10


class Fate(StrEnum):
    """What is to become of a release."""

    WATCHED = "watched"
    PROMOTED = "promoted"
    HELD = "held"
    ROLLED_BACK = "rolled back"


@dataclass(frozen=True, slots=True)
class Experience:
    """One answer as its asker got it: votes by voter, milliseconds where they are known."""

    person: str
    abstained: bool
    votes: Mapping[str, bool]
    milliseconds: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What both arms got, oldest first.

    `before` are milliseconds of answers before the release. `broken` counts answers for which it could not be used.
    `age` is how long it has served with its present share.
    """

    treated: Sequence[Experience]
    control: Sequence[Experience]
    before: Sequence[float]
    age: timedelta
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be done, the reason as a sentence, and the differences it stands on."""

    fate: Fate
    reason: str
    differences: Mapping[str, Difference]


def judge_canary(seen: Seen) -> Finding:
    """Judge a release that serves a share of the persons against those whom its parent serves."""
    differences = _differences(seen)
    harm = _harm(seen, differences, 0.0)
    if harm:
        return Finding(Fate.ROLLED_BACK, harm, differences)
    satisfied = differences["satisfied"]
    told = _told("satisfied", satisfied)
    if satisfied.low is not None and satisfied.low > -NOT_WORSE:
        return Finding(Fate.PROMOTED, f"It is not worse than what it replaces: {told}.", differences)
    if seen.age < PATIENCE or not _used(seen.treated):
        return Finding(Fate.WATCHED, f"A canary for {seen.age.days} days, no harm seen: {told}.", differences)
    if satisfied.estimate is not None and satisfied.estimate <= -NOT_WORSE:
        return Finding(Fate.HELD, f"After four weeks it looks worse rather than as good: {told}.", differences)
    return Finding(Fate.PROMOTED, f"Four weeks without harm: {told}.", differences)


def judge_release(seen: Seen) -> Finding:
    """Judge a release that serves everybody against the time before it."""
    differences = _differences(seen)
    harm = _harm(seen, differences, TOLERATED)
    if harm:
        return Finding(Fate.ROLLED_BACK, f"{harm} Compared with the time before its release.", differences)
    told = _told("satisfied", differences["satisfied"])
    return Finding(Fate.WATCHED, f"Serves everybody for {seen.age.days} days, no harm seen: {told}.", differences)


def slow_from(before: Sequence[float]) -> float | None:
    """Return the milliseconds from which on an answer counts as slow: half as much again as 95 % of `before` took.

    None where too little is known of before.
    """
    if len(before) < _LEAST_FOR_P95:
        return None
    usual = float(np.percentile(before, 95))
    return max(SLOWER * usual, usual + SLOWER_BY_MS)


def _differences(seen: Seen) -> dict[str, Difference]:
    limit = slow_from(seen.before or [one.milliseconds for one in seen.control if one.milliseconds is not None])
    arms = (seen.treated, seen.control)
    return {
        "satisfied": compare(*(_satisfied(arm) for arm in arms)),
        "abstained": compare(*(_per_person((one.person, float(one.abstained)) for one in arm) for arm in arms)),
        "slow": compare(*(_slow(arm, limit) for arm in arms)),
    }


def _harm(seen: Seen, differences: Mapping[str, Difference], tolerated: float) -> str:
    """Return what harm is certain, as a sentence, or nothing."""
    if seen.broken >= BROKEN:
        return f"It could not be used for {seen.broken} answers, which what is built in gave in its place."
    satisfied = differences["satisfied"]
    if satisfied.high is not None and satisfied.high < -tolerated:
        return f"People are less satisfied with it: {_told('satisfied', satisfied)}."
    for name, what in (("abstained", "It leaves more questions unanswered"), ("slow", "It is slower")):
        one = differences[name]
        if one.low is not None and one.estimate is not None and one.low > tolerated and one.estimate > WORSE:
            return f"{what}: {_told(name, one)}."
    return ""


def _used(answers: Sequence[Experience]) -> bool:
    return len(answers) >= ENOUGH_ANSWERS and len({one.person for one in answers}) >= ENOUGH_PERSONS


def _satisfied(answers: Sequence[Experience]) -> Said:
    """Return each asker's answers as shares of yes; one voter's votes count up to `_MOST_PER_VOTER` times."""
    cast: dict[str, int] = defaultdict(int)
    said: list[tuple[str, float]] = []
    for one in answers:
        counted = [helped for voter, helped in one.votes.items() if cast[voter] < _MOST_PER_VOTER]
        for voter in one.votes:
            cast[voter] += 1
        if counted:
            said.append((one.person, sum(counted) / len(counted)))
    return _per_person(said)


def _slow(answers: Sequence[Experience], limit: float | None) -> Said:
    if limit is None:
        return {}
    return _per_person((one.person, float(one.milliseconds > limit)) for one in answers if one.milliseconds is not None)


def _per_person(values: Iterable[tuple[str, float]]) -> Said:
    said: dict[str, list[float]] = defaultdict(list)
    for person, value in values:
        said[person].append(value)
    return said


def _told(name: str, one: Difference) -> str:
    if one.treated is None or one.control is None:
        return f"{name} cannot be compared yet ({one.n[0]} and {one.n[1]} answers)"
    ends = (
        ", too few for an interval"
        if one.low is None or one.high is None
        else f", between {one.low * 100:+.0f} % and {one.high * 100:+.0f} %"
    )
    return f"{name} {one.treated * 100:.0f} % of {one.n[0]} against {one.control * 100:.0f} % of {one.n[1]}{ends}"
