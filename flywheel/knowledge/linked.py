"""Tie the images that a page shows to the image files beside it, which are documents of their own."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flywheel.errors import UnsupportedDocument
from flywheel.knowledge.chunks import Piece
from flywheel.knowledge.formats import Format, format_of
from flywheel.knowledge.identity import document_id
from flywheel.knowledge.pictures import picture_of_file
from flywheel.knowledge.source import Candidate


def linked(candidate: Candidate, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield a page's pieces; one that is about an image file of the same source names its picture.

    Whether somebody may see the picture is decided where it is read, by what holds for the file itself.
    """
    for piece in pieces:
        address = piece.detail.get("image")
        if address is None:
            yield piece
            continue
        name = _file_of(candidate, address)
        kept = {key: value for key, value in piece.detail.items() if key != "image"}
        more = {"picture": picture_of_file(document_id(candidate.source, name))} if name else {}
        yield replace(piece, detail={**kept, **more})


def _file_of(candidate: Candidate, address: str) -> str:
    """Return the name within the source of the image file at a relative address, empty where there is none."""
    try:
        parts = urlsplit(address)
        path = Path(os.path.normpath(candidate.path.parent / unquote(parts.path)))
        is_image = format_of(path.name) is Format.IMAGE
    except (ValueError, UnsupportedDocument):
        return ""
    source = Path(candidate.source)
    inside = path.is_relative_to(source) and path != source
    elsewhere = parts.scheme or parts.netloc or parts.path.startswith("/")
    if elsewhere or not is_image or not inside or path.is_symlink() or not path.is_file():
        return ""
    return path.relative_to(source).as_posix()
