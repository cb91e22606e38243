"""Where passages come from: who may read their documents, and which document a person means by a name.

These serve owners and reviewers, who decide for an audience; nothing read here is shown to an asker.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow
from flywheel.store.spelling import is_one_of

_AT_ONCE = 500  # values in one statement


def labels_of(db: Session, passage_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the access labels of those of these passages that are still in the index, by passage id."""
    wanted = (
        select(PassageRow.id, AccessRow.label)
        .join(PassageRow, PassageRow.document_id == AccessRow.document_id)
        .where(PassageRow.id.in_(passage_ids))
    )
    labels: dict[str, set[str]] = defaultdict(set)
    for passage_id, label in db.execute(wanted):
        labels[passage_id].add(label)
    return {passage_id: frozenset(found) for passage_id, found in labels.items()}


def within(db: Session, passage_ids: Sequence[str], wanted: Collection[str]) -> frozenset[str]:
    """Return those of these passages whose document came from one of these sources."""
    found: set[str] = set()
    for start in range(0, len(passage_ids), _AT_ONCE):
        part = PassageRow.id.in_(passage_ids[start : start + _AT_ONCE])
        query = select(PassageRow.id).join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        found.update(db.scalars(query.where(part, DocumentRow.source.in_(sorted(wanted)))))
    return frozenset(found)


def passages_named(db: Session, name: str) -> tuple[str, ...]:
    """Return the passages of the one document with this title, address or external id; none when it is not one."""
    same = or_(DocumentRow.url == name, DocumentRow.external_id == name, is_one_of(DocumentRow.title, [name]))
    found = db.scalars(select(DocumentRow.id).where(same).limit(2)).all()
    if len(found) != 1:
        return ()
    wanted = select(PassageRow.id).where(PassageRow.document_id == found[0]).order_by(PassageRow.ordinal)
    return tuple(db.scalars(wanted))


def passage_of(db: Session, *, passage_id: str | None, external_id: str | None) -> tuple[str, str] | None:
    """Return (passage id, external id) of a passage named by either, or None when it is not in the index."""
    named = PassageRow.id == passage_id if passage_id else DocumentRow.external_id == external_id
    wanted = (
        select(PassageRow.id, DocumentRow.external_id)
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(named)
        .order_by(PassageRow.ordinal)
        .limit(1)
    )
    found = db.execute(wanted).first()
    return (found[0], found[1]) if found else None


def texts_of(db: Session, passage_ids: Sequence[str]) -> list[str]:
    """Return the texts of those of these passages that are still in the index, in the order given."""
    wanted = select(PassageRow.id, PassageRow.text).where(PassageRow.id.in_(passage_ids))
    texts = {row.id: row.text for row in db.execute(wanted)}
    return [texts[one] for one in passage_ids if one in texts]
