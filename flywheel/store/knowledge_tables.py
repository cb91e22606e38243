"""Tables of what is known: documents, who may read them, passages, embeddings, index generations."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flywheel.store.base import Table, UtcDateTime

_CASCADE = "CASCADE"


class DocumentRow(Table):
    """A document. `source` names the folder, file or list it came from; its refresh owns the row."""

    __tablename__ = "document"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(Text, index=True)
    external_id: Mapped[str] = mapped_column(Text, index=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    content_hash: Mapped[str] = mapped_column(String(64))
    url: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(255), index=True)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    indexed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccessRow(Table):
    """One access label of one document."""

    __tablename__ = "document_access"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id", ondelete=_CASCADE), primary_key=True)
    label: Mapped[str] = mapped_column(String(255), primary_key=True, index=True)


class PassageRow(Table):
    """A passage. `version` is the corpus version that brought it, so that a running bot loads only what is new."""

    __tablename__ = "passage"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id", ondelete=_CASCADE), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    heading_path: Mapped[list[str]] = mapped_column(JSON)
    page: Mapped[int | None] = mapped_column(Integer)
    line: Mapped[int | None] = mapped_column(Integer)
    url: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, index=True)
    search_text: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, str] | None] = mapped_column(JSON)


class DataTableRow(Table):
    """A table of a document, whole: `columns` as [name, type, unit], `rows` as lists of cells as written."""

    __tablename__ = "data_table"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id", ondelete=_CASCADE), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    columns: Mapped[list[list[str]]] = mapped_column(JSON)
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    heading_path: Mapped[list[str]] = mapped_column(JSON)
    page: Mapped[int | None] = mapped_column(Integer)
    first_line: Mapped[int | None] = mapped_column(Integer)


class PictureRow(Table):
    """A picture of a document, with what is known to be in it."""

    __tablename__ = "picture"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id", ondelete=_CASCADE), index=True)
    ordinal: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    alt: Mapped[str] = mapped_column(Text)
    caption: Mapped[str] = mapped_column(Text)
    context: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    described_by: Mapped[str] = mapped_column(String(80))


class AuthorRow(Table):
    """Somebody who wrote a document, by its history; `name` is an id of the workspace, an address or a name."""

    __tablename__ = "document_author"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id", ondelete=_CASCADE), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    address: Mapped[str] = mapped_column(String(255))
    changes: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EmbeddingRow(Table):
    """A passage's vector under one encoder: little-endian float32, unit length."""

    __tablename__ = "embedding"

    passage_id: Mapped[str] = mapped_column(ForeignKey("passage.id", ondelete=_CASCADE), primary_key=True)
    encoder: Mapped[str] = mapped_column(String(80), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class RemovedPassageRow(Table):
    """A passage that is gone, and the corpus version that removed it."""

    __tablename__ = "removed_passage"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    passage_id: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer, index=True)


class CorpusRow(Table):
    """The one row (id 1) that holds the corpus version; every change of documents or access adds one."""

    __tablename__ = "corpus"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)


class GenerationRow(Table):
    """A built index. `state` is building, serving or retired; at most one of each kind serves."""

    __tablename__ = "index_generation"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    encoder: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    passages: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RefusedDocumentRow(Table):
    """A document that could not be read, and why."""

    __tablename__ = "refused_document"

    source: Mapped[str] = mapped_column(String(512), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(512), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


Index("ix_document_source_external", DocumentRow.source, DocumentRow.external_id)
