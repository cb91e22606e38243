"""Make pictures of the figures that a document holds: read what is written in them, have them described, and tie the
document's passages to them.

    words        what is written in a picture, read by the core's picture reader
    description  what a vision model sees in it, where the core has one; stored, and not asked for again
    said         alternative text and caption: what the document itself says

What cannot be read stays, with what is said of it. A vision model that fails three times in an ingest, or says that it
cannot see, is left alone for the rest of it; documents that lack a description for that reason are tried again by the
next ingest.
"""

import io
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from PIL import Image

from flywheel.core import Core
from flywheel.errors import DocumentError, ModelUnavailable
from flywheel.holdings import Picture
from flywheel.knowledge.blocks import Figure, clean
from flywheel.knowledge.chunks import TARGET, Piece, size
from flywheel.knowledge.formats import Format
from flywheel.knowledge.identity import digest
from flywheel.model import Document, Kind
from flywheel.store import pictures

WORDS_FOLLOW = "Text in the picture:"
"""The line of a passage after which the picture's own lines stand, up to the next empty line."""

WITH_PICTURES = frozenset({Format.IMAGE, Format.PDF, Format.DOCX, Format.PPTX})
"""Formats that hold pictures."""

_LENGTH = 32
_MOST_FAILURES = 3
_SHORTEST_ROOM = TARGET // 4


@runtime_checkable
class KnowsBlindness(Protocol):
    """A vision model that can say that it will never see anything."""

    @property
    def is_blind(self) -> bool:
        """Tell whether its server refuses pictures, so that asking again is no use."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A document's pictures, its pieces tied to them, and what went wrong with some, by the picture's name.

    `is_complete` says that every picture has the description that the core's vision model would give it, if it can.
    """

    pictures: tuple[Picture, ...]
    pieces: tuple[Piece, ...]
    troubles: Mapping[str, str]
    is_complete: bool = True


class Viewer:
    """Look at the pictures of one ingest's documents. May be asked from several threads."""

    def __init__(self, core: Core) -> None:
        """Look with what the core has: neither, one or both of a picture reader and a vision model."""
        self._core = core
        self._failures = 0
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return what descriptions are made by; empty without a vision model."""
        return self._core.vision.name if self._core.vision is not None else ""

    def see(self, document: Document, figures: Sequence[Figure], pieces: Iterable[Piece]) -> Seen:
        """Return the pictures of a document, whose passages then say what is in them."""
        if not figures:
            return Seen((), tuple(pieces), {})
        with self._core.database.read() as db:
            before = {one.content: one for one in pictures.of_document(db, document.id)}
        troubles: dict[str, str] = {}
        seen: list[Picture] = []
        for ordinal, figure in enumerate(figures):
            picture = _picture(document, ordinal, figure)
            picture = self._read(picture, before.get(picture.content), troubles)
            seen.append(self._described(picture, document.title, before.get(picture.content), troubles))
        complete = not self.name or self._is_blind or all(one.described_by == self.name for one in seen)
        return Seen(tuple(seen), tuple(tied(pieces, seen, document.title)), troubles, complete)

    @property
    def _is_blind(self) -> bool:
        vision: object = self._core.vision
        return isinstance(vision, KnowsBlindness) and vision.is_blind

    def _read(self, picture: Picture, before: Picture | None, troubles: dict[str, str]) -> Picture:
        if before is not None and before.words:
            return replace(picture, words=before.words)
        if self._core.picture_reader is None:
            return picture
        try:
            return replace(picture, words=clean(self._core.picture_reader.words(picture.content)).strip())
        except DocumentError as error:
            troubles[_name(picture)] = f"kept, but what is written in it could not be read: {error}"
            return picture

    def _described(self, picture: Picture, title: str, before: Picture | None, troubles: dict[str, str]) -> Picture:
        vision = self._core.vision
        if before is not None and (vision is None or before.described_by == self.name):
            return replace(picture, description=before.description, described_by=before.described_by)
        if vision is None or self._is_blind or self._failures >= _MOST_FAILURES:
            return picture
        said = "\n".join(one for one in (title, picture.caption, picture.alt, picture.context) if one)
        try:
            description = vision.describe(picture.content, picture.media_type, said)
        except ModelUnavailable as error:
            if self._is_first_failure():
                troubles[_name(picture)] = f"kept, but not described, like others: {error}"
            return picture
        return replace(picture, description=clean(description).strip(), described_by=self.name)

    def _is_first_failure(self) -> bool:
        with self._lock:
            self._failures += 1
            return self._failures == 1


def picture_of_file(document: str) -> str:
    """Return the id of the picture that an image file is; it stays when the file's content changes."""
    return digest(document, "file")[:_LENGTH]


def tied(pieces: Iterable[Piece], seen: Sequence[Picture], title: str) -> Iterator[Piece]:
    """Yield a document's pieces, the first one of each picture saying everything that is known of it."""
    told: set[int] = set()
    for piece in pieces:
        number = int(piece.detail["picture"]) if "picture" in piece.detail else None
        if number is None:
            yield piece
        elif number not in told:
            told.add(number)
            yield from _passages(piece, seen[number], title)
        else:
            yield replace(piece, detail={**piece.detail, "picture": seen[number].id})


def _picture(document: Document, ordinal: int, figure: Figure) -> Picture:
    with Image.open(io.BytesIO(figure.content)) as image:  # its parser has made it anew; only its head is read
        width, height, media_type = image.width, image.height, Image.MIME[str(image.format)]
    is_file = document.kind is Kind.IMAGE
    name = picture_of_file(document.id) if is_file else digest(document.id, figure.content.hex())[:_LENGTH]
    alt, caption, context = (clean(one) for one in (figure.alt, figure.caption, figure.context))
    return Picture(name, document.id, ordinal, media_type, figure.content, width, height, alt, caption, context)


def _name(picture: Picture) -> str:
    return f"picture {picture.ordinal + 1}"


def _passages(piece: Piece, picture: Picture, title: str) -> Iterator[Piece]:
    """Yield the passage of a picture, and more where what is written in it is too long for one."""
    said = list(dict.fromkeys(one for one in (picture.caption, picture.alt) if one)) or [title]
    lead = "\n".join(said)
    about = [*said, picture.description]
    used = sum(size(one) for one in about)
    detail = {**piece.detail, "picture": picture.id}
    parts = list(_portions(picture.words.split("\n"), max(TARGET - used, _SHORTEST_ROOM)))
    for number, lines in enumerate(parts or [[]]):
        written = "\n".join([WORDS_FOLLOW, *lines]) if lines else ""
        first = number == 0
        text = "\n\n".join(one for one in (lead, written, picture.description if first else "") if one)
        searched = [*(about if first else said[:1]), "\n".join(lines), picture.context if first else ""]
        search_text = "\n".join(one for one in searched if one)
        yield replace(piece, text=text, kind=Kind.IMAGE, search_text=search_text, detail=detail)


def _portions(lines: Sequence[str], room: int) -> Iterator[list[str]]:
    """Yield the lines in portions: the first one fits the room, the others fill a passage."""
    portion: list[str] = []
    filled, limit = 0, room
    for line in lines:
        if not line:
            continue
        if portion and filled + size(line) > limit:
            yield portion
            portion, filled, limit = [], 0, TARGET
        portion.append(line)
        filled += size(line)
    if portion:
        yield portion
