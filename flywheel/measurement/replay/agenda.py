"""Who asks what, when, in one week: Monday to Friday, eight to six, in order.

A share of questions is about something that was asked before; it comes in words that nobody has used yet where the data
set has some for the same target, else in other words. Often asked is often asked again, because what comes back is
drawn from everything that was asked.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from flywheel.measurement.replay.habits import Habits
from flywheel.measurement.replay.people import Person
from flywheel.measurement.replay.wording import in_other_words
from flywheel.measurement.retrieval_set import Judged

_DAYS, _OPENS, _HOURS = 5, 8, 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to be asked, by whom and when."""

    judged: Judged
    person: Person
    at: datetime


@dataclass(slots=True)
class Pool:
    """The questions that can be asked: those still unused, by target, and those that were."""

    fresh: list[Judged]
    used: list[Judged] = field(default_factory=list)
    by_target: dict[str, list[Judged]] = field(default_factory=lambda: defaultdict(list))


def pool(questions: Sequence[Judged], rng: Random) -> Pool:
    """Return all questions, unused, in random order."""
    order = rng.sample(questions, len(questions))
    made = Pool(order)
    for one in order:
        made.by_target[_target(one)].append(one)
    return made


def week(monday: datetime, people: Sequence[Person], questions: Pool, habits: Habits, rng: Random) -> list[Asked]:
    """Draw a week's questions; `monday` is its midnight."""
    moments = sorted(_moment(monday, rng) for _ in range(habits.questions))
    askers = rng.choices(people, [one.activity for one in people], k=len(moments))
    return [Asked(_next(questions, habits.repeat, rng), person, at) for person, at in zip(askers, moments, strict=True)]


def _moment(monday: datetime, rng: Random) -> datetime:
    seconds = round(rng.random() * _HOURS * 3600)
    return monday + timedelta(days=rng.randrange(_DAYS), hours=_OPENS, seconds=seconds)


def _next(questions: Pool, repeat: float, rng: Random) -> Judged:
    """Return the next question, unused or in other words; from a pool that is used up, only the latter."""
    if questions.used and (rng.random() < repeat or not questions.fresh):
        before = rng.choice(questions.used)
        same = questions.by_target[_target(before)]
        if not same:
            return Judged(in_other_words(before.text, rng), before.relevance)
        chosen = same[-1]
    else:
        chosen = questions.fresh[-1]
    questions.fresh.remove(chosen)
    questions.by_target[_target(chosen)].remove(chosen)
    questions.used.append(chosen)
    return chosen


def _target(question: Judged) -> str:
    return max(question.relevance, key=lambda one: (question.relevance[one], one))
