"""How much does one person decide? Train again without each of those who judged most, and see what moves.

A challenger that is only so good because of one person's judgements, or that one person's judgements spoil, is held
whatever it gains: if the held-out score, or that of any route, moves by more than `LIMIT` standard errors of the
challenger's gain. The person's own held-out questions do not count: they would favour what the person taught.

It costs a training for each person, so only the `MOST` with the most training questions are left out, one at a time;
who judged fewer than `LEAST` of them is not tried, and learners that take long are not asked at all.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flywheel.curation.split import Split
from flywheel.learning.challenge import Learner
from flywheel.learning.lesson import Lesson
from flywheel.learning.statistics import standard_error
from flywheel.learning.trial import Flags, Trial

MOST = 10
LEAST = 3
LIMIT = 2.8
"""Standard errors: chance exceeds it once in twenty turns for the largest of `MOST` persons (Bonferroni: z(.0025))."""
ENOUGH = 30
"""Held-out questions of a route, by others than the person, below which the route is not looked at by itself."""


@dataclass(frozen=True, slots=True)
class Influence:
    """What leaving out one person's judgements changes, on held-out questions that others judged.

    `person` is their number in the trial, None where they judged no held-out question; `questions` are the training
    questions they judged. `change` is the mean score with them minus without; `errors` the same in standard errors of
    the challenger's gain, on the segment where that is largest: `all`, or a route.
    """

    person: int | None
    questions: int
    change: float
    errors: float
    segment: str = "all"

    @property
    def excessive(self) -> bool:
        """Tell whether one person decides too much."""
        return abs(self.errors) > LIMIT


def of_persons(learner: Learner, lesson: Lesson, trial: Trial, most: int = MOST) -> tuple[Influence, ...]:
    """Return the influence of those who judged most, the largest first; `trial` is the challenger's with everybody.

    For learners that learn from `lesson.parts`; for others see `measured`.
    """

    def again(person: str) -> Trial:
        return learner.evaluate(learner.fit(without(lesson, person)), lesson)

    return measured(trial, lesson.parts, again, most)


def measured(trial: Trial, parts: Split, again: Callable[[str], Trial], most: int = MOST) -> tuple[Influence, ...]:
    """Return the influence of those who judged most of `parts.train`, the largest first.

    `trial` stands on questions of `parts.heldout`, and on the same ones what `again` returns: the trial of a challenger
    that was trained without a person's judgements.
    """
    judged = Counter(one.person for one in parts.train)
    persons = {one.question_id: one.person for one in parts.heldout}
    heaviest = sorted(judged, key=lambda person: (-judged[person], person))[:most]
    found = []
    for person in heaviest:
        if judged[person] >= LEAST:
            own = np.array([persons.get(one) == person for one in trial.question_ids], dtype=np.bool_)
            found.append(_compared(trial, again(person), own, judged[person]))
    return tuple(sorted(found, key=lambda one: -abs(one.errors)))


def objection(influences: Sequence[Influence]) -> str:
    """Return why the challenger may not serve, or nothing; no person is named."""
    excessive = [one for one in influences if one.excessive]
    if not excessive:
        return ""
    worst = excessive[0]
    where = "" if worst.segment == "all" else f" on route {worst.segment}"
    return (
        f"One person decides too much: without their judgements of {worst.questions} training questions, what others "
        f"asked scores {-worst.change:+.3f}{where}, {abs(worst.errors):.1f} standard errors of the gain; "
        f"{LIMIT:.1f} are allowed."
    )


def told(influences: Sequence[Influence]) -> list[dict[str, object]]:
    """Return the influences as plain JSON for the evidence."""
    return [
        {
            "person": one.person,
            "questions": one.questions,
            "change": round(one.change, 6),
            "errors": round(one.errors, 3) if math.isfinite(one.errors) else None,
            "segment": one.segment,
        }
        for one in influences
    ]


def without(lesson: Lesson, person: str) -> Lesson:
    """Return a lesson in which nothing is left to learn from what a person judged; what is held out stays."""
    kept = tuple(one for one in lesson.parts.train if one.person != person)
    groups = tuple(one for one in lesson.examples.groups if one.person != person)
    signals = tuple(one for one in lesson.ledger.signals if one.person != person)
    corrections = tuple(one for one in lesson.ledger.corrections if one.person != person)
    return replace(
        lesson,
        parts=replace(lesson.parts, train=kept),
        examples=replace(lesson.examples, groups=groups),
        ledger=replace(lesson.ledger, signals=signals, corrections=corrections),
    )


def _compared(trial: Trial, again: Trial, own: Flags, questions: int) -> Influence:
    changes = [(name, *_change(trial, again, where & ~own)) for name, where in _segments(trial).items()]
    segment, change, errors = max(changes, key=lambda one: abs(one[2]))
    return Influence(int(trial.persons[own][0]) if own.any() else None, questions, change, errors, segment)


def _segments(trial: Trial) -> Mapping[str, Flags]:
    """Return all questions, and those of each route that has enough of them."""
    routes = np.array(trial.segments.get("route", ()))
    everywhere = {"all": np.ones(len(trial.champion), dtype=np.bool_)}
    return everywhere | {
        str(route): routes == route
        for route in sorted(set(routes.tolist()) - {""})
        if (routes == route).sum() >= ENOUGH
    }


def _change(trial: Trial, again: Trial, where: Flags) -> tuple[float, float]:
    """Return the mean change, and the same in standard errors of the gain with everybody."""
    if not where.any():
        return 0.0, 0.0
    change = float((trial.challenger - again.challenger)[where].mean())
    gain = trial.part(where)
    error = standard_error(gain.challenger - gain.champion, gain.persons)
    if abs(change) < 1e-12 or math.isinf(error):
        return change, 0.0
    return change, change / error if error > 0 else math.copysign(math.inf, change)
