"""Where passages stand: in which kind of document, who may read it, and since when it is there.

These serve curation, which decides for an audience; nothing read here is shown to anybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from flywheel.model import RETRIEVER_OF, Kind, Retriever
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow

_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Place:
    """A passage of the index: who finds it, the labels that let somebody read it, and since when it stands there."""

    retriever: Retriever
    labels: frozenset[str]
    indexed_at: datetime


def of(db: Session, passage_ids: Iterable[str]) -> dict[str, Place]:
    """Return the places of those of these passages that are in the index, by passage id."""
    found: dict[str, tuple[str, str, datetime]] = {}
    for some in _portions(passage_ids):
        wanted = select(PassageRow.id, PassageRow.document_id, PassageRow.kind, DocumentRow.indexed_at)
        wanted = wanted.join(DocumentRow, DocumentRow.id == PassageRow.document_id).where(PassageRow.id.in_(some))
        found.update((one, (document, kind, at)) for one, document, kind, at in db.execute(wanted))
    labels = _labels(db, {document for document, _, _ in found.values()})
    return {
        passage: Place(RETRIEVER_OF[Kind(kind)], labels.get(document, frozenset()), at)
        for passage, (document, kind, at) in found.items()
    }


def labels_of_documents(db: Session, external_ids: Iterable[str]) -> dict[str, list[frozenset[str]]]:
    """Return the labels of every document known by each of these names, one set per document."""
    documents: dict[str, list[str]] = defaultdict(list)
    for some in _portions(external_ids):
        wanted = select(DocumentRow.external_id, DocumentRow.id).where(DocumentRow.external_id.in_(some))
        for name, document in db.execute(wanted):
            documents[name].append(document)
    labels = _labels(db, {one for ids in documents.values() for one in ids})
    return {name: [labels.get(one, frozenset()) for one in ids] for name, ids in documents.items()}


def _labels(db: Session, document_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    labels: dict[str, set[str]] = defaultdict(set)
    for some in _portions(document_ids):
        wanted = select(AccessRow.document_id, AccessRow.label).where(AccessRow.document_id.in_(some))
        for document, label in db.execute(wanted):
            labels[document].add(label)
    return {document: frozenset(its) for document, its in labels.items()}


def _portions(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
