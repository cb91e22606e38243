"""A core on real SQLite, with an encoder small enough to need no model."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.model import Audience
from flywheel.ports import Kinds, Reach, Scored, Standing, Vectors
from flywheel.store.database import Database

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class HashingEncoder:
    """Encode a text by its hash; remember what was encoded."""

    name = "hashing"
    dimensions = 8

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        rows = [np.frombuffer(hashlib.sha256(text.encode()).digest()[:8], dtype=np.uint8) for text in texts]
        matrix = np.array(rows, dtype=np.float32) + 1
        lengths: NDArray[np.float32] = np.linalg.norm(matrix, axis=1, keepdims=True)
        return matrix / lengths


class NoIndex:
    """An index that finds nothing; ingest asks none."""

    def nearest(self, vector: NDArray[np.float32], audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        return []

    def match(self, query: str, audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        return []


class Nobody:
    """A directory without channels."""

    def channels_of(self, person: str) -> frozenset[str]:
        return frozenset()

    def members_of(self, channel: str) -> frozenset[str] | None:
        return None

    def standing_of(self, person: str) -> Standing:
        return Standing.UNKNOWN

    def reach_of(self, channel: str) -> Reach:
        return Reach.COMPANY


def make_core(url: str) -> Core:
    database = Database(url)
    database.migrate()
    index = NoIndex()
    return Core(database, HashingEncoder(), index, index, Nobody(), None, lambda: NOW, Random(7))


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = make_core(f"sqlite:///{tmp_path / 'flywheel.db'}")
    yield made
    made.database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder for documents."""
    made = tmp_path / "documents"
    made.mkdir()
    return made
