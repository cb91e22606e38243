"""Turn a candidate or a record into a document with passages, unless it is the same as last time.

Its content hash covers everything that the store keeps of it, so that a change of title, owner or access counts as a
change. It is taken of the bytes before they are parsed: a file that changes meanwhile is read again the next time.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from flywheel.errors import DocumentError, HostileDocument
from flywheel.holdings import Author, DataTable, Picture
from flywheel.knowledge.blocks import Outline, clean, name_words
from flywheel.knowledge.chunks import WHOLE_RECORD, Piece, pieces, size
from flywheel.knowledge.formats import kind_of
from flywheel.knowledge.identity import CUT, digest, document_id, passages_of
from flywheel.knowledge.parsers import plain_text
from flywheel.knowledge.parsers.front_matter import moment
from flywheel.knowledge.readers import Readers, Reading
from flywheel.knowledge.records import ListRecord
from flywheel.knowledge.source import LARGEST, Candidate, Refusal
from flywheel.knowledge.tables import data_tables, tied
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


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document that is stored as it is."""

    document_id: str


def prepare_file(readers: Readers, candidate: Candidate, known: str | None) -> Prepared | Unchanged | Refusal:
    """Return what became of a file; `known` is the content hash that the store has of it."""
    try:
        with _opened(candidate) as file:
            length, content_hash = _hash(candidate, file)
            if content_hash == known:
                return Unchanged(document_id(candidate.source, candidate.external_id))
            file.seek(0)
            reading = readers.read(candidate.format, candidate.path.name, file, length)
    except DocumentError as error:
        return Refusal(candidate.source, candidate.external_id, str(error))
    except OSError as error:
        return Refusal(candidate.source, candidate.external_id, f"cannot be read: {error.strerror or error}")
    return _of_file(candidate, reading, content_hash, is_new=known is None)


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
    return Prepared(document, passages_of(name, document.title, _pieces(record)), known is None)


@contextmanager
def _opened(candidate: Candidate) -> Iterator[BinaryIO]:
    """Open a file, but not through a link that has taken its place since it was found."""
    descriptor = os.open(candidate.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        yield file


def _hash(candidate: Candidate, file: BinaryIO) -> tuple[int, str]:
    """Return a file's length and content hash."""
    content = hashlib.sha256()
    length = 0
    while step := file.read(_STEP):
        content.update(step)
        length += len(step)
        if length > LARGEST:
            raise HostileDocument(f"more than {LARGEST // 1_000_000} MB")
    policy = candidate.policy
    said = (candidate.format.value, str(sorted(policy.access)), policy.owner or "")
    return length, digest(CUT, *said, content.hexdigest())


def _of_file(candidate: Candidate, reading: Reading, content_hash: str, *, is_new: bool) -> Prepared:
    name = document_id(candidate.source, candidate.external_id)
    title = clean(reading.title or "").strip() or name_words(candidate.path.name).capitalize()
    owner = clean(reading.owner or "") or candidate.policy.owner
    document = Document(
        id=name,
        source=candidate.source,
        external_id=candidate.external_id,
        title=title[:_LONGEST_TITLE],
        kind=kind_of(candidate.format),
        content_hash=content_hash,
        access=candidate.policy.access,
        url=reading.url,
        owner=(owner or "")[:_LONGEST_OWNER] or None,
        updated_at=_time(reading.updated_at) or datetime.fromtimestamp(candidate.modified, UTC),
    )
    tables = data_tables(name, document.title, reading.grids)
    passages = passages_of(name, document.title, tied(reading.pieces, tables))
    return Prepared(document, passages, is_new, tuple(tables.values()))


def _pieces(record: ListRecord) -> list[Piece]:
    """Return a record's text as one piece where it fits, else cut like a text file."""
    if len(record.text.split()) <= WHOLE_RECORD and size(record.text) <= 2 * WHOLE_RECORD:
        return [Piece(record.text, record.kind)]
    outline = Outline()
    plain_text.fill(outline, record.text)
    kind = record.kind
    return [
        Piece(piece.text, kind if kind is not Kind.TEXT else piece.kind, piece.heading_path)
        for piece in pieces(outline.blocks)
    ]


def _time(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
