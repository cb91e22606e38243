"""Keep vectors beside their passages: little-endian float32, unit length, one per passage and encoder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, exists, func, select

from flywheel.ports import Vectors
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import DocumentRow, EmbeddingRow, PassageRow
from flywheel.store.passages import labels_since

_FLOAT32 = np.dtype("<f4")
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class LabelledVectors:
    """Vectors of passages, row by row with their ids, access labels, kinds and the corpus version that brought them."""

    ids: tuple[str, ...]
    labels: tuple[frozenset[str], ...]
    kinds: tuple[str, ...]
    versions: tuple[int, ...]
    matrix: Vectors


@dataclass(frozen=True, slots=True)
class Unencoded:
    """A passage without a vector under some encoder, with the words that are encoded."""

    id: str
    title: str
    heading_path: tuple[str, ...]
    text: str


def put(db: Session, encoder: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
    """Store one vector per passage id, shape (dimensions,), replacing what was there."""
    if not vectors:
        return
    db.execute(delete(EmbeddingRow).where(EmbeddingRow.encoder == encoder, EmbeddingRow.passage_id.in_(list(vectors))))
    rows = [EmbeddingRow(passage_id=one, encoder=encoder, vector=vector.astype(_FLOAT32).tobytes())
            for one, vector in vectors.items()]  # fmt: skip
    db.add_all(rows)
    db.flush()


def changed_since(db: Session, encoder: str, after: int, dimensions: int) -> LabelledVectors:
    """Return the vectors of passages that a corpus version above `after` brought; 0 returns all."""
    wanted = (
        select(PassageRow.id, PassageRow.document_id, PassageRow.kind, PassageRow.version, EmbeddingRow.vector)
        .join(EmbeddingRow, EmbeddingRow.passage_id == PassageRow.id)
        .where(EmbeddingRow.encoder == encoder, PassageRow.version > after)
        .execution_options(yield_per=_BATCH)
    )
    labels = labels_since(db, after)
    ids: list[str] = []
    documents: list[str] = []
    kinds: list[str] = []
    versions: list[int] = []
    joined = bytearray()
    for passage_id, document_id, kind, version, vector in db.execute(wanted):
        ids.append(passage_id)
        documents.append(document_id)
        kinds.append(kind)
        versions.append(version)
        joined += vector
    matrix = np.frombuffer(bytes(joined), dtype=_FLOAT32).reshape(len(ids), dimensions)
    label_sets = tuple(labels[one] for one in documents)
    return LabelledVectors(tuple(ids), label_sets, tuple(kinds), tuple(versions), matrix)


def vectors(db: Session, encoder: str, passage_ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Return the vectors of the named passages that have one."""
    wanted = select(EmbeddingRow.passage_id, EmbeddingRow.vector).where(
        EmbeddingRow.encoder == encoder, EmbeddingRow.passage_id.in_(passage_ids)
    )
    return {one: np.frombuffer(vector, dtype=_FLOAT32) for one, vector in db.execute(wanted)}


def unencoded(db: Session, encoder: str, limit: int) -> list[Unencoded]:
    """Return up to `limit` passages without a vector under an encoder, so that a new encoder can catch up."""
    has_vector = exists().where(EmbeddingRow.passage_id == PassageRow.id, EmbeddingRow.encoder == encoder)
    wanted = (
        select(
            PassageRow.id,
            DocumentRow.title,
            PassageRow.heading_path,
            func.coalesce(PassageRow.search_text, PassageRow.text).label("text"),
        )
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(~has_vector)
        .limit(limit)
    )
    return [Unencoded(row.id, row.title, tuple(row.heading_path), row.text) for row in db.execute(wanted)]
