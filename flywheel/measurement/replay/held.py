"""What the gate held back: the challengers of the last turn that were held, each measured as if it served everybody.

Outside a simulation nobody can know this: votes tell a turn what was wanted, and they are noisy and mostly about what
stood at the top. Here the truth is known, so what the gate's caution costs, and what it saves, can be seen.
"""

from random import Random

from flywheel.core import Core
from flywheel.learning import release
from flywheel.measurement.replay import telling
from flywheel.measurement.replay.acting import ADMINISTRATOR
from flywheel.measurement.replay.measuring import Measured, measure
from flywheel.measurement.replay.people import population
from flywheel.measurement.replay.weeks import Script, Week


def held_back(core: Core, script: Script, last: Week) -> dict[str, Measured]:
    """Promote each held challenger of the last week, measure the held-out questions, and take it back for good."""
    people = population(script.habits, Random(script.seed))  # noqa: S311 - the same names as in the replay
    found = {}
    for learner, release_id in telling.held(last).items():
        release.promote(core, release_id, ADMINISTRATOR)
        found[learner] = measure(core, script.material.heldout, people)
        release.roll_back(core, release_id, ADMINISTRATOR)
    return found
