"""Name documents and passages so that the same thing keeps its name, and tell whether a document has changed.

document   its source and its name there
passage    its document, its text, and how many times that text came before in it
"""

import hashlib
from collections import Counter
from collections.abc import Iterable

from flywheel.knowledge.blocks import clean
from flywheel.knowledge.chunks import Piece
from flywheel.model import Passage

CUT = "2"
"""Raised whenever documents would be parsed or cut differently, so that all are read again."""

_LENGTH = 32


def document_id(source: str, external_id: str) -> str:
    """Return a document's id, 32 hexadecimal digits."""
    return digest(source, external_id)[:_LENGTH]


def passages_of(document: str, title: str, pieces: Iterable[Piece]) -> tuple[Passage, ...]:
    """Return a document's pieces as passages; a first heading that repeats the title is left out of their path."""
    seen: Counter[str] = Counter()
    passages = []
    for ordinal, piece in enumerate(pieces):
        text = clean(piece.text)
        seen[text] += 1
        path = tuple(clean(name) for name in piece.heading_path)
        path = path[1:] if path and path[0].casefold() == title.casefold() else path
        name = digest(document, text, str(seen[text]))[:_LENGTH]
        searched = None if piece.search_text is None else clean(piece.search_text)
        passages.append(
            Passage(
                name,
                document,
                ordinal,
                text,
                piece.kind,
                path,
                piece.page,
                piece.line,
                search_text=searched,
                detail=piece.detail,
            )
        )
    return tuple(passages)


def digest(*parts: str) -> str:
    """Return the SHA-256 of texts in this order, 64 hexadecimal digits; where one ends matters."""
    joined = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        joined.update(f"{len(encoded)}:".encode())
        joined.update(encoded)
    return joined.hexdigest()
