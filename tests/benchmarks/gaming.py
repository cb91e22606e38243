"""How often pushed votes are found, and how often quiet weeks raise an alarm: `python -m tests.benchmarks.gaming 100`.

Each world runs for four weeks that say what is usual; then it is quiet for twenty more, or pushed for four. Prints for
each planted gaming in how many worlds it was found in its first week and within four, and what found it; for quiet
worlds the share of alarming weeks, and of worlds with more than one.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from flywheel.measurement.gaming import SPANS, WEEKS
from flywheel.measurement.suspicion import What, suspicions
from flywheel.measurement.vote_evidence import of
from flywheel.measurement.window import Window
from tests.unit.measurement.voting_world import Pushing, World, together, week

PLANTED = {
    "three of the twenty, 60 % of all answers": Pushing(("U3", "U8", "U14"), 0.6),
    "three of the twenty, 20 % of all answers": Pushing(("U3", "U8", "U14"), 0.2),
    "one of the twenty, 60 % of all answers": Pushing(("U3",), 0.6),
    "four friends who never ask, 30 %": Pushing(("F1", "F2", "F3", "F4"), 0.3),
    "two friends who never ask, 10 %": Pushing(("F1", "F2"), 0.1),
    "one script, 40 %, at once": Pushing(("F1",), 0.4, 0.5, 3.0),
}
WORLDS = {
    "150 questions a week": World(),
    "40 questions a week": World(questions=40),
    "150 questions, better from week to week": World(),
    "150 questions, a curator votes honestly on a third": World(curator=0.33),
}


def alarming(weeks: Sequence[Window]) -> list[What]:
    """Return what is suspected at the end of the last of some weeks, looking as far back as a turn does."""
    found = []
    for span in SPANS:
        before = weeks[max(0, len(weeks) - span - WEEKS) : -span]
        looked = suspicions(of(together(weeks[-span:])), of(together(before))) if before else []
        found += [one.what for one in looked if one.is_alarming]
    return found


def planted(seed: int, pushing: Pushing, world: World) -> list[list[What]]:
    """Return what is suspected in each of the first four pushed weeks of a world."""
    rng = Random(seed)
    weeks = [week(rng, number, world, pushing if number >= WEEKS else None) for number in range(2 * WEEKS)]
    return [alarming(weeks[: at + 1]) for at in range(WEEKS, 2 * WEEKS)]


def quiet(seed: int, world: World, *, improving: bool = False) -> list[list[What]]:
    """Return what is suspected in each of twenty quiet weeks of a world."""
    rng = Random(10_000 + seed)
    worlds = [replace(world, good=min(0.95, world.good + 0.01 * number * improving)) for number in range(24)]
    weeks = [week(rng, number, one) for number, one in enumerate(worlds)]
    return [alarming(weeks[: at + 1]) for at in range(4, 24)]


def main(seeds: int) -> None:
    """Print the rates."""
    for size in (150, 40):
        for name, pushing in PLANTED.items():
            found = [planted(seed, pushing, World(questions=size)) for seed in range(seeds)]
            first, ever = (sum(any(run[:weeks]) for run in found) / seeds for weeks in (1, WEEKS))
            by = Counter(what.value for run in found for what in {one for some in run for one in some})
            sys.stdout.write(
                f"{size} a week, {name}: found {first:.0%} in the first week, {ever:.0%} within four {dict(by)}\n"
            )
    for name, world in WORLDS.items():
        runs = [quiet(seed, world, improving="better" in name) for seed in range(seeds)]
        weeks = sum(bool(one) for run in runs for one in run)
        often = sum(sum(map(bool, run)) > 1 for run in runs)
        by = Counter(what.value for run in runs for one in run for what in set(one))
        sys.stdout.write(
            f"quiet, {name}: {weeks / (20 * seeds):.2%} of weeks alarm, {often} of {seeds} worlds twice {dict(by)}\n"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
