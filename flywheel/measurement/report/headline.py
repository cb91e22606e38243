"""The week in one sentence: getting better, getting worse, about the same, mixed, or it cannot be told yet.

Votes decide: the share of yes this week against the weeks before, with an interval in which each person is one witness
(`clustered.py`). Better or worse is said only where that interval leaves out 0; *about the same* where all of it lies
within ±5 points; *mixed* where what people got says the opposite of what they said of it, because a bot that answers
only what is easy looks better than it is. A cause is named only where persons were drawn by lot: a canary that the
watch promoted. Whatever else was released is named as what it is, a coincidence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flywheel.learning.confidence_sequence import ENOUGH_PERSONS, ENOUGH_SAID
from flywheel.measurement.clustered import Estimate, Said, difference
from flywheel.measurement.report.reading import Reading
from flywheel.measurement.watch import ACT
from flywheel.measurement.window import Window
from flywheel.registry import Release

SAME = 0.05
"""A change that lies within so much for certain is none."""


class State(StrEnum):
    """What can be said of a week."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    MIXED = "mixed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    """A share now and before, and their difference; None where there is nothing to compare."""

    now: float | None
    before: float | None
    n_now: int
    n_before: int
    persons_now: int
    persons_before: int
    difference: Estimate | None

    @property
    def is_enough(self) -> bool:
        """Tell whether both sides hold enough values of enough persons for an interval to be trusted."""
        n, persons = min(self.n_now, self.n_before), min(self.persons_now, self.persons_before)
        return n >= ENOUGH_SAID and persons >= ENOUGH_PERSONS

    @property
    def sign(self) -> int:
        """Return 1 or -1 for a change that is certain, else 0."""
        one = self.difference
        if not self.is_enough or one is None or one.low is None or one.high is None:
            return 0
        return int(one.low > 0) - int(one.high < 0)

    @property
    def is_same(self) -> bool:
        """Tell whether there is no change larger than `SAME` for certain."""
        one = self.difference
        return self.is_enough and one is not None and one.low is not None and max(-one.low, one.high or 0.0) <= SAME


def compared(now: Said, before: Said) -> Compared:
    """Compare what was said now and before."""
    return Compared(
        sum(value for _, value in now) / len(now) if now else None,
        sum(value for _, value in before) / len(before) if before else None,
        len(now),
        len(before),
        len({person for person, _ in now}),
        len({person for person, _ in before}),
        difference(now, before),
    )


def votes(window: Window) -> Said:
    """Return every live vote of a window with its voter: 1 for yes."""
    return [(person, float(yes)) for one in window.exchanges for person, yes in window.votes(one).items()]


def answers(window: Window) -> Said:
    """Return for every answer of a window its asker, and 1 where an answer was given."""
    return [(one.question.person, float(not one.answer.abstained)) for one in window.exchanges]


def state(satisfied: Compared, answered: Compared) -> State:
    """Return what the two comparisons say together."""
    if satisfied.sign and answered.sign == -satisfied.sign:
        return State.MIXED
    if satisfied.sign:
        return State.BETTER if satisfied.sign > 0 else State.WORSE
    return State.SAME if satisfied.is_same else State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Reasons:
    """What may stand behind a change: causes that were tested, coincidences, and what the frozen questions showed."""

    causes: Sequence[str] = ()
    coincidences: Sequence[str] = ()
    frozen: Sequence[str] = ()


def told(reading: Reading, reasons: Reasons) -> tuple[str, dict[str, object]]:
    """Return the sentence, with what is known of the reason, and its numbers."""
    satisfied = compared(votes(reading.window), votes(reading.before))
    answered = compared(answers(reading.window), answers(reading.before))
    found = state(satisfied, answered)
    words = sentence(found, satisfied, answered, reading.edition.before)
    said = [words, *_why(found, reasons)]
    return " ".join(said), {"state": found.value, "satisfied": asdict(satisfied), "answered": asdict(answered)}


def sentence(found: State, satisfied: Compared, answered: Compared, before: str) -> str:
    """Return what can be said, with the number and how sure it is."""
    if not satisfied.is_enough:
        return (
            f"Cannot tell yet: {_amount(satisfied.n_now, satisfied.persons_now)} now and "
            f"{_amount(satisfied.n_before, satisfied.persons_before)} in {before}; "
            f"{ENOUGH_SAID} votes by {ENOUGH_PERSONS} people are needed in each."
        )
    said = f"{_moved(satisfied, 'of votes say that it helped', before)}{_also(found, answered)}"
    return f"{_OPENINGS[found]}: {said}."


def causes_of(releases: Sequence[Release], start: datetime, seen: datetime) -> list[str]:
    """Return what the watch did between two moments because of a difference that persons drawn by lot showed."""
    found = []
    for one in sorted(releases, key=lambda release: (release.learner, release.id)):
        done = one.evidence.get(ACT)
        if isinstance(done, Mapping) and start <= datetime.fromisoformat(str(done["at"])) <= seen:
            found += _cause(one, done)
    return found


def of_frozen(numbers: Mapping[str, Any]) -> list[str]:
    """Return what made the ranking of the frozen questions better or worse for certain, from the section `trends`."""
    steps = numbers.get("ndcg_at_10", {}).get("steps", ())
    words = {"gain": "better", "regression": "worse"}
    return [
        f"ranking got {words[one['verdict']]} by {abs(one['difference']):.3f} nDCG@10 after: {one['change']}"
        for one in steps
        if one["verdict"] in words
    ]


def _cause(release: Release, done: Mapping[str, Any]) -> list[str]:
    measured = done.get("differences", {}).get("satisfied")
    if release.evidence.get("decision") != "provisional" or not measured or measured["low"] is None:
        return []
    if done["fate"] != "promoted" or measured["low"] <= 0:
        return []
    gain = f"{_points(measured['low'])} to {_points(measured['high'])} points between people drawn by lot"
    return [f"the {release.learner} release {release.id[:8]} was promoted ({gain})"]


_OPENINGS: Mapping[State, str] = {
    State.BETTER: "Getting better",
    State.WORSE: "Getting worse",
    State.SAME: "About the same",
    State.MIXED: "Mixed",
    State.UNKNOWN: "Cannot tell yet",
}


def _why(found: State, reasons: Reasons) -> list[str]:
    if found is State.BETTER and reasons.causes:
        return [f"Because {' and '.join(reasons.causes)}."]
    if reasons.frozen:
        return [f"On the frozen questions {' and '.join(reasons.frozen)}."]
    if found in (State.BETTER, State.WORSE, State.MIXED) and reasons.coincidences:
        began = " and ".join(reasons.coincidences)
        return [f"{began[:1].upper()}{began[1:]} in this time; whether that is the reason cannot be told."]
    return []


def _moved(one: Compared, what: str, before: str) -> str:
    moved = one.difference
    if one.now is None or moved is None or moved.low is None or moved.high is None:
        return f"nothing can be said {what}"
    points = round(abs(moved.value) * 100)
    by = (
        f"{_many_points(points)} {'more' if moved.value > 0 else 'fewer'} than in {before}"
        if points
        else f"as in {before}"
    )
    ends = f"95 % interval {_points(moved.low)} to {_points(moved.high)} points"
    return f"{one.now * 100:.0f} % {what}, {by} ({ends}; {_amount(one.n_now, one.persons_now)})"


def _also(found: State, answered: Compared) -> str:
    moved = answered.difference
    if not answered.sign or answered.now is None or moved is None:
        return ""
    but = "but" if found is State.MIXED else "and"
    fewer = "more" if answered.sign > 0 else "fewer"
    points = _many_points(round(abs(moved.value) * 100))
    return f", {but} {answered.now * 100:.0f} % of questions got an answer, {points} {fewer}"


def _amount(n: int, persons: int) -> str:
    return f"{n} {'vote' if n == 1 else 'votes'} by {persons} {'person' if persons == 1 else 'people'}"


def _many_points(points: int) -> str:
    return "1 point" if points == 1 else f"{points} points"


def _points(share: float) -> str:
    return f"{share * 100:+.0f}"
