"""Keep the pictures of documents, with what is known to be in them."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from flywheel.holdings import Picture
from flywheel.model import Audience
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import DocumentRow, PictureRow
from flywheel.store.passages import readable_by

_BATCH = 500


def replace(db: Session, document_ids: Sequence[str], made: Sequence[Picture]) -> None:
    """Store the pictures of these documents in place of what was there."""
    for start in range(0, len(document_ids), _BATCH):
        part = document_ids[start : start + _BATCH]
        db.execute(delete(PictureRow).where(PictureRow.document_id.in_(part)))
    db.add_all([PictureRow(**{name: getattr(one, name) for name in _FIELDS}) for one in made])
    db.flush()


def find(db: Session, picture_ids: Sequence[str], audience: Audience) -> list[Picture]:
    """Return the named pictures that the audience may see, in the order given."""
    wanted = (
        select(PictureRow)
        .join(DocumentRow, DocumentRow.id == PictureRow.document_id)
        .where(PictureRow.id.in_(picture_ids), readable_by(audience))
    )
    found = {row.id: Picture(**{name: getattr(row, name) for name in _FIELDS}) for row in db.scalars(wanted)}
    return [found[one] for one in dict.fromkeys(picture_ids) if one in found]


def of_document(db: Session, document_id: str) -> list[Picture]:
    """Return a document's pictures in order, for the ingest, which asks for no audience."""
    wanted = select(PictureRow).where(PictureRow.document_id == document_id).order_by(PictureRow.ordinal)
    return [Picture(**{name: getattr(row, name) for name in _FIELDS}) for row in db.scalars(wanted)]


_FIELDS = Picture.__match_args__
