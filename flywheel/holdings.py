"""What a document holds beside its passages: tables, pictures, and who wrote it. All are frozen."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a data table. `type` is text, number or date; `unit` as written in its head, else empty."""

    name: str
    type: str = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of a document, whole. Each row has as many cells as there are columns, as written.

    `first_line` is where its first row stands in the file, if lines mean something there.
    """

    id: str
    document_id: str
    ordinal: int
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    first_line: int | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote a document, by its history, which counted `changes` of theirs.

    `name` is an id of the workspace, an address or a name, as the history has it; `address` is an e-mail address.
    """

    document_id: str
    name: str
    changes: int
    address: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a document, as small as it may be and still be read. `described_by` names the vision model.

    `alt`, `caption` and `context` are what the document says of it, `words` what is written in it, `description` what
    a vision model sees.
    """

    id: str
    document_id: str
    ordinal: int
    media_type: str
    content: bytes
    width: int
    height: int
    alt: str = ""
    caption: str = ""
    context: str = ""
    words: str = ""
    description: str = ""
    described_by: str = ""
