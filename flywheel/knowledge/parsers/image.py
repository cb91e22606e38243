"""Read an image file: the picture itself, title and description in its metadata, and the words of its name.

What is written in it is read later, by a process made for that (`knowledge/pictures.py`). Icons and the like have
only what they say about themselves.
"""

import io

from PIL import ExifTags, Image, UnidentifiedImageError

from flywheel.errors import BrokenDocument, HostileDocument
from flywheel.knowledge.blocks import Block, Figure, Outline, Parsed, Shape, name_words, one_line
from flywheel.knowledge.parsers.figures import shrunk
from flywheel.model import Kind

_SAID = ("Title", "Description", "Comment", "Caption", "comment", "title", "description")


def parse(content: bytes, name: str) -> Parsed:
    """Return one image block, and the picture unless it is decoration.

    Raises:
        BrokenDocument: not an image that Pillow knows.
        HostileDocument: it declares more pixels than a picture may.
    """
    words, said = name_words(name), _said(content)
    small = shrunk(content)
    outline = Outline()
    detail = {} if small.is_decoration else {"picture": "0"}
    outline.put(Block("\n".join(dict.fromkeys([words, *said])), Shape.IMAGE, Kind.IMAGE, detail=detail))
    if not small.is_decoration:
        outline.figures.append(Figure(small.content, caption="\n".join(said)))
    return outline.parsed(words)


def _said(content: bytes) -> list[str]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            said = [_text(image.info.get(key)) for key in _SAID]
            said.append(_text(image.getexif().get(ExifTags.Base.ImageDescription)))
    except Image.DecompressionBombError as error:
        raise HostileDocument(str(error)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BrokenDocument("damaged image") from error
    return list(dict.fromkeys(one for one in said if one))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return one_line(value)[:2_000] if isinstance(value, str) else ""
