"""How often a report says better or worse where nothing changed, and how often it sees that something did.

    python -m tests.benchmarks.verdict [YEARS]

Persons ask unequally often (Pareto), vote unequally often and are unequally content (beta distributions); three of four
votes say yes. For each year, 52 weeks are compared with the four weeks before each, as a report does; then single weeks
in which the share of yes is ten points higher. Printed are the shares of weeks that are called better, worse or mixed,
of years with any such week, and of better weeks that were found.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flywheel.measurement.clustered import Said
from flywheel.measurement.report.headline import State, compared, state

WEEKS, BEFORE = 52, 4
_CALLED = (State.BETTER, State.WORSE, State.MIXED)
_Week = tuple[list[tuple[str, float]], list[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class World:
    """People and their questions a week; `alike` is how much alike people are; one of them may ask a `loud` share."""

    people: int = 40
    questions: int = 100
    alike: float = 4.0
    voting: float = 0.4
    yes: float = 0.75
    loud: float = 0.0
    unrest: float = 0.0
    """Standard deviation of what all questions of a week have in common."""


WORLDS = {
    "40 people, 100 questions": World(),
    "15 people, 60 questions": World(15, 60, 2.0),
    "20 people, 150 questions": World(20, 150, 8.0),
    "100 people, 300 questions": World(100, 300),
    "300 people, 1,000 questions": World(300, 1000),
    "one asks 30 %": World(alike=2.0, loud=0.3),
    "nine in ten say yes": World(yes=0.9),
    "weeks differ by 3 points": World(100, 300, unrest=0.03),
}


def weeks(world: World, count: int, rng: np.random.Generator, gain: float = 0.0) -> list[_Week]:
    """Return the votes and the answers of some weeks; in the last one `gain` more say yes."""
    busy = rng.pareto(1.5, world.people) + 0.2
    if world.loud:
        busy[0] = (busy.sum() - busy[0]) * world.loud / (1 - world.loud)
    content = rng.beta(world.yes * world.alike, (1 - world.yes) * world.alike, world.people)
    votes = rng.beta(world.voting * 3, (1 - world.voting) * 3, world.people)
    found: list[_Week] = []
    for number in range(count):
        shift = world.unrest * rng.normal() + gain * (number == count - 1)
        who = rng.choice(world.people, world.questions, p=busy / busy.sum())
        says_yes = rng.random(len(who)) < np.clip(content[who] + shift, 0, 1)
        has_vote, answered = rng.random(len(who)) < votes[who], rng.random(len(who)) < 0.9
        cast = [(str(one), float(yes)) for one, yes, has in zip(who, says_yes, has_vote, strict=True) if has]
        found.append((cast, [(str(one), float(given)) for one, given in zip(who, answered, strict=True)]))
    return found


def verdict(some: Sequence[_Week]) -> State:
    """Return what a report says of the last of some weeks."""
    *before, now = some[-1 - BEFORE :]
    votes: Said = [one for week in before for one in week[0]]
    answers: Said = [one for week in before for one in week[1]]
    return state(compared(now[0], votes), compared(now[1], answers))


def quiet(world: World, rng: np.random.Generator) -> list[State]:
    """Return the verdicts of a year in which nothing changes."""
    year = weeks(world, BEFORE + WEEKS, rng)
    return [verdict(year[: end + 1]) for end in range(BEFORE, len(year))]


def main(years: int) -> None:
    """Print the table."""
    for name, world in WORLDS.items():
        told = [quiet(world, np.random.default_rng(seed)) for seed in range(years)]
        every = Counter(one for year in told for one in year)
        any_ = sum(any(one in _CALLED for one in year) for year in told) / years
        seen = [
            verdict(weeks(world, BEFORE + 1, np.random.default_rng(9_000 + seed), 0.1)) for seed in range(4 * years)
        ]
        wrong = sum(every[one] for one in _CALLED) / sum(every.values())
        found = sum(one in (State.BETTER, State.MIXED) for one in seen) / len(seen)
        sys.stdout.write(
            f"{name}: {wrong:.1%} of quiet weeks called otherwise, {any_:.0%} of years; +10 points: {found:.0%}\n"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
