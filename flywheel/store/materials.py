"""Read a sample of what is indexed, for making questions from it.

Ids of passages are content hashes, so the first so many by id are a fair sample, and the same one each time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from flywheel.model import Kind
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import DataTableRow, DocumentRow, PassageRow, PictureRow

_AT_ONCE = 400
_PER_DOCUMENT = 6
_SPARE = 4
_ROWS = 3


@dataclass(frozen=True, slots=True)
class Material:
    """A passage with what a question could be made from.

    `columns` and `rows` (the first few) are those of its table, `said` what is known of its picture.
    """

    passage_id: str
    document_id: str
    kind: Kind
    title: str
    text: str
    heading_path: tuple[str, ...] = ()
    search_text: str = ""
    owner: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    said: str = ""


def sample(db: Session, kind: Kind, limit: int) -> list[Material]:
    """Return up to `limit` passages of a kind, few of any one document."""
    wanted = (
        select(PassageRow, DocumentRow.title, DocumentRow.owner)
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(PassageRow.kind == kind.value)
        .order_by(PassageRow.id)
        .limit(limit * _SPARE)
    )
    used: Counter[str] = Counter()
    kept: list[tuple[PassageRow, str, str]] = []
    for row, title, owner in db.execute(wanted):
        used[row.document_id] += 1
        if used[row.document_id] <= _PER_DOCUMENT and len(kept) < limit:
            kept.append((row, title, owner or ""))
    tables = _tables(db, [(row.detail or {}).get("table", "") for row, _, _ in kept])
    said = _pictures(db, [(row.detail or {}).get("picture", "") for row, _, _ in kept])
    return [_material(row, title, owner, tables, said) for row, title, owner in kept]


def _material(
    row: PassageRow, title: str, owner: str, tables: Mapping[str, DataTableRow], said: Mapping[str, str]
) -> Material:
    detail = row.detail or {}
    table = tables.get(detail.get("table", ""))
    return Material(
        passage_id=row.id,
        document_id=row.document_id,
        kind=Kind(row.kind),
        title=title,
        text=row.text,
        heading_path=tuple(row.heading_path),
        search_text=row.search_text or "",
        owner=owner,
        detail=detail,
        columns=() if table is None else tuple(column[0] for column in table.columns),
        rows=() if table is None else tuple(tuple(one) for one in table.rows[:_ROWS]),
        said=said.get(detail.get("picture", ""), ""),
    )


def _tables(db: Session, ids: Iterable[str]) -> dict[str, DataTableRow]:
    found: dict[str, DataTableRow] = {}
    for some in _portions(ids):
        found.update({row.id: row for row in db.scalars(select(DataTableRow).where(DataTableRow.id.in_(some)))})
    return found


def _pictures(db: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the best words about each picture: its caption, else its alternative text, else what a model saw."""
    found: dict[str, str] = {}
    wanted = select(PictureRow.id, PictureRow.caption, PictureRow.alt, PictureRow.description)
    for some in _portions(ids):
        for one, *words in db.execute(wanted.where(PictureRow.id.in_(some))):
            found[one] = next((word for word in words if word.strip()), "")
    return found


def _portions(ids: Iterable[str]) -> Iterable[Sequence[str]]:
    known = sorted({one for one in ids if one})
    return (known[start : start + _AT_ONCE] for start in range(0, len(known), _AT_ONCE))
