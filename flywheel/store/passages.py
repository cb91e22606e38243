"""Read passages: as hits for a question, and as what the indexes are built from.

`hits` and `find` are the last gate: whatever an index returned, only what the audience may read comes out of SQL.
`changed_since` and `removed_since` serve the indexes themselves, which hold every passage with its access labels.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, literal_column, select

from flywheel.model import RETRIEVER_OF, Audience, Hit, Kind
from flywheel.store.database import Database, Session
from flywheel.store.direct import Reader, direct
from flywheel.store.knowledge_tables import (
    AccessRow,
    CorpusRow,
    DocumentRow,
    PassageRow,
    RemovedPassageRow,
)

_BATCH = 2_000
_AT_ONCE = 500  # values in one statement
_RECORD_SUFFIXES = (".jsonl", ".jsonl.gz")
_Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """What a lexical index needs of a passage; `text` is its search text where it has one."""

    id: str
    title: str
    heading: str
    text: str
    labels: frozenset[str]
    kind: Kind


class FoundPassage(NamedTuple):
    """A passage with what its document says of it, and the document's source."""

    id: str
    document_id: str
    external_id: str
    title: str
    text: str
    kind: str
    heading_path: Sequence[str]
    page: int | None
    line: int | None
    url: str | None
    owner: str | None
    updated_at: datetime | None
    source: str
    detail: Mapping[str, str] | None = None

    @property
    def is_record(self) -> bool:
        """Tell whether its document is a line of a JSONL file."""
        return self.source.endswith(_RECORD_SUFFIXES)

    def hit(self, score: float, features: Mapping[str, float]) -> Hit:
        """Return the passage as a hit of the retriever of its kind."""
        kind = Kind(self.kind)
        return Hit(
            self.id,
            self.document_id,
            self.external_id,
            self.title,
            self.text,
            RETRIEVER_OF[kind],
            score,
            kind,
            tuple(self.heading_path),
            self.page,
            self.line,
            self.url,
            self.owner,
            self.updated_at,
            features,
            self.detail or {},
        )


def newest(database: Database) -> int:
    """Return the committed corpus version outside of any unit of work: what every question asks first."""
    with direct(database) as db:
        rows = db.execute(_version())
    return int(rows[0][0]) if rows else 0


def version(db: Session) -> int:
    """Return the corpus version, which grows with every change of documents or access; 0 for an empty corpus."""
    return db.scalar(_version()) or 0


def count(db: Session, after: int = 0) -> int:
    """Return how many passages there are that a corpus version above `after` brought."""
    return db.scalar(select(func.count()).select_from(PassageRow).where(PassageRow.version > after)) or 0


def ids(db: Session) -> frozenset[str]:
    """Return the ids of all passages."""
    return frozenset(db.scalars(select(PassageRow.id)))


def hits(db: Session, passage_ids: Sequence[str], audience: Audience) -> list[Hit]:
    """Return the named passages that the audience may read, in the order given, with score 0 and no features."""
    return [one.hit(0.0, {}) for one in find(db, passage_ids, audience)]


def find(db: Reader, passage_ids: Sequence[str], audience: Audience) -> list[FoundPassage]:
    """Return the named passages that the audience may read, in the order given."""
    if not passage_ids:
        return []
    asked = {"passage_ids": list(passage_ids), "labels": sorted(audience.labels)}
    found = {row[0]: FoundPassage._make(row) for row in db.execute(_readable_passages(), asked)}
    return [found[one] for one in passage_ids if one in found]


def written(db: Session, passage_ids: Sequence[str]) -> dict[str, tuple[str, tuple[str, ...], str]]:
    """Return title, headings and text of those of the named passages that are still there, for learning alone."""
    found: dict[str, tuple[str, tuple[str, ...], str]] = {}
    for start in range(0, len(passage_ids), _AT_ONCE):
        wanted = (
            select(PassageRow.id, DocumentRow.title, PassageRow.heading_path, PassageRow.text)
            .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
            .where(PassageRow.id.in_(passage_ids[start : start + _AT_ONCE]))
        )
        found.update({one: (title, tuple(path), text) for one, title, path, text in db.execute(wanted)})
    return found


def changed_since(db: Session, after: int) -> Iterator[IndexedPassage]:
    """Yield passages that a corpus version above `after` brought, in batches of bounded memory."""
    wanted = (
        select(
            PassageRow.id,
            PassageRow.document_id,
            func.coalesce(PassageRow.search_text, PassageRow.text).label("text"),
            PassageRow.heading_path,
            PassageRow.kind,
            DocumentRow.title,
        )
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(PassageRow.version > after)
        .execution_options(yield_per=_BATCH)
    )
    labels = labels_since(db, after)
    for row in db.execute(wanted):
        heading, label_set = " ".join(row.heading_path), labels[row.document_id]
        yield IndexedPassage(row.id, row.title, heading, row.text, label_set, Kind(row.kind))


def removed_since(db: Session, after: int) -> list[str]:
    """Return the ids of passages that a corpus version above `after` removed; some may have come back since."""
    return list(db.scalars(select(RemovedPassageRow.passage_id).where(RemovedPassageRow.version > after)))


def labels_since(db: Session, after: int) -> defaultdict[str, frozenset[str]]:
    """Return the access labels of each document that has passages above a corpus version; others hold none."""
    wanted = select(AccessRow.document_id, AccessRow.label)
    if after > 0:
        wanted = wanted.where(
            AccessRow.document_id.in_(select(PassageRow.document_id).where(PassageRow.version > after))
        )
    gathered: dict[str, list[str]] = defaultdict(list)
    for document_id, label in db.execute(wanted):
        gathered[document_id].append(label)
    shared: dict[frozenset[str], frozenset[str]] = {}  # one object per distinct set
    labels: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for document_id, its_labels in gathered.items():
        one = frozenset(its_labels)
        labels[document_id] = shared.setdefault(one, one)
    return labels


def readable_by(audience: Audience) -> ColumnElement[bool]:
    """Return the condition that a document row in the query carries one of the audience's labels."""
    return exists().where(AccessRow.document_id == DocumentRow.id, AccessRow.label.in_(sorted(audience.labels)))


@cache
def _version() -> Select[int]:
    return select(CorpusRow.version).where(CorpusRow.__table__.c.id == literal_column("1"))


@cache
def _readable_passages() -> _Query:
    """Return the query of `find`, its columns those of `FoundPassage`.

    Built once, since building it takes longer than running it, and on plain tables, which spares the mapper's share.
    """
    passage, document, access = PassageRow.__table__.c, DocumentRow.__table__.c, AccessRow.__table__.c
    labels = access.label.in_(bindparam("labels", expanding=True))
    wanted = select(
        passage.id,
        passage.document_id,
        document.external_id,
        document.title,
        passage.text,
        passage.kind,
        passage.heading_path,
        passage.page,
        passage.line,
        func.coalesce(passage.url, document.url),
        document.owner,
        document.updated_at,
        document.source,
        passage.detail,
    ).select_from(PassageRow.__table__.join(DocumentRow.__table__, document.id == passage.document_id))
    return wanted.where(
        passage.id.in_(bindparam("passage_ids", expanding=True)),
        exists().where(access.document_id == document.id, labels),
    )
