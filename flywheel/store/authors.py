"""Keep who wrote which document, by its history."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select

from flywheel.holdings import Author
from flywheel.model import Audience
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AuthorRow, DocumentRow
from flywheel.store.passages import readable_by

_BATCH = 500


def replace(db: Session, document_ids: Sequence[str], made: Sequence[Author]) -> None:
    """Store the authors of these documents in place of what was there."""
    for start in range(0, len(document_ids), _BATCH):
        part = document_ids[start : start + _BATCH]
        db.execute(delete(AuthorRow).where(AuthorRow.document_id.in_(part)))
    db.add_all([AuthorRow(**{name: getattr(one, name) for name in _FIELDS}) for one in made])
    db.flush()


def of_documents(db: Session, document_ids: Sequence[str], audience: Audience) -> list[Author]:
    """Return the authors of those of the documents that the audience may read, those with most changes first."""
    wanted = (
        select(AuthorRow)
        .join(DocumentRow, DocumentRow.id == AuthorRow.document_id)
        .where(AuthorRow.document_id.in_(document_ids), readable_by(audience))
        .order_by(AuthorRow.changes.desc(), AuthorRow.name)
    )
    return [Author(**{name: getattr(row, name) for name in _FIELDS}) for row in db.scalars(wanted)]


def breadth(db: Session, names: Collection[str]) -> dict[str, float]:
    """Return in what share of all documents with authors each of these has written, in [0, 1], whoever may read them.

    It only weighs what is known of somebody: who has a hand in everything knows nothing in particular.
    """
    count = func.count(AuthorRow.document_id.distinct())
    everywhere = db.scalar(select(count)) or 1
    found = db.execute(select(AuthorRow.name, count).where(AuthorRow.name.in_(names)).group_by(AuthorRow.name))
    return {name: written / everywhere for name, written in found}


_FIELDS = Author.__match_args__
