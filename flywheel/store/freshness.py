"""How fresh the knowledge is: counts and dates of documents, nothing of what they say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from flywheel.store.database import Session
from flywheel.store.generations import GenerationState, IndexKind
from flywheel.store.knowledge_tables import (
    DocumentRow,
    GenerationRow,
    PassageRow,
    RefusedDocumentRow,
    RemovedPassageRow,
)

_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Moved:
    """What came and went after a corpus version: passages, and the documents that those which came belong to."""

    added: int
    removed: int
    documents: int


def moved(db: Session, after: int) -> Moved:
    """Return what changed in the knowledge after a corpus version.

    A passage that was removed and came back counts as added alone. A change of access moves nothing.
    """
    came = PassageRow.version > after
    gone = select(RemovedPassageRow.passage_id).where(RemovedPassageRow.version > after)
    removed = gone.where(RemovedPassageRow.passage_id.not_in(select(PassageRow.id))).distinct().subquery()
    return Moved(
        added=_count(db, PassageRow, came),
        removed=db.scalar(select(func.count()).select_from(removed)) or 0,
        documents=db.scalar(select(func.count(PassageRow.document_id.distinct())).where(came)) or 0,
    )


def newest(db: Session) -> datetime | None:
    """Return when a document was last brought in or up to date; None without any."""
    return db.scalar(select(func.max(DocumentRow.indexed_at)))


def documents(db: Session) -> int:
    """Return how many documents there are."""
    return db.scalar(select(func.count()).select_from(DocumentRow)) or 0


def since_build(db: Session) -> int | None:
    """Return how many documents came or changed since the index of words was last built whole; None before that."""
    built = select(func.max(GenerationRow.version)).where(
        GenerationRow.kind == IndexKind.WORDS.value, GenerationRow.state == GenerationState.SERVING.value
    )
    version = db.scalar(built)
    return None if version is None else moved(db, version).documents


def refused(db: Session) -> int:
    """Return how many documents could not be read when they were last tried."""
    return db.scalar(select(func.count()).select_from(RefusedDocumentRow)) or 0


def dated(db: Session, passage_ids: Collection[str]) -> dict[str, datetime]:
    """Return when the document of each of these passages was last changed, where it says so."""
    ids = sorted(passage_ids)
    found: dict[str, datetime] = {}
    for start in range(0, len(ids), _AT_ONCE):
        wanted = (
            select(PassageRow.id, DocumentRow.updated_at)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .where(PassageRow.id.in_(ids[start : start + _AT_ONCE]), DocumentRow.updated_at.is_not(None))
        )
        found.update({passage_id: at for passage_id, at in db.execute(wanted) if at is not None})
    return found


def _count(db: Session, table: type[PassageRow], condition: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).select_from(table).where(condition)) or 0
