"""A store with passages, and an encoder whose vectors a test can foresee."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from flywheel.model import PUBLIC, Document, Kind, Passage
from flywheel.ports import Vectors
from flywheel.store import documents, embeddings
from flywheel.store.database import Database

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class HashingEncoder:
    """An `Encoder` that adds one fixed random direction per word."""

    name = "hashing-1"
    dimensions = 32

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors; texts that share words point the same way."""
        rows = [sum((self._direction(word) for word in text.lower().split()), np.zeros(32)) + 1e-6 for text in texts]
        matrix = np.array(rows, dtype=np.float32).reshape(len(texts), 32)
        unit: Vectors = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
        return unit

    def _direction(self, word: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).normal(size=32)


class Library:
    """Writes documents of one passage each, as an ingest would."""

    def __init__(self, database: Database, encoder: HashingEncoder) -> None:
        """Write to this store."""
        self.database = database
        self.encoder = encoder

    def add(self, name: str, text: str, *labels: str, title: str = "") -> None:
        """Add or replace a document; its passage has the id `name`."""
        document = Document(f"d-{name}", "shelf", name, title or name, Kind.TEXT, text, frozenset(labels or (PUBLIC,)))
        passage = Passage(name, document.id, 0, text, Kind.TEXT)
        vector = self.encoder.encode([text])[0]
        with self.database.begin() as db:
            version = documents.advance_corpus(db)
            documents.put(db, [(document, [passage])], version=version, at=NOW)
            embeddings.put(db, self.encoder.name, {name: vector})

    def add_many(self, count: int) -> None:
        """Add documents n0, n1, … in one corpus version."""
        items = []
        for number in range(count):
            document = Document(f"d-n{number}", "s", f"n{number}", "t", Kind.TEXT, "h", frozenset({PUBLIC}))
            items.append((document, [Passage(f"n{number}", document.id, 0, f"topic {number} words", Kind.TEXT)]))
        vectors = self.encoder.encode([passages[0].text for _, passages in items])
        with self.database.begin() as db:
            version = documents.advance_corpus(db)
            documents.put(db, items, version=version, at=NOW)
            named = {passages[0].id: vector for (_, passages), vector in zip(items, vectors, strict=True)}
            embeddings.put(db, self.encoder.name, named)

    def remove(self, name: str) -> None:
        """Remove a document."""
        with self.database.begin() as db:
            documents.remove(db, [f"d-{name}"], version=documents.advance_corpus(db))


@pytest.fixture
def encoder() -> HashingEncoder:
    """Return the encoder of these tests."""
    return HashingEncoder()


@pytest.fixture
def library(database: Database, encoder: HashingEncoder) -> Library:
    """Return an empty library."""
    return Library(database, encoder)
