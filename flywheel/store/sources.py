"""Where passages come from: who may read their documents, and which document a person means by a name.

These serve owners and reviewers, who decide for an audience; nothing read here is shown to an asker.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, or_, select

from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow


def labels_of(db: Session, passage_ids: Sequence[str]) -> list[frozenset[str]]:
    """Return the access labels of each document that these passages belong to."""
    wanted = (
        select(AccessRow.document_id, AccessRow.label)
        .join(PassageRow, PassageRow.document_id == AccessRow.document_id)
        .where(PassageRow.id.in_(passage_ids))
    )
    labels: dict[str, set[str]] = defaultdict(set)
    for document_id, label in db.execute(wanted):
        labels[document_id].add(label)
    return [frozenset(found) for _, found in sorted(labels.items())]


def passages_named(db: Session, name: str) -> tuple[str, ...]:
    """Return the passages of the one document with this title, address or external id; none when it is not one."""
    same = or_(DocumentRow.url == name, DocumentRow.external_id == name, func.lower(DocumentRow.title) == name.lower())
    found = db.scalars(select(DocumentRow.id).where(same).limit(2)).all()
    if len(found) != 1:
        return ()
    wanted = select(PassageRow.id).where(PassageRow.document_id == found[0]).order_by(PassageRow.ordinal)
    return tuple(db.scalars(wanted))
