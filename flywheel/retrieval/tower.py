"""A second encoder for questions alone: the query tower.

It was trained so that questions lie nearer to the passages that answer them, while passages keep the vectors they have:
nothing is indexed anew. Only the search of the dense index uses its vector, mixed with the untrained one; the router
and the verified answers go on with the untrained vector, which they were learned with.

    vector = unit(weight * tower(question) + (1 - weight) * encoder(question))

Its weights are files, found by the name that the release gives. Where they are missing or altered, the untrained vector
serves: `placed` raises, and whoever asks says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError
from flywheel.ports import Encoder, PairScorer, VectorIndex
from flywheel.store.database import Database

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tower:
    """Which model places questions among the passages of which encoder, and how much it counts, in [0, 1]."""

    encoder: str
    model: str
    weight: float

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "Tower":
        """Read an artefact.

        Raises:
            ArtefactError: it names no model or encoder, or its weight is not in [0, 1].
        """
        encoder, model, weight = (artefact.get(key) for key in ("encoder", "folder", "weight"))
        if not isinstance(encoder, str) or not isinstance(model, str) or not model or "/" in model:
            raise ArtefactError("the query tower's artefact names no model or no encoder")
        if not isinstance(weight, float | int) or not 0 <= weight <= 1:
            raise ArtefactError(f"the query tower's weight {weight!r} is not in [0, 1]")
        return cls(encoder, model, float(weight))


@runtime_checkable
class KeepsModels(Protocol):
    """An encoder that can also open models that were trained here."""

    def model(self, name: str) -> Encoder:
        """Return a trained encoder by its name.

        Raises:
            ArtefactError: its files are missing, or not those that were trained.
        """

    def index(self, database: Database, name: str) -> VectorIndex:
        """Return an index of the passages under a trained encoder.

        Raises:
            ArtefactError: the encoder's files are missing, or not those that were trained.
        """


@runtime_checkable
class KeepsScorers(Protocol):
    """A cross-encoder that can also open those that were trained from it here."""

    def scorer(self, name: str) -> PairScorer:
        """Return a trained scorer by its name.

        Raises:
            ArtefactError: its files are missing, or not those that were trained.
        """


def scorer_named(switched_on: PairScorer | None, name: str) -> PairScorer | None:
    """Return the cross-encoder of a name: the one that is switched on, or one that was trained from it, else None.

    Raises:
        ArtefactError: the files of a trained one are missing, or not those that were trained.
    """
    if switched_on is None or switched_on.name == name:
        return switched_on
    return switched_on.scorer(name) if isinstance(switched_on, KeepsScorers) else None


def placed(encoder: Encoder, tower: Tower | None, text: str, vector: Vector) -> Vector:
    """Return where a question is looked for among the passages, given its untrained vector; length 1.

    A tower that was trained for another encoder's passages, or an encoder that keeps no models, changes nothing.

    Raises:
        ArtefactError: the tower's files are missing, or not those that were trained.
    """
    if tower is None or not tower.weight or tower.encoder != encoder.name or not isinstance(encoder, KeepsModels):
        return vector
    mixed = tower.weight * encoder.model(tower.model).encode([text])[0] + (1 - tower.weight) * vector
    unit: Vector = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return unit
