"""Find a planted change of what people ask, and raise no alarm in quiet weeks.

    python -m tests.benchmarks.drift --data FOLDER [--seeds 5] [--cache FOLDER]

Forty simulated people ask about 20 topics of banking77, each with two favourites that half of their questions are
about. Four weeks of 200 questions go before. In a quiet week nothing changes (20 weeks in a row, each against the four
before it); in a planted one a topic that nobody asked about before takes 20 or 30 % of 200 questions, or of the first
50 or 100 of them.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flywheel.gateways.encoder import open_encoder
from flywheel.measurement.understanding import clusters, drift, topics
from flywheel.ports import Vectors
from tests.benchmarks.clusters import Labels, labelled
from tests.benchmarks.corpora import encoded, say

PEOPLE, TOPICS, ASKED, BEFORE, WEEKS = 40, 20, 200, 4, 20
FAVOURITES, LOYALTY = 2, 0.5


@dataclass(frozen=True, slots=True)
class World:
    """Topics as rows of vectors, and the topics that each person likes; `rare` is a topic that nobody asks about."""

    vectors: Vectors
    topics: list[NDArray[np.int64]]
    rare: NDArray[np.int64]
    favourites: NDArray[np.int64]
    activity: NDArray[np.float64]


def world(vectors: Vectors, labels: Labels, rng: np.random.Generator) -> World:
    """Draw a world."""
    names = rng.choice(np.unique(labels), TOPICS + 1, replace=False)
    rows = [np.flatnonzero(labels == one) for one in names]
    activity = rng.pareto(1.5, PEOPLE) + 0.5
    return World(vectors, rows[:-1], rows[-1], rng.integers(0, TOPICS, (PEOPLE, FAVOURITES)), activity / activity.sum())


def week(one: World, rng: np.random.Generator, share: float = 0.0) -> tuple[list[int], list[str]]:
    """Return the rows of a week's questions and who asked them; `share` of them are about the rare topic."""
    rows, persons = [], []
    for _ in range(ASKED):
        person = int(rng.choice(PEOPLE, p=one.activity))
        liked = rng.random() < LOYALTY
        topic = int(rng.choice(one.favourites[person])) if liked else int(rng.integers(TOPICS))
        among = one.rare if rng.random() < share else one.topics[topic]
        rows.append(int(rng.choice(among)))
        persons.append(f"P{person}")
    return rows, persons


def compared(one: World, weeks: list[tuple[list[int], list[str]]], now: tuple[list[int], list[str]]) -> drift.Drift:
    """Compare a week with those before it."""
    rows = [row for some, _ in weeks for row in some] + now[0]
    persons = [who for _, some in weeks for who in some] + now[1]
    numbers = [number for number, (some, _) in enumerate(weeks, -len(weeks)) for _ in some] + [0] * len(now[0])
    asked = drift.Asked(np.arange(len(rows)) >= len(rows) - len(now[0]), persons, numbers)
    return drift.measured(one.vectors[rows], asked, topics.shifted(asked, clusters.grouped(one.vectors[rows])))


def quiet(one: World, rng: np.random.Generator) -> int:
    """Return how many of 20 quiet weeks in a row raise an alarm."""
    weeks = [week(one, rng) for _ in range(BEFORE + WEEKS)]
    return sum(compared(one, weeks[at - BEFORE : at], weeks[at]).is_found for at in range(BEFORE, len(weeks)))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder banking77")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "flywheel-benchmarks")
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    texts, labels = labelled(given.data)
    vectors = encoded(open_encoder(), texts, given.cache)
    measure(vectors, labels, given.seeds)


def measure(vectors: Vectors, labels: Labels, seeds: int) -> None:
    """Print false alarms and planted changes found."""
    alarms, found = [], {(share, first): 0 for share in (0.1, 0.2, 0.3) for first in (50, 100, 200)}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        one = world(vectors, labels, rng)
        alarms.append(quiet(one, rng))
        before = [week(one, rng) for _ in range(BEFORE)]
        for share, first in found:
            rows, persons = week(one, rng, share)
            found[share, first] += compared(one, before, (rows[:first], persons[:first])).is_found
        say(f"seed {seed}: {alarms[-1]} alarms in {WEEKS} quiet weeks")
    say(f"alarms in {WEEKS} quiet weeks: mean {np.mean(alarms):.2f}, most {max(alarms)}")
    for (share, first), times in found.items():
        say(f"a new topic with {share:.0%} of the first {first} questions: found in {times} of {seeds}")


if __name__ == "__main__":
    main()
