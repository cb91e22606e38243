"""How often does the gate release what is no better, and how often what is better?

    python -m tests.benchmarks.gate [--challengers 200] [--years 100] [--noise similar …]

First: challengers that are no better, harmful ones and truly better ones (by twice the detectable effect, and by
the detectable effect), each judged once.
`released` counts provisional releases as well. The noise is of four sorts:

    similar   two similar rankers: normal with a standard deviation of .19, and .05 between persons
    near      the champion but for every tenth question, which gains or loses .2
    lucky     every tenth question gains much, the others lose a little; and the reverse
    unlucky

Then: a year of weekly tries of a champion that cannot be beaten, and of one that can, each on the newest 30 % of all
questions: with the levels of `spending.py`, and with 5 % for each try.
"""

import argparse
from collections.abc import Iterator

import numpy as np

from flywheel.learning.gate import Decision, judge
from flywheel.learning.spending import level
from flywheel.learning.statistics import Floats, Numbers, doubted, one_sided_p
from flywheel.learning.trial import Trial
from tests.benchmarks.corpora import say

SD = 0.19
BETWEEN_PERSONS = 0.05
SIZES = ((30, 10), (50, 12), (100, 20), (200, 30), (500, 60))
"""Held-out questions, and the persons who judged them."""
NOISES = ("similar", "near", "lucky", "unlucky")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--challengers", type=int, default=200)
    parser.add_argument("--years", type=int, default=100)
    parser.add_argument("--noise", choices=NOISES, nargs="*", default=NOISES)
    given = parser.parse_args()
    say("noise | questions | persons | no better: released | harmful | better, twice detectable | better, detectable")
    for noise in given.noise:
        for n, persons in SIZES:
            say(row(noise, n, persons, given.challengers))
    if given.years:
        years(given.years)


def years(count: int) -> None:
    """Print the second table."""
    say("\nnew held-out questions a week | true gain | a release within a year | at 5 % each | median week")
    for weekly, gain in ((10, 0.0), (30, 0.0), (10, 0.02), (10, 0.04), (10, 0.08)):
        say(year(weekly, gain, count))


def row(noise: str, n: int, persons: int, challengers: int) -> str:
    """Return one line of the first table: `challengers` that are no better, and a quarter as many of the others."""
    rng = np.random.default_rng(n)
    detectable = 2.8 * float(np.std(noised(noise, n, persons, rng)[0])) / n**0.5
    few = challengers // 4
    counts = [
        f"{released(noise, (n, persons), shift, times, rng)} of {times}"
        for shift, times in ((0.0, challengers), (-detectable, few), (2 * detectable, few), (detectable, few))
    ]
    return " | ".join([noise, str(n), str(persons), *counts])


def released(noise: str, size: tuple[int, int], shift: float, times: int, rng: np.random.Generator) -> int:
    """Return how many of `times` challengers that gain `shift` are released, provisionally or to everybody."""
    return sum(_judged(trial, rng) is not Decision.HELD for trial in _trials(noise, size, shift, times, rng))


def noised(noise: str, n: int, persons: int, rng: np.random.Generator) -> tuple[Floats, Numbers]:
    """Return differences with a mean of 0, shape (n,), and the number of each question's person."""
    person = rng.integers(0, persons, n)
    if noise == "similar":
        return rng.normal(0, SD, n) + rng.normal(0, BETWEEN_PERSONS, persons)[person], person
    tenth = rng.random(n) < 0.1
    if noise == "near":
        return tenth * rng.choice([-0.2, 0.2], n), person
    lucky = np.where(tenth, 0.45, -0.05)
    return (lucky if noise == "lucky" else -lucky), person


def year(weekly: int, gain: float, years: int) -> str:
    """Return one line of the second table."""
    rng = np.random.default_rng(weekly)
    weeks = [_first_releases(weekly, gain, rng) for _ in range(years)]
    spent, each = ([one[side] for one in weeks] for side in (0, 1))
    found = sorted(one for one in spent if one)
    middle = str(found[len(found) // 2]) if found else "-"
    shares = [f"{sum(week > 0 for week in side) / years:.0%}" for side in (spent, each)]
    return " | ".join([str(weekly), f"{gain:+.2f}", *shares, middle])


def _first_releases(weekly: int, gain: float, rng: np.random.Generator) -> tuple[int, int]:
    """Return the weeks of the first releases, with spent levels and with 5 % each; 0 for none in the year."""
    asked = round(weekly / 0.3)
    differences, persons = noised("similar", 52 * asked, 40, rng)
    number, spent, each = 0, 0, 0
    for week in range(1, 53):
        first, last = round(0.7 * week * asked), week * asked
        if last - first < 30:
            continue
        number += 1
        p = one_sided_p(*doubted(differences[first:last] + gain, persons[first:last]), rng)
        spent = spent or (week if p < level(number) else 0)
        each = each or (week if p < 0.05 else 0)
        if spent and each:
            break
    return spent, each


def _trials(noise: str, size: tuple[int, int], shift: float, times: int, rng: np.random.Generator) -> Iterator[Trial]:
    n, persons = size
    for _ in range(times):
        differences, person = noised(noise, n, persons, rng)
        routes = tuple(["documents", "documents", "code", "tables"][one] for one in rng.integers(0, 4, n).tolist())
        surfaces = tuple(["mention", "direct"][one] for one in rng.integers(0, 2, n).tolist())
        champion = np.full(n, 0.5)
        yield Trial(
            "reranker",
            champion,
            champion + differences + shift,
            person,
            rng.random(n) < 0.5,
            segments={"route": routes, "surface": surfaces},
        )


def _judged(trial: Trial, rng: np.random.Generator) -> Decision:
    return judge([trial], int(rng.integers(2**31)))[0].decision


if __name__ == "__main__":
    main()
