"""How often an experiment that is looked at every day is wrong, and how often it finds what is there.

    python -m tests.benchmarks.experiments            the tables; some minutes
    python -m tests.benchmarks.experiments --runs 50  quicker

A/A: both arms are the same. Persons ask unequally often (Pareto) and differ in how readily they give feedback. From
the first day on somebody looks every day until the planned information is reached, or for eight weeks. A *false alarm*
is a run in which a difference was claimed on any day. Power: one arm gains ten points, at 400 exposures per arm over
28 days; first every exposure of a person of its own, then 60 and 200 persons.

    python -m tests.benchmarks.experiments --guardrails   A/A once more, where a guardrail's alarm is one too
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.learning.confidence_sequence import compare as watch_for_ever
from flywheel.measurement.experiments import outcomes
from flywheel.measurement.experiments.analysis import is_hurt
from flywheel.measurement.experiments.sequence import LONGEST_DAYS, SHORTEST_DAYS, Floats, Totals, compare, information

DAYS = 28
PER_ARM = 400

_Said = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class World:
    """Who is exposed how often, how readily they give feedback, and how much the treated arm gains.

    `people` 0 makes every exposure a person of its own. `differing` is the standard deviation between persons.
    """

    people: int = 60
    a_day: int = 30
    days: int = LONGEST_DAYS
    base: float = 0.2
    differing: float = 0.1
    gain: float = 0.0


def claims(world: World, minimum_effect: float, rng: np.random.Generator) -> int | None:
    """Return the day on which a difference was claimed first, or None."""
    planned = information(minimum_effect)
    for day, (treated, control) in enumerate(_days(world, rng), 1):
        found = compare(treated, control, planned)
        if found.low is not None and found.high is not None and (found.low > 0 or found.high < 0):
            return day
        if found.gathered >= 1:
            return None
    return None


def _days(world: World, rng: np.random.Generator) -> Iterator[tuple[Totals, Totals]]:
    """Yield what both arms have said by the end of each day."""
    people = world.people or world.a_day * world.days
    treated = rng.random(people) < 0.5 if world.people else np.arange(people) % 2 == 0
    activity = rng.pareto(1.5, people) + 0.2
    ready = np.clip(world.base + world.differing * rng.normal(size=people), 0.01, 0.99)
    chance = np.clip(ready + world.gain * treated, 0.0, 1.0)
    sums, counts = np.zeros(people), np.zeros(people)
    for day in range(world.days):
        asked = _asking(world, day, activity, rng)
        counts += asked
        sums += rng.binomial(asked, chance)
        yield _arm(sums, counts, treated), _arm(sums, counts, ~treated)


def _arm(sums: Floats, counts: Floats, members: NDArray[np.bool_]) -> Totals:
    spoken = members & (counts > 0)
    return Totals(sums[spoken], counts[spoken])


def _asking(world: World, day: int, activity: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return how often each person asks on a day."""
    if world.people:
        return np.asarray(rng.multinomial(world.a_day, activity / activity.sum()), dtype=np.int64)
    asked = np.zeros(world.a_day * world.days, dtype=np.int64)
    asked[day * world.a_day : (day + 1) * world.a_day] = 1
    return asked


def alarms(world: World, rng: np.random.Generator) -> str:
    """Return what a whole A/A experiment on ten points claims: "winner", the guardrail that it calls hurt, or nothing.

    Four in five votes say yes, after one answer in ten somebody asks again, three in a hundred are slow.
    """
    people = world.people
    treated, activity = rng.random(people) < 0.5, rng.pareto(1.5, people) + 0.2
    ready = np.clip(world.base + world.differing * rng.normal(size=people), 0.01, 0.99)
    usual = {"satisfaction": (0.8, 0.15), "asked_again": (0.1, 0.07), "slow": (0.03, 0.03)}
    chance = {name: np.clip(m + sd * rng.normal(size=people), 0.0, 1.0) for name, (m, sd) in usual.items()}
    said: dict[str, tuple[_Said, _Said]] = {name: ({}, {}) for name in usual}
    sums, counts = np.zeros(people), np.zeros(people)
    for day in range(1, world.days + 1):
        asked = _asking(world, day, activity, rng)
        gave = rng.binomial(asked, ready)
        counts, sums = counts + asked, sums + gave
        for name, arms in said.items():
            values = gave if name == "satisfaction" else asked
            _say(arms, treated, rng.binomial(values, chance[name]), values)
            if is_hurt(outcomes.named(name), watch_for_ever(*arms)):
                return name
        found = compare(_arm(sums, counts, treated), _arm(sums, counts, ~treated), information(0.1))
        if day >= SHORTEST_DAYS and found.low is not None and found.high is not None:
            if found.low > 0 or found.high < 0:
                return "winner"
            if found.gathered >= 1 or (found.low > -0.1 and found.high < 0.1):
                return ""
    return ""


def _say(
    arms: tuple["_Said", "_Said"], treated: NDArray[np.bool_], yes: NDArray[np.int64], of: NDArray[np.int64]
) -> None:
    for person in np.nonzero(of)[0]:
        values = [1.0] * int(yes[person]) + [0.0] * int(of[person] - yes[person])
        arms[0 if treated[person] else 1].setdefault(str(person), []).extend(values)


def tell_alarms(runs: int) -> None:
    """Print what whole A/A experiments claim."""
    for world in (World(), World(people=20), World(people=200), World(base=0.1, differing=0.0)):
        rng = np.random.default_rng(3)
        found = Counter(alarms(world, rng) for _ in range(runs))
        wrong = {name: f"{count / runs:.1%}" for name, count in found.items() if name}
        print(f"{world.people} persons, base {world.base}: {1 - found[''] / runs:.1%} wrong, {wrong}")  # noqa: T201


def share_of_claims(world: World, minimum_effect: float, runs: int, seed: int) -> float:
    """Return the share of runs in which a difference was claimed."""
    rng = np.random.default_rng(seed)
    return sum(claims(world, minimum_effect, rng) is not None for _ in range(runs)) / runs


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--guardrails", action="store_true")
    runs, guardrails = (given := parser.parse_args()).runs, given.guardrails
    if guardrails:
        tell_alarms(runs)
        return
    print(f"A/A, {runs} runs, looked at daily for up to {LONGEST_DAYS} days")  # noqa: T201
    print(f"{'people':>6} {'a day':>5} {'base':>5} {'differing':>9} {'effect':>6} {'false alarms':>12}")  # noqa: T201
    same = [World(), World(differing=0.0), World(a_day=60, base=0.5, differing=0.2), World(a_day=10, base=0.1),
            World(people=20), World(people=200), World(people=0)]  # fmt: skip
    for world in same:
        for effect in (0.05, 0.1, 0.2):
            wrong = share_of_claims(world, effect, runs, 1)
            print(f"{world.people:>6} {world.a_day:>5} {world.base:>5} {world.differing:>9} {effect:>6} {wrong:>12.1%}")  # noqa: T201
    a_day = 2 * PER_ARM // DAYS + 1
    print(f"Ten points more, {PER_ARM} exposures per arm in {DAYS} days, {runs} runs")  # noqa: T201
    for people, differing in ((0, 0.0), (60, 0.0), (60, 0.1), (200, 0.1)):
        for base in (0.05, 0.1, 0.2, 0.3, 0.45):
            world = World(people, a_day, DAYS, base, differing, gain=0.1)
            found = share_of_claims(world, 0.1, runs, 2)
            print(f"{people:>6} persons (0: one each), base {base:.2f}, differing {differing}: found {found:.1%}")  # noqa: T201


if __name__ == "__main__":
    main()
