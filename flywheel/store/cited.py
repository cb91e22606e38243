"""What the report needs to know of sources: who owns them, how old they are, who may read them, whom to believe.

Everything that people decided is read as of a moment. What a document is now is all that the index keeps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from flywheel.store.curation_tables import ReviewItemRow
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AccessRow, DocumentRow
from flywheel.store.learning_tables import AuditRow
from flywheel.store.question_tables import VerifiedAnswerRow
from flywheel.store.reviews import ReviewKind

_AT_ONCE = 400
_EXPIRED, _ENDED = "expire", ("kept", "dropped")
_TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class Source:
    """A document as the index has it; where several share a name, the one that changed last, and the labels of each.

    Somebody may read all of them only who holds a label of every set in `labels`.
    """

    external_id: str
    title: str
    url: str | None
    owner: str | None
    updated_at: datetime | None
    labels: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Expired:
    """A verified answer that lost its support and waits for a decision: its labels and the source it names."""

    id: str
    source: str | None
    access: frozenset[str]


def named(db: Session, external_ids: Iterable[str]) -> dict[str, Source]:
    """Return the documents with these names, by name; names that no document has are left out."""
    rows: dict[str, list[DocumentRow]] = {}
    ordered = sorted(set(external_ids))
    for start in range(0, len(ordered), _AT_ONCE):
        wanted = select(DocumentRow).where(DocumentRow.external_id.in_(ordered[start : start + _AT_ONCE]))
        for row in db.scalars(wanted.order_by(DocumentRow.external_id, DocumentRow.id)):
            rows.setdefault(row.external_id, []).append(row)
    labels = _labels(db, [row.id for sharing in rows.values() for row in sharing])
    return {name: _source(sharing, labels) for name, sharing in rows.items()}


def quarantined(db: Session, seen: datetime) -> frozenset[str]:
    """Return whose votes waited for a reviewer at a moment."""
    wanted = select(ReviewItemRow).where(ReviewItemRow.kind == ReviewKind.QUARANTINE.value, ReviewItemRow.at <= seen)
    return frozenset(
        row.subject
        for row in db.scalars(wanted)
        if not (row.verdict == _TRUSTED and row.reviewed_at is not None and row.reviewed_at <= seen)
    )


def expired(db: Session, seen: datetime) -> list[Expired]:
    """Return the verified answers that had expired by a moment and on which nobody had decided, in order of ids."""
    acts = select(AuditRow.subject, AuditRow.act).where(AuditRow.act.in_((_EXPIRED, *_ENDED)), AuditRow.at <= seen)
    last: dict[str, str] = dict(db.execute(acts.order_by(AuditRow.at, AuditRow.id)).all())
    waiting = sorted(subject for subject, act in last.items() if act == _EXPIRED)
    found = [db.get(VerifiedAnswerRow, one) for one in waiting]
    return [Expired(row.id, row.source, frozenset(row.access)) for row in found if row is not None]


def _labels(db: Session, document_ids: list[str]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {one: set() for one in document_ids}
    for start in range(0, len(document_ids), _AT_ONCE):
        some = document_ids[start : start + _AT_ONCE]
        wanted = select(AccessRow.document_id, AccessRow.label).where(AccessRow.document_id.in_(some))
        for document, label in db.execute(wanted):
            found[document].add(label)
    return found


def _source(sharing: list[DocumentRow], labels: Mapping[str, set[str]]) -> Source:
    newest = max(sharing, key=lambda row: (row.updated_at is not None, row.updated_at or row.indexed_at, row.id))
    owner = newest.owner or next((row.owner for row in sharing if row.owner), None)
    access = tuple(frozenset(labels[row.id]) for row in sharing)
    return Source(newest.external_id, newest.title, newest.url, owner, newest.updated_at, access)
