"""How often 95 % intervals hold the truth, and how often a change that is none is called a gain or a regression.

    python -m tests.benchmarks.intervals [RUNS]

Three parts: averages over the questions of few persons (`averages.py`); steps between two measurements of the same
questions, in which some move by chance (`steps.py`); Cohen's kappa of few and of skewed pairs (`kappa.py`).
"""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

import numpy as np
from numpy.typing import NDArray

from flywheel.measurement import kappa
from flywheel.measurement.averages import Ground, mean, recorded
from flywheel.measurement.steps import Verdict, step
from flywheel.registry import Record

AT = datetime(2026, 11, 18, tzinfo=UTC)
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of persons, of whom one may ask a `loud` share; `base` is the true mean."""

    questions: int
    people: int
    base: float = 0.6
    loud: float = 0.0
    touched: float = 0.3
    """The share of questions that a change moves."""


WORLDS = (
    Asked(200, 40), Asked(60, 15), Asked(200, 8), Asked(30, 6), Asked(200, 3), Asked(200, 2),
    Asked(100, 20, base=0.9), Asked(40, 15, base=0.97), Asked(200, 40, loud=0.33), Asked(200, 40, touched=0.05),
)  # fmt: skip
TABLES = {
    "even, kappa .6": (0.4, 0.1, 0.1, 0.4),
    "even, kappa .9": (0.475, 0.025, 0.025, 0.475),
    "skewed, kappa .43": (0.82, 0.06, 0.06, 0.06),
    "skewed, kappa .79": (0.84, 0.03, 0.02, 0.11),
    "skewed, kappa 0": (0.72, 0.08, 0.18, 0.02),
}


def persons(world: Asked, rng: np.random.Generator) -> tuple[Numbers, Floats]:
    """Return who asked each question, numbered from 0, and how much each question is worth on average."""
    busy = rng.pareto(1.5, world.people) + 0.2
    if world.loud:
        busy[0] = (busy.sum() - busy[0]) * world.loud / (1 - world.loud)
    who = rng.choice(world.people, world.questions, p=busy / busy.sum())
    usual = rng.beta(5 * world.base, 5 * (1 - world.base), world.people)[who]
    return np.unique(who, return_inverse=True)[1].astype(np.int64), usual


def is_held(world: Asked, rng: np.random.Generator) -> bool | None:
    """Tell whether the interval of a recall holds the true one; None where there is no interval."""
    who, usual = persons(world, rng)
    [one] = recorded([mean("recall_at_10", (rng.random(len(who)) < usual).tolist())], who, Ground(AT, "frozen", "h"))
    return None if one.low is None or one.high is None else one.low <= world.base <= one.high


def is_called(world: Asked, rng: np.random.Generator) -> bool:
    """Tell whether a step is called a gain or a regression that moves questions, and persons, by chance alone."""
    who, usual = persons(world, rng)
    theirs = rng.normal(0, 0.08, int(who.max()) + 1)[who]
    moved = np.where(rng.random(len(who)) < world.touched, rng.normal(0, 0.3, len(who)) + theirs, 0.0)
    return step(_scored(usual, who), _scored(usual + moved, who)).verdict in (Verdict.GAIN, Verdict.REGRESSION)


def covered(shares: tuple[float, float, float, float], n: int, runs: int) -> float:
    """Return how often kappa's interval holds the true kappa, where it is defined."""
    cells = [(True, True), (True, False), (False, True), (False, False)]
    first, second = shares[0] + shares[1], shares[0] + shares[2]
    by_chance = first * second + (1 - first) * (1 - second)
    true = (shares[0] + shares[3] - by_chance) / (1 - by_chance)
    lots = [kappa.agreement(Random(f"{n} {run}").choices(cells, shares, k=n), str(run)) for run in range(runs)]
    held = [one.low <= true <= one.high for one in lots if one.low is not None and one.high is not None]
    return sum(held) / len(held)


def _scored(scores: Floats, who: Numbers) -> Record:
    told, by = tuple(map(float, scores)), tuple(map(int, who))
    return Record(AT, "ndcg_at_10", float(scores.mean()), len(told), dataset="frozen", scores=told, persons=by)


def main(runs: int) -> None:
    """Print the tables."""
    for world in WORLDS:
        held = [is_held(world, np.random.default_rng(seed)) for seed in range(runs)]
        known = [one for one in held if one is not None]
        called = sum(is_called(world, np.random.default_rng(seed)) for seed in range(runs)) / runs
        said = f"{np.mean(known):.1%}" if known else "no interval"
        sys.stdout.write(f"{world}: holds the truth {said}; changes by chance called something {called:.1%}\n")
    for name, shares in TABLES.items():
        told = ", ".join(f"{n} pairs {covered(shares, n, max(1, runs // 4)):.0%}" for n in (10, 20, 40))
        sys.stdout.write(f"{name}: {told}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
