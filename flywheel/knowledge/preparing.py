"""Turn a candidate or a record into a document with passages, unless it is the same as last time.

Its content hash covers everything that the store keeps of it, so that a change of title, owner or access counts as a
change. It is taken of the bytes before they are parsed: a file that changes meanwhile is read again the next time.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import BinaryIO

from flywheel.errors import DocumentError, HostileDocument
from flywheel.holdings import Author, DataTable, Picture
from flywheel.knowledge.authors import authors_of
from flywheel.knowledge.blocks import Outline, clean, name_words
from flywheel.knowledge.chunks import WHOLE_RECORD, Piece, pieces, size
from flywheel.knowledge.formats import Format, kind_of
from flywheel.knowledge.identifiers import split
from flywheel.knowledge.identity import CUT, digest, document_id, passages_of
from flywheel.knowledge.linked import linked
from flywheel.knowledge.parsers import plain_text
from flywheel.knowledge.parsers.front_matter import moment
from flywheel.knowledge.pictures import WITH_PICTURES, Viewer
from flywheel.knowledge.readers import Readers, Reading
from flywheel.knowledge.records import ListRecord
from flywheel.knowledge.source import LARGEST, Candidate, Refusal
from flywheel.knowledge.tables import Tabled, record_pieces, record_table, tabled
from flywheel.knowledge.telling import telling_command
from flywheel.model import Document, Kind, Passage

_STEP = 1 << 20
_LONGEST_OWNER = 255
_LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new or changed document, ready to be encoded and stored."""

    document: Document
    passages: tuple[Passage, ...]
    is_new: bool
    tables: tuple[DataTable, ...] = ()
    pictures: tuple[Picture, ...] = ()
    authors: tuple[Author, ...] = ()
    troubles: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document that is stored as it is."""

    document_id: str


def prepare_file(
    readers: Readers, viewer: Viewer, candidate: Candidate, known: str | None
) -> Prepared | Unchanged | Refusal:
    """Return what became of a file; `known` is the content hash that the store has of it."""
    try:
        with _opened(candidate) as file:
            length, content = _hash(file)
            if _content_hash(candidate, content, viewer.name) == known:
                return Unchanged(document_id(candidate.source, candidate.external_id))
            file.seek(0)
            reading = readers.read(candidate.format, candidate.path.name, file, length)
    except DocumentError as error:
        return Refusal(candidate.source, candidate.external_id, str(error))
    except OSError as error:
        return Refusal(candidate.source, candidate.external_id, f"cannot be read: {error.strerror or error}")
    return _of_file(viewer, candidate, reading, content, is_new=known is None)


def record_hash(record: ListRecord) -> str:
    """Return the content hash of a record."""
    parts = [str(sorted(part)) if isinstance(part, frozenset) else str(part) for part in astuple(record)]
    return digest(CUT, *parts)


def prepare_record(source: str, record: ListRecord, known: str | None) -> Prepared | Unchanged:
    """Return what became of a line of a list; `known` is the content hash that the store has of it."""
    name = document_id(source, record.external_id)
    content_hash = record_hash(record)
    if content_hash == known:
        return Unchanged(name)
    document = Document(
        id=name,
        source=source,
        external_id=record.external_id,
        title=record.title[:_LONGEST_TITLE],
        kind=record.kind,
        content_hash=content_hash,
        access=record.access,
        url=record.url,
        owner=(record.owner or "")[:_LONGEST_OWNER] or None,
        updated_at=_time(moment(record.updated_at)),
    )
    told = _told(name, document.title, record)
    return Prepared(document, passages_of(name, document.title, told.pieces), known is None, told.tables)


@contextmanager
def _opened(candidate: Candidate) -> Iterator[BinaryIO]:
    """Open a file, but not through a link that has taken its place since it was found."""
    descriptor = os.open(candidate.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _hash(file: BinaryIO) -> tuple[int, str]:
    """Return a file's length and the SHA-256 of its bytes."""
    content = hashlib.sha256()
    length = 0
    while step := file.read(_STEP):
        content.update(step)
        length += len(step)
        if length > LARGEST:
            raise HostileDocument(f"more than {LARGEST // 1_000_000} MB")
    return length, content.hexdigest()


def _content_hash(candidate: Candidate, content: str, described_by: str) -> str:
    """Return the content hash of a file; where it may hold pictures, who describes them belongs to it."""
    policy = candidate.policy
    said = (candidate.format.value, str(sorted(policy.access)), policy.owner or "")
    seen = (described_by,) if described_by and candidate.format in WITH_PICTURES else ()
    return digest(CUT, *said, content, *seen)


def _of_file(viewer: Viewer, candidate: Candidate, reading: Reading, content: str, *, is_new: bool) -> Prepared:
    name = document_id(candidate.source, candidate.external_id)
    title = clean(reading.title or "").strip() or name_words(candidate.path.name).capitalize()
    owner = clean(reading.owner or "") or candidate.policy.owner
    document = Document(
        id=name,
        source=candidate.source,
        external_id=candidate.external_id,
        title=title[:_LONGEST_TITLE],
        kind=kind_of(candidate.format),
        content_hash=_content_hash(candidate, content, viewer.name),
        access=candidate.policy.access,
        url=reading.url,
        owner=(owner or "")[:_LONGEST_OWNER] or None,
        updated_at=_time(reading.updated_at) or datetime.fromtimestamp(candidate.modified, UTC),
    )
    told = tabled(name, document.title, reading.pieces, reading.grids, name_words(candidate.path.name))
    seen = viewer.see(document, reading.figures, linked(candidate, told.pieces))
    if not seen.is_complete:
        document = replace(document, content_hash=_content_hash(candidate, content, ""))
    return Prepared(
        document,
        passages_of(name, document.title, _placed(candidate, seen.pieces)),
        is_new,
        told.tables,
        seen.pictures,
        authors_of(candidate.path, name),
        tuple(
            Refusal(candidate.source, f"{candidate.external_id}, {picture}", reason)
            for picture, reason in seen.troubles.items()
        ),
    )


def _placed(candidate: Candidate, found: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces of source code so that they are also found by the words of their folders."""
    words = " ".join(word for folder in PurePath(candidate.external_id).parent.parts for word in split(folder))
    if candidate.format is not Format.CODE or not words:
        return found
    return [replace(piece, search_text=f"{words}\n{piece.search_text or piece.text}") for piece in found]


def _told(document: str, title: str, record: ListRecord) -> Tabled:
    """Return a record's pieces and the table that it may be."""
    table = record_table(document, title, record.table)
    if table is None:
        return Tabled(tuple(_pieces(record)), ())
    return Tabled(tuple(record_pieces(table, record.text, _pieces(record))), (table,))


def _pieces(record: ListRecord) -> list[Piece]:
    """Return a record's text as one piece where it fits, else cut like a text file."""
    if len(record.text.split()) <= WHOLE_RECORD and size(record.text) <= 2 * WHOLE_RECORD:
        return [Piece(record.text, record.kind, search_text=_searched(record.kind, record.text))]
    outline = Outline()
    plain_text.fill(outline, record.text)
    kind = record.kind
    return [
        Piece(
            piece.text,
            kind if kind is not Kind.TEXT else piece.kind,
            piece.heading_path,
            search_text=_searched(kind, piece.text) or piece.search_text,
        )
        for piece in pieces(outline.blocks)
    ]


def _searched(kind: Kind, text: str) -> str | None:
    return telling_command("", text) if kind is Kind.CODE else None


def _time(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
