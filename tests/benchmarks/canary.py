"""How often the watch raises a false alarm on a canary, and how soon it sees a harmful one.

    python -m tests.benchmarks.canary            a table; about two minutes
    python -m tests.benchmarks.canary --runs 50  quicker

People speak unequally often (Pareto) and differ in how easily they are pleased; four in five answers please. After
every few votes the watch looks, a hundred times in all. *harm* is how much satisfaction the canary costs.
"""

import argparse
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from flywheel.learning.confidence_sequence import Said, compare

LOOKS = 100


@dataclass(frozen=True, slots=True)
class World:
    """How many people there are, how they differ (standard deviation of their probability of a yes), and the harm."""

    people: int = 40
    differing: float = 0.15
    votes_per_look: int = 5
    harm: float = 0.0
    pleased: float = 0.8


def alarm(world: World, rng: np.random.Generator) -> int | None:
    """Return after how many votes the watch sees harm in one canary, or None."""
    treated = rng.integers(0, 2, world.people).astype(bool)
    activity = rng.pareto(1.5, world.people) + 0.2
    pleased = np.clip(world.pleased + world.differing * rng.normal(size=world.people), 0.02, 0.98)
    chance = np.clip(pleased - world.harm * treated, 0.0, 1.0)
    arms: tuple[Said, Said] = (defaultdict(list), defaultdict(list))
    for look in range(1, LOOKS + 1):
        for person in rng.choice(world.people, world.votes_per_look, p=activity / activity.sum()):
            said = arms[0 if treated[person] else 1]
            said[str(person)].append(float(rng.random() < chance[person]))  # type: ignore[attr-defined]
        found = compare(*arms)
        if found.high is not None and found.high < 0:
            return look * world.votes_per_look
    return None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    runs = parser.parse_args().runs
    print(f"{'people':>6} {'differing':>9} {'harm':>5} {'alarms':>7}   votes until half of the alarms")  # noqa: T201
    for people in (14, 20, 40, 100):
        for differing in (0.0, 0.15):
            for harm in (0.0, 0.2, 0.3, 0.5):
                rng = np.random.default_rng(people)
                found = [alarm(World(people, differing, harm=harm), rng) for _ in range(runs)]
                raised = [votes for votes in found if votes is not None]
                half = f"{np.median(raised):.0f}" if raised else "-"
                print(f"{people:>6} {differing:>9} {harm:>5} {len(raised) / runs:>7.1%}   {half}")  # noqa: T201


if __name__ == "__main__":
    main()
