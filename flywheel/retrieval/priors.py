"""Lean towards passages and sources that people were glad of, and away from those they were not.

    prior(passage) = weight * (log-odds of its own votes + log-odds of its source's), each 0 where nobody voted

The numbers are smoothed where they are learned (learning/priors.py); here they are looked up and added.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flywheel.errors import ArtefactError
from flywheel.retrieval.arrays import number

_FAR = 20.0


@dataclass(frozen=True, slots=True)
class Priors:
    """What a passage and a source are worth, in units of the best fused score."""

    passages: Mapping[str, float]
    sources: Mapping[str, float]

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "Priors":
        """Read an artefact.

        Raises:
            ArtefactError: it has no tables of numbers.
        """
        weight = number(artefact.get("weight"), 0, 1)
        return cls(_table(artefact.get("passages"), weight), _table(artefact.get("sources"), weight))

    def prior(self, passage_id: str, source: str) -> float:
        """Return what a passage of a source is worth; 0 where nobody voted on either."""
        return self.passages.get(passage_id, 0.0) + self.sources.get(source, 0.0)


def _table(stored: object, weight: float) -> dict[str, float]:
    if not isinstance(stored, Mapping):
        raise ArtefactError("the priors' artefact has no table of passages or of sources")
    return {str(one): weight * number(value, -_FAR, _FAR) for one, value in stored.items()}
