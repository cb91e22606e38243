"""Where a query tower places a question."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from flywheel.errors import ArtefactError
from flywheel.ports import Encoder, VectorIndex, Vectors
from flywheel.retrieval.tower import Tower, placed
from flywheel.store.database import Database

EAST, NORTH = np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)


@dataclass(frozen=True)
class Pointing:
    """An encoder that sends everything one way, and whose trained model sends it north."""

    way: Vectors
    name: str = "plain"
    dimensions: int = 2

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the same vector for every text."""
        return np.stack([self.way for _ in texts])

    def model(self, name: str) -> Encoder:
        """Return the trained model."""
        return Pointing(NORTH, name)

    def index(self, database: Database, name: str) -> VectorIndex:
        """Refuse: nobody searches here."""
        raise ArtefactError


def test_a_tower_moves_a_question_by_its_weight() -> None:
    moved = placed(Pointing(EAST), Tower("plain", "m", 0.5), "vpn", EAST)

    assert moved == pytest.approx([0.5**0.5, 0.5**0.5])


def test_a_tower_for_another_encoder_moves_nothing() -> None:
    assert placed(Pointing(EAST), Tower("other", "m", 1.0), "vpn", EAST) is EAST


def test_no_tower_moves_nothing() -> None:
    assert placed(Pointing(EAST), None, "vpn", EAST) is EAST


@pytest.mark.parametrize("weight", [-0.1, 1.1, "much"])
def test_a_weight_outside_of_its_range_is_refused(weight: object) -> None:
    with pytest.raises(ArtefactError, match="not in"):
        Tower.of({"encoder": "plain", "folder": "m", "weight": weight})


def test_a_folder_elsewhere_is_refused() -> None:
    with pytest.raises(ArtefactError, match="names no model"):
        Tower.of({"encoder": "plain", "folder": "../m", "weight": 1.0})
