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
    owner: Mapped[str | None] = mapped_column(String(255))
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
