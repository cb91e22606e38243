"""Read the texts that everybody may read: what a training that serves everybody may learn from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from flywheel.model import PUBLIC, Kind
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PublicPassage:
    """A passage of a document that everybody may read; `text` is what it is searched by."""

    id: str
    document_id: str
    title: str
    heading_path: tuple[str, ...]
    text: str


def texts(db: Session, limit: int) -> list[PublicPassage]:
    """Return up to `limit` texts; ids are content hashes, so it is a fair sample, and the same one each time."""
    rows = db.execute(_wanted().where(PassageRow.kind == Kind.TEXT.value).order_by(PassageRow.id).limit(limit))
    return [PublicPassage(one, document, title, tuple(path), text) for one, document, title, path, text in rows]


def named(db: Session, passage_ids: Sequence[str]) -> dict[str, PublicPassage]:
    """Return those of the named passages that everybody may read, by id."""
    found: dict[str, PublicPassage] = {}
    for start in range(0, len(passage_ids), _AT_ONCE):
        rows = db.execute(_wanted().where(PassageRow.id.in_(passage_ids[start : start + _AT_ONCE])))
        for one, document, title, path, text in rows:
            found[one] = PublicPassage(one, document, title, tuple(path), text)
    return found


def _wanted() -> Select[str, str, str, list[str], str]:
    """Return the query of all of them; `heading_path` is stored as JSON."""
    text = func.coalesce(PassageRow.search_text, PassageRow.text)
    return (
        select(PassageRow.id, PassageRow.document_id, DocumentRow.title, PassageRow.heading_path, text)
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .join(AccessRow, AccessRow.document_id == DocumentRow.id)
        .where(AccessRow.label == PUBLIC)
    )
