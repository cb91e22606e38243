"""Read passages: as hits for a question, and as what the indexes are built from.

`hits` and `find` are the last gate: whatever an index returned, only what the audience may read comes out of SQL.
`changed_since` and `removed_since` serve the indexes themselves, which hold every passage with its access labels.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, select

from flywheel.model import Audience, Hit, Kind, Retriever
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import (
    AccessRow,
    CorpusRow,
    DocumentRow,
    PassageRow,
    RemovedPassageRow,
)

_BATCH = 2_000
_RECORD_SUFFIXES = (".jsonl", ".jsonl.gz")
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
class Found:
    """Hits the audience may read; `records` are those documents among them that are lines of a JSONL file."""

    hits: tuple[Hit, ...]
    records: frozenset[str]


def version(db: Session) -> int:
    """Return the corpus version, which grows with every change of documents or access; 0 for an empty corpus."""
    return db.scalar(_version()) or 0


def count(db: Session, after: int = 0) -> int:
    """Return how many passages there are that a corpus version above `after` brought."""
    return db.scalar(select(func.count()).select_from(PassageRow).where(PassageRow.version > after)) or 0


def ids(db: Session) -> frozenset[str]:
    """Return the ids of all passages."""
    return frozenset(db.scalars(select(PassageRow.id)))


def hits(db: Session, passage_ids: Sequence[str], audience: Audience) -> list[Hit]:
    """Return the named passages that the audience may read, in the order given, with score 0 and no features."""
    return list(find(db, passage_ids, audience).hits)


def find(db: Session, passage_ids: Sequence[str], audience: Audience) -> Found:
    """Return the named passages that the audience may read, in the order given, and which of them are records."""
    asked = {"passage_ids": list(passage_ids), "labels": sorted(audience.labels)}
    found = {row.id: row for row in db.execute(_readable_passages(), asked)}
    rows = [found[one] for one in passage_ids if one in found]
    records = frozenset(row.document_id for row in rows if row.source.endswith(_RECORD_SUFFIXES))
    return Found(tuple(_hit(row) for row in rows), records)


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


@cache
def _version() -> Select[int]:
    return select(CorpusRow.version).where(CorpusRow.id == 1)


@cache
def _readable_passages() -> _Query:
    """Return the query of `find`, built once: building it takes longer than running it."""
    labels = AccessRow.label.in_(bindparam("labels", expanding=True))
    wanted = select(
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
        DocumentRow.source,
    ).join(DocumentRow, DocumentRow.id == PassageRow.document_id)
    return wanted.where(
        PassageRow.id.in_(bindparam("passage_ids", expanding=True)),
        exists().where(AccessRow.document_id == DocumentRow.id, labels),
    )


def _hit(row: Row[*tuple[Any, ...]]) -> Hit:
    passage_id, document_id, text, kind, heading_path, page, line, url, external_id, title, owner, updated_at, _ = row
    return Hit(
        passage_id=passage_id,
        document_id=document_id,
        external_id=external_id,
        title=title,
        text=text,
        retriever=Retriever.DOCUMENTS,
        score=0.0,
        kind=Kind(kind),
        heading_path=tuple(heading_path),
        page=page,
        line=line,
        url=url,
        owner=owner,
        updated_at=updated_at,
    )
