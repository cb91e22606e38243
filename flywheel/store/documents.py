"""Keep documents, who may read them, their passages, and the names of what could not be read.

Every change raises the corpus version in the same unit of work, and the passages it brings carry that version, so that
an index takes over only what is new. What a document says comes out filtered by audience; functions without an
audience serve the ingest and operators: ids, hashes, sources, counts, owners and the names of refused files.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from flywheel.model import Audience, Document, Kind, Passage
from flywheel.store.base import Table
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import (
    AccessRow,
    CorpusRow,
    DocumentRow,
    EmbeddingRow,
    PassageRow,
    RefusedDocumentRow,
    RemovedPassageRow,
)
from flywheel.store.passages import readable_by

_T = TypeVar("_T")
Encoded = tuple[str, tuple[str, ...], str | None]
"""Title, heading path and search text of a passage."""

_BATCH = 500
_LONGEST_NAME = 512


@dataclass(frozen=True, slots=True)
class RefusedDocument:
    """A document that could not be read: its name within its source, and why."""

    source: str
    external_id: str
    reason: str
    at: datetime


def advance_corpus(db: Session) -> int:
    """Raise the corpus version and return it. Other writers of documents wait until this unit of work ends."""
    insert = _insert(db, CorpusRow).values(id=1, version=1)
    raised = insert.on_conflict_do_update(index_elements=["id"], set_={"version": CorpusRow.version + 1})
    return int(db.execute(raised.returning(CorpusRow.version)).scalar_one())


def put(db: Session, batch: Sequence[tuple[Document, Sequence[Passage]]], *, version: int, at: datetime) -> None:
    """Store documents with their passages in place of what was there; vectors of passages that stay are kept.

    `version` comes from `advance_corpus` in the same unit of work.
    """
    for part in _batches(batch):
        ids = [document.id for document, _ in part]
        kept = {passage.id for _, passages in part for passage in passages}
        before = _passage_ids(db, ids)
        _delete_passages(db, [one for one in before if one not in kept], version)
        _upsert(db, DocumentRow, [_document_values(document, at) for document, _ in part])
        db.execute(delete(AccessRow).where(AccessRow.document_id.in_(ids)))
        labels = [{"document_id": document.id, "label": label} for document, _ in part for label in document.access]
        _upsert(db, AccessRow, labels)
        _upsert(db, PassageRow, [_passage_values(one, version) for _, passages in part for one in passages])


def remove(db: Session, document_ids: Sequence[str], *, version: int) -> None:
    """Delete documents, and remember which passages went with them."""
    for ids in _batches(document_ids):
        _delete_passages(db, _passage_ids(db, ids), version)
        db.execute(delete(AccessRow).where(AccessRow.document_id.in_(ids)))
        db.execute(delete(DocumentRow).where(DocumentRow.id.in_(ids)))


def content_hashes(db: Session, document_ids: Sequence[str]) -> dict[str, str]:
    """Return the content hash of each of these documents that is stored."""
    found: dict[str, str] = {}
    for ids in _batches(document_ids):
        wanted = select(DocumentRow.id, DocumentRow.content_hash).where(DocumentRow.id.in_(ids))
        found.update({row.id: row.content_hash for row in db.execute(wanted)})
    return found


def encoded_words(db: Session, document_ids: Sequence[str], encoder: str) -> dict[str, Encoded]:
    """Return what the vector of each passage of these documents under an encoder stands for, by the passage's id.

    With the text, which the id stands for, they are what was encoded; the same again need not be.
    """
    found: dict[str, Encoded] = {}
    for ids in _batches(document_ids):
        wanted = (
            select(PassageRow.id, PassageRow.heading_path, PassageRow.search_text, DocumentRow.title)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .join(EmbeddingRow, EmbeddingRow.passage_id == PassageRow.id)
            .where(DocumentRow.id.in_(ids), EmbeddingRow.encoder == encoder)
        )
        found.update({row.id: (row.title, tuple(row.heading_path), row.search_text) for row in db.execute(wanted)})
    return found


def forget_vectors(db: Session, passage_ids: Sequence[str]) -> None:
    """Delete every vector of these passages, under all encoders: what they stood for has changed."""
    for ids in _batches(passage_ids):
        db.execute(delete(EmbeddingRow).where(EmbeddingRow.passage_id.in_(ids)))


def in_source(db: Session, source: str) -> Iterator[tuple[str, str]]:
    """Yield (document id, external id) of a source's documents, in batches of bounded memory."""
    wanted = select(DocumentRow.id, DocumentRow.external_id).where(DocumentRow.source == source)
    for row in db.execute(wanted.execution_options(yield_per=_BATCH)):
        yield row.id, row.external_id


def sources(db: Session) -> frozenset[str]:
    """Return the sources that documents came from."""
    return frozenset(db.scalars(select(DocumentRow.source).distinct()))


def refuse(db: Session, source: str, reasons: Mapping[str, str], at: datetime) -> None:
    """Remember what could not be read, by its name within its source."""
    named = {name[-_LONGEST_NAME:]: reason for name, reason in reasons.items()}
    rows = [
        {"source": source[-_LONGEST_NAME:], "external_id": name, "reason": reason, "at": at}
        for name, reason in named.items()
    ]
    _upsert(db, RefusedDocumentRow, rows)


def accept(db: Session, source: str, names: Sequence[str]) -> None:
    """Forget that these could not be read."""
    of_source = RefusedDocumentRow.source == source[-_LONGEST_NAME:]
    for part in _batches([name[-_LONGEST_NAME:] for name in names]):
        db.execute(delete(RefusedDocumentRow).where(of_source, RefusedDocumentRow.external_id.in_(part)))


def refused(db: Session) -> list[RefusedDocument]:
    """Return everything that could not be read when it was last tried, for operators."""
    wanted = select(RefusedDocumentRow).order_by(RefusedDocumentRow.source, RefusedDocumentRow.external_id)
    return [RefusedDocument(row.source, row.external_id, row.reason, row.at) for row in db.scalars(wanted)]


def passage(db: Session, passage_id: str, audience: Audience) -> tuple[Passage, Document] | None:
    """Return a passage and its document, or None when there is none or the audience may not read it."""
    wanted = (
        select(PassageRow, DocumentRow)
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(PassageRow.id == passage_id, readable_by(audience))
    )
    found = db.execute(wanted).first()
    if found is None:
        return None
    row, document = found
    labels = db.scalars(select(AccessRow.label).where(AccessRow.document_id == document.id))
    return _passage(row), _document(document, frozenset(labels))


def document_count(db: Session, audience: Audience, sources: Collection[str] = ()) -> int:
    """Return how many documents the audience may read, of some sources or of all."""
    wanted = select(func.count()).select_from(DocumentRow).where(readable_by(audience))
    return db.scalar(wanted.where(DocumentRow.source.in_(sorted(sources))) if sources else wanted) or 0


def titles(db: Session, audience: Audience, limit: int) -> list[str]:
    """Return up to `limit` titles of documents that the audience may read, the newest first."""
    newest = func.coalesce(DocumentRow.updated_at, DocumentRow.indexed_at).desc()
    wanted = select(DocumentRow.title).where(readable_by(audience)).order_by(newest, DocumentRow.id).limit(limit)
    return list(db.scalars(wanted))


def owners_of(db: Session, passage_ids: Sequence[str]) -> dict[str, str]:
    """Return the owner of each of these passages that has one, by passage id."""
    wanted = (
        select(PassageRow.id, DocumentRow.owner)
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(PassageRow.id.in_(passage_ids))
    )
    return {passage_id: owner for passage_id, owner in db.execute(wanted) if owner}


def kinds(db: Session, external_ids: Sequence[str]) -> dict[str, Kind]:
    """Return the kind of each of these documents that is stored, by external id; for measuring."""
    found: dict[str, Kind] = {}
    for ids in _batches(external_ids):
        wanted = select(DocumentRow.external_id, DocumentRow.kind).where(DocumentRow.external_id.in_(ids))
        found.update({external_id: Kind(kind) for external_id, kind in db.execute(wanted)})
    return found


def _batches(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def _passage_ids(db: Session, document_ids: Sequence[str]) -> list[str]:
    return list(db.scalars(select(PassageRow.id).where(PassageRow.document_id.in_(document_ids))))


def _delete_passages(db: Session, passage_ids: Sequence[str], version: int) -> None:
    for ids in _batches(passage_ids):
        db.execute(delete(EmbeddingRow).where(EmbeddingRow.passage_id.in_(ids)))
        db.execute(delete(PassageRow).where(PassageRow.id.in_(ids)))
        db.execute(_insert(db, RemovedPassageRow).values([{"passage_id": one, "version": version} for one in ids]))


def _insert(db: Session, table: type[Table]) -> Any:
    """Return the dialect's own insert, which knows ON CONFLICT; both dialects offer the same methods."""
    return (sqlite if db.get_bind().dialect.name == "sqlite" else postgresql).insert(table)


def _upsert(db: Session, table: type[Table], rows: Sequence[Mapping[str, object]]) -> None:
    keys = {column.name for column in table.__table__.primary_key}
    for part in _batches(rows):
        insert = _insert(db, table).values(list(part))
        changed = {name: insert.excluded[name] for name in part[0] if name not in keys}
        on_key = {"index_elements": sorted(keys)}
        db.execute(
            insert.on_conflict_do_update(**on_key, set_=changed) if changed else insert.on_conflict_do_nothing(**on_key)
        )


def _document_values(document: Document, at: datetime) -> dict[str, object]:
    return {
        "id": document.id,
        "source": document.source,
        "external_id": document.external_id,
        "title": document.title,
        "kind": document.kind.value,
        "content_hash": document.content_hash,
        "url": document.url,
        "owner": document.owner,
        "updated_at": document.updated_at,
        "indexed_at": at,
    }


def _passage_values(one: Passage, version: int) -> dict[str, object]:
    return {
        "id": one.id,
        "document_id": one.document_id,
        "ordinal": one.ordinal,
        "text": one.text,
        "kind": one.kind.value,
        "heading_path": list(one.heading_path),
        "page": one.page,
        "line": one.line,
        "url": one.url,
        "version": version,
        "search_text": one.search_text,
        "detail": dict(one.detail) or None,
    }


def _passage(row: PassageRow) -> Passage:
    return Passage(
        row.id,
        row.document_id,
        row.ordinal,
        row.text,
        Kind(row.kind),
        tuple(row.heading_path),
        row.page,
        row.line,
        row.url,
        row.search_text,
        row.detail or {},
    )


def _document(row: DocumentRow, access: frozenset[str]) -> Document:
    return Document(
        id=row.id,
        source=row.source,
        external_id=row.external_id,
        title=row.title,
        kind=Kind(row.kind),
        content_hash=row.content_hash,
        access=access,
        url=row.url,
        owner=row.owner,
        updated_at=row.updated_at,
    )
