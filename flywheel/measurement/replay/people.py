"""The people of a replay: who asks much, who votes, who attacks.

Few ask much: activity is log-normal with a spread of one, which gives the busiest tenth about a third of all questions.
A person's readiness to judge is drawn from a beta distribution around the mean of the habits.
"""

from dataclasses import dataclass
from random import Random

from flywheel.measurement.replay.habits import Habits

_SPREAD = 1.0
_FIRMNESS = 5.0


@dataclass(frozen=True, slots=True)
class Person:
    """A simulated person. `activity` weighs who asks next; `readiness` is the share of answers that they judge."""

    id: str
    activity: float
    readiness: float
    attacks: bool = False


def population(habits: Habits, rng: Random) -> tuple[Person, ...]:
    """Draw the people; the attackers are a sample of them, at least one where there shall be any."""
    count = round(habits.attackers * habits.people)
    attackers = set(rng.sample(range(habits.people), max(count, 1 if habits.attackers > 0 else 0)))
    return tuple(
        Person(f"UR{n:04d}", rng.lognormvariate(0.0, _SPREAD), _readiness(habits.feedback, rng), n in attackers)
        for n in range(habits.people)
    )


def _readiness(mean: float, rng: Random) -> float:
    if mean in (0.0, 1.0):
        return mean
    return rng.betavariate(mean * _FIRMNESS, (1 - mean) * _FIRMNESS)
