"""The things to do next, at most three: what, why in numbers, by which lever, who might, and the threads behind it."""

from collections import Counter
from dataclasses import dataclass

from flywheel.measurement.understanding.levers import Lever
from flywheel.measurement.understanding.matrix import MOST, Matter
from flywheel.measurement.understanding.stall import State
from flywheel.measurement.understanding.study import Study

COLLECT = "evidence"
"""The lever of a proposal to collect more judgements."""


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to do. `answers` are the failed answers behind it, newest first; `owner` owns the nearest sources."""

    title: str
    why: str
    lever: str
    answers: tuple[str, ...]
    owner: str | None


def of(made: Study) -> tuple[Todo, ...]:
    """Return what to do next, most valuable first."""
    found = [_todo(one, made) for one in made.matters[:MOST]]
    if len(found) < MOST:
        found += _evidence(made)
    return tuple(found)


def _todo(one: Matter, made: Study) -> Todo:
    about = f"“{one.topic.label}”" if one.topic.label else "a topic that cannot be quoted here"
    failed, asked = len(one.answers), one.topic.volume
    people = len({case.person for case in made.cases if case.id in set(one.answers)})
    of_all = "" if failed == asked else f" of {asked} about it"
    counted = f"{_n(failed, 'question')}{of_all}, from {_n(people, 'person', 'people')} in {_n(made.weeks, 'week')}"
    return Todo(_title(one, about), f"{counted}: {_why(one)}.", one.lever.value, one.answers, _owner(one, made))


def _title(one: Matter, about: str) -> str:
    named = f" in {one.instead}" if one.instead else " elsewhere"
    return {
        Lever.INVENTORY: f"Write down what people ask about {about}.",
        Lever.CAPABILITY: f"Find out why the search misses what is known about {about}.",
        Lever.ROUTER: f"Tell the router that questions about {about} are answered{named}.",
        Lever.RANKING: f"Mark the right sources in the answers about {about}.",
        Lever.WRITING: f"Correct the answers about {about}.",
        Lever.UNCLEAR: f"Ask what was missing in the answers about {about}.",
    }[one.lever]


def _why(one: Matter) -> str:
    place = f" (at place {one.place})" if one.place else ""
    return {
        Lever.INVENTORY: "nothing that is written down answered them",
        Lever.CAPABILITY: "the right passage is there, and the search did not find it",
        Lever.ROUTER: "the right kind of knowledge was not searched",
        Lever.RANKING: f"the right passage was found{place} and not shown",
        Lever.WRITING: "something near was found, and the answer did not help",
        Lever.UNCLEAR: "people were not satisfied, and nobody said what would have been right",
    }[one.lever]


def _owner(one: Matter, made: Study) -> str | None:
    """Return who owns most of the sources that came nearest, None where nobody is known."""
    owned = Counter(
        owner for failure in one.failures for passage in failure.nearest if (owner := made.owned.get(passage))
    )
    return min(owned, key=lambda name: (-owned[name], name), default=None)


def _evidence(made: Study) -> list[Todo]:
    """Return the proposal to collect judgements, where the wheel lacks them to show a gain."""
    nearest = made.stall.nearest
    if nearest is None or made.stall.state is State.WINNING:
        return []
    why = (
        f"It gains {nearest.gain:+.3f} {nearest.metric} on {nearest.heldout} held-out questions, and about "
        f"{nearest.missing:,} more would show whether that is real."
    )
    return [Todo(f"Collect votes and corrections for {nearest.name}.", why, COLLECT, (), None)]


def _n(count: int, one: str, more: str = "") -> str:
    return f"{count} {one}" if count == 1 else f"{count} {more or one + 's'}"
