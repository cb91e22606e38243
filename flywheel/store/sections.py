"""Read what stands around passages: their neighbours in the same document."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from flywheel.model import Audience
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import DocumentRow, PassageRow
from flywheel.store.passages import readable_by


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage that stands near another one, or that one itself; `ordinal` is its place in their document."""

    of: str
    id: str
    ordinal: int
    text: str
    kind: str
    heading_path: tuple[str, ...]
    page: int | None


def around(db: Session, passage_ids: Sequence[str], audience: Audience, reach: int) -> list[Neighbour]:
    """Return the passages up to `reach` places before and after each named one, itself included, in order.

    Of documents that the audience may not read there are none.
    """
    if not passage_ids:
        return []
    centre, near = aliased(PassageRow), aliased(PassageRow)
    wanted = (
        select(centre.id, near.id, near.ordinal, near.text, near.kind, near.heading_path, near.page)
        .join(near, near.document_id == centre.document_id)
        .join(DocumentRow, DocumentRow.id == centre.document_id)
        .where(
            centre.id.in_(list(passage_ids)),
            near.ordinal.between(centre.ordinal - reach, centre.ordinal + reach),
            readable_by(audience),
        )
        .order_by(centre.id, near.ordinal, near.id)
    )
    return [
        Neighbour(of, one, ordinal, text, kind, tuple(headings), page)
        for of, one, ordinal, text, kind, headings, page in db.execute(wanted)
    ]
