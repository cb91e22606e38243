"""Does the review queue ask first what changes the gate's decision? The gate itself is asked.

Each of 120 simulated turns tries one challenger on 60 questions of 20 persons, near the gate's boundary. The label of
the question with the most influence is turned round, and that of one drawn by chance; the gate decides again.

    python -m tests.benchmarks.review_order
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from flywheel.curation.review_priority import gate_influences
from flywheel.learning.gate import Decision, Verdict, judge
from flywheel.learning.statistics import Floats
from flywheel.learning.trial import Trial
from tests.benchmarks.corpora import say

TURNS, QUESTIONS, PERSONS = 120, 60, 20
BANDS = ((0.0, 1.0), (1.0, 2.0), (2.0, np.inf))


@dataclass(frozen=True, slots=True)
class Turned:
    """One turn: the largest influence, and whether turning its question, or one drawn by chance, changes the gate."""

    influence: float
    top: bool
    drawn: bool


def main() -> None:
    """Print how often a decision changes, by influence."""
    found = list(turns(np.random.default_rng(5)))
    say(f"{len(found)} turns; drawn by chance: {sum(one.drawn for one in found)} decisions changed")
    for low, high in BANDS:
        within = [one.top for one in found if low <= one.influence < high]
        say(f"influence {low} to {high}: {sum(within)} of {len(within)} decisions changed")


def turns(rng: np.random.Generator) -> Iterator[Turned]:
    """Yield simulated turns in which something could be tested."""
    for _ in range(TURNS):
        mean = rng.uniform(0.02, 0.09)
        differences = rng.normal(mean, 0.19, QUESTIONS) * (rng.random(QUESTIONS) < 0.7)
        verdict = decided(differences)
        influences = gate_influences(told(differences, verdict))
        drawn = f"q{rng.integers(QUESTIONS)}"
        if influences:
            top = max(influences, key=lambda name: influences[name])
            changes = [_changes(differences, name, verdict) for name in (top, drawn)]
            yield Turned(influences[top], *changes)


def decided(differences: Floats) -> Verdict:
    """Return the gate's verdict on a challenger with these differences."""
    champion = np.full(len(differences), 0.4)
    numbers = np.arange(len(differences))
    seen = np.ones(len(differences), dtype=np.bool_)
    (verdict,) = judge([Trial("fusion", champion, champion + differences, numbers % PERSONS, seen)], seed=1)
    return verdict


def told(differences: Floats, verdict: Verdict) -> dict[str, object]:
    """Return what a turn's evidence says of it, as far as the queue reads it."""
    scores = {"champion": [0.4] * len(differences), "challenger": (0.4 + differences).tolist()}
    learner = {
        "tested": verdict.tested,
        "low": verdict.overall.low,
        "high": verdict.overall.high,
        "p_adjusted": verdict.p_adjusted,
        "level": verdict.allowance.level,
        "per_question": scores,
    }
    names = [f"q{number}" for number in range(len(differences))]
    return {"learners": {"fusion": learner}, "heldout": {"question_ids": names}}


def _changes(differences: Floats, name: str, verdict: Verdict) -> bool:
    turned = differences.copy()
    turned[int(name[1:])] *= -1
    return (decided(turned).decision is Decision.HELD) != (verdict.decision is Decision.HELD)


if __name__ == "__main__":
    main()
