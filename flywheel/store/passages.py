"""Read passages: as hits for a question, and as what the indexes are built from.

`hits` and `candidates` are the last gate: whatever an index returned, only what the audience may read comes out of SQL.
`changed_since` and `removed_since` serve the indexes themselves, which hold every passage with its access labels.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from flywheel.model import Audience, Hit, Kind, Retriever
from flywheel.ports import Vectors
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import (
    AccessRow,
    CorpusRow,
    DocumentRow,
    EmbeddingRow,
    PassageRow,
    RemovedPassageRow,
)

_BATCH = 2_000
_Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """What a lexical index needs of a passage."""

    id: str
    title: str
    heading: str
    text: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Hits the audience may read, with their vectors, shape (len(hits), dimensions); rows without one are zero."""

    hits: tuple[Hit, ...]
    vectors: Vectors


def version(db: Session) -> int:
    """Return the corpus version, which grows with every change of documents or access; 0 for an empty corpus."""
    return db.scalar(select(CorpusRow.version).where(CorpusRow.id == 1)) or 0


def count(db: Session) -> int:
    """Return how many passages there are."""
    return db.scalar(select(func.count()).select_from(PassageRow)) or 0


def ids(db: Session) -> frozenset[str]:
    """Return the ids of all passages."""
    return frozenset(db.scalars(select(PassageRow.id)))


def hits(db: Session, passage_ids: Sequence[str], audience: Audience) -> list[Hit]:
    """Return the named passages that the audience may read, in the order given, with score 0 and no features."""
    found = {row.id: _hit(row) for row in db.execute(_readable(_columns(), passage_ids, audience))}
    return [found[one] for one in passage_ids if one in found]


def candidates(
    db: Session, passage_ids: Sequence[str], audience: Audience, encoder: str, dimensions: int
) -> Candidates:
    """Return the named passages that the audience may read, in the order given, with their vectors, in one query."""
    of_encoder = (EmbeddingRow.passage_id == PassageRow.id) & (EmbeddingRow.encoder == encoder)
    wanted = _columns().add_columns(EmbeddingRow.vector).outerjoin(EmbeddingRow, of_encoder)
    found = {row.id: row for row in db.execute(_readable(wanted, passage_ids, audience))}
    rows = [found[one] for one in passage_ids if one in found]
    blank = bytes(4 * dimensions)
    joined = b"".join(row.vector or blank for row in rows)
    vectors = np.frombuffer(joined, dtype="<f4").reshape(len(rows), dimensions)
    return Candidates(tuple(_hit(row) for row in rows), vectors)


def changed_since(db: Session, after: int) -> Iterator[IndexedPassage]:
    """Yield passages that a corpus version above `after` brought, in batches of bounded memory."""
    wanted = (
        select(PassageRow.id, PassageRow.document_id, PassageRow.text, PassageRow.heading_path, DocumentRow.title)
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(PassageRow.version > after)
        .execution_options(yield_per=_BATCH)
    )
    labels = labels_since(db, after)
    for row in db.execute(wanted):
        yield IndexedPassage(row.id, row.title, " ".join(row.heading_path), row.text, labels[row.document_id])


def removed_since(db: Session, after: int) -> list[str]:
    """Return the ids of passages that a corpus version above `after` removed; some may have come back since."""
    return list(db.scalars(select(RemovedPassageRow.passage_id).where(RemovedPassageRow.version > after)))


def labels_since(db: Session, after: int) -> defaultdict[str, frozenset[str]]:
    """Return the access labels of each document that has passages above a corpus version; others hold none."""
    wanted = select(AccessRow.document_id, AccessRow.label)
    if after > 0:
        wanted = wanted.where(
            AccessRow.document_id.in_(select(PassageRow.document_id).where(PassageRow.version > after))
        )
    gathered: dict[str, list[str]] = defaultdict(list)
    for document_id, label in db.execute(wanted):
        gathered[document_id].append(label)
    shared: dict[frozenset[str], frozenset[str]] = {}  # one object per distinct set
    labels: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for document_id, its_labels in gathered.items():
        one = frozenset(its_labels)
        labels[document_id] = shared.setdefault(one, one)
    return labels


def readable_by(audience: Audience) -> ColumnElement[bool]:
    """Return the condition that a document row in the query carries one of the audience's labels."""
    return exists().where(AccessRow.document_id == DocumentRow.id, AccessRow.label.in_(sorted(audience.labels)))


def _columns() -> _Query:
    return select(
        PassageRow.id,
        PassageRow.document_id,
        PassageRow.text,
        PassageRow.kind,
        PassageRow.heading_path,
        PassageRow.page,
        PassageRow.line,
        func.coalesce(PassageRow.url, DocumentRow.url).label("url"),
        DocumentRow.external_id,
        DocumentRow.title,
        DocumentRow.owner,
        DocumentRow.updated_at,
    ).join(DocumentRow, DocumentRow.id == PassageRow.document_id)


def _readable(wanted: _Query, passage_ids: Sequence[str], audience: Audience) -> _Query:
    return wanted.where(PassageRow.id.in_(passage_ids), readable_by(audience))


def _hit(row: Row[*tuple[Any, ...]]) -> Hit:
    return Hit(
        passage_id=row.id,
        document_id=row.document_id,
        external_id=row.external_id,
        title=row.title,
        text=row.text,
        retriever=Retriever.DOCUMENTS,
        score=0.0,
        kind=Kind(row.kind),
        heading_path=tuple(row.heading_path),
        page=row.page,
        line=row.line,
        url=row.url,
        owner=row.owner,
        updated_at=row.updated_at,
    )
