"""What is known of each source of documents: how much, how old, how it was last read, what could not be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow, RefusedDocumentRow

_LONGEST_NAME = 512  # as refused documents keep it


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source, counted. `oldest` and `newest` are dates of its documents as they say; `changed` is when any of them
    last came or changed; `refused` counts what could not be read.
    """

    name: str
    documents: int
    passages: int
    oldest: datetime | None
    newest: datetime | None
    changed: datetime | None
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that could not be read, and why."""

    name: str
    reason: str
    at: datetime


def every(db: Session) -> list[SourceState]:
    """Return all sources by name, those that could only be refused included."""
    passages = dict(
        db.execute(
            select(DocumentRow.source, func.count(PassageRow.id))
            .join(PassageRow, PassageRow.document_id == DocumentRow.id)
            .group_by(DocumentRow.source)
        ).all()
    )
    refused = dict(
        db.execute(select(RefusedDocumentRow.source, func.count()).group_by(RefusedDocumentRow.source)).all()
    )
    counted = select(
        DocumentRow.source,
        func.count(DocumentRow.id),
        func.min(DocumentRow.updated_at),
        func.max(DocumentRow.updated_at),
        func.max(DocumentRow.indexed_at),
    ).group_by(DocumentRow.source)
    found = {
        name: SourceState(
            name, count, passages.get(name, 0), oldest, newest, changed, refused.pop(name[-_LONGEST_NAME:], 0)
        )
        for name, count, oldest, newest, changed in db.execute(counted)
    }
    found |= {name: SourceState(name, 0, 0, None, None, None, count) for name, count in refused.items()}
    return [found[name] for name in sorted(found)]


def unread(db: Session, source: str, most: int) -> list[Unread]:
    """Return up to `most` documents of a source that could not be read, the newest first."""
    wanted = select(RefusedDocumentRow).where(RefusedDocumentRow.source == source[-_LONGEST_NAME:])
    rows = db.scalars(wanted.order_by(RefusedDocumentRow.at.desc(), RefusedDocumentRow.external_id).limit(most))
    return [Unread(row.external_id, row.reason, row.at) for row in rows]


def labels(db: Session, sources: Sequence[str]) -> frozenset[str]:
    """Return the access labels that documents of these sources carry."""
    wanted = select(AccessRow.label).join(DocumentRow, DocumentRow.id == AccessRow.document_id)
    return frozenset(db.scalars(wanted.where(DocumentRow.source.in_(list(sources))).distinct()))
