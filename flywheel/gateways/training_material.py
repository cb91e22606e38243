"""What a training learns from, as it stands in the training's folder: `material.json`.

Written by `flywheel.learning.material`; read by the process that trains.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flywheel.errors import ArtefactError

MATERIAL_FILE = "material.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. `batch` is in pairs, `rate` is AdamW's at its highest, `negatives` are per pair."""

    epochs: int = 2
    batch: int = 64
    rate: float = 2e-5
    negatives: int = 3
    every: int = 25
    patience: int = 3


@dataclass(frozen=True, slots=True)
class Material:
    """What to learn from: texts of passages, pairs of (question, place of its passage, weight), and judging questions,
    each with the grade of its passages by place.
    """

    kind: str
    base: str
    seed: int
    passages: tuple[str, ...]
    pairs: tuple[tuple[str, int, float], ...]
    judging: tuple[tuple[str, Mapping[int, float]], ...]
    settings: Settings = field(default_factory=Settings)

    @classmethod
    def read(cls, folder: Path) -> "Material":
        """Read what the training that began here learns from.

        Raises:
            ArtefactError: there is none, or it makes no sense.
        """
        try:
            told = json.loads((folder / MATERIAL_FILE).read_text(encoding="utf-8"))
            return cls(
                kind=str(told["kind"]),
                base=str(told["base"]),
                seed=int(told["seed"]),
                passages=tuple(told["passages"]),
                pairs=tuple((str(text), int(place), float(weight)) for text, place, weight in told["pairs"]),
                judging=tuple(
                    (text, {int(n): float(grade) for n, grade in its.items()}) for text, its in told["judging"]
                ),
                settings=Settings(**told["settings"]),
            )
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ArtefactError(f"{folder} has no material to train on: {error}") from error
