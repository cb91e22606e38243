"""How sure it must be that a question repeats a verified answer's: a threshold of each answer's own.

    log-odds(fits) = log-odds of the curve that holds for all (routing/router.py: `ANSWERS`) + the answer's shift

An answer that people liked when it was repeated serves from a lower cosine on, one that they did not from a higher.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flywheel.errors import ArtefactError
from flywheel.retrieval.arrays import number
from flywheel.routing.router import ANSWERS

FURTHEST = 4.0
"""The largest shift, in log-odds: about 0.15 of a cosine either way."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """The shift of each verified answer, by id, in log-odds; 0 for one without votes."""

    shifts: Mapping[str, float]

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "Repeats":
        """Read an artefact.

        Raises:
            ArtefactError: it has no table of shifts.
        """
        shifts = artefact.get("shifts")
        if not isinstance(shifts, Mapping):
            raise ArtefactError("the artefact has no table of shifts")
        return cls({str(one): number(shift, -FURTHEST, FURTHEST) for one, shift in shifts.items()})

    def probability(self, verified_id: str, cosine: float) -> float:
        """Return the probability that a verified answer fits a question this near to its own, in (0, 1)."""
        return shifted(ANSWERS.probability(cosine), self.shifts.get(verified_id, 0.0))


def shifted(probability: float, shift: float) -> float:
    """Return a probability in (0, 1) moved by some log-odds."""
    return float(1 / (1 + np.exp(-shift) * (1 - probability) / probability))
