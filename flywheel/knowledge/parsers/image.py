"""Read what an image file says about itself: title and description in its metadata, and the words of its name.

No pixel is decoded. What the image shows is not read yet; pages that show it bring its alternative text and caption.
"""

import io

from PIL import ExifTags, Image, UnidentifiedImageError

from flywheel.errors import BrokenDocument, HostileDocument
from flywheel.knowledge.blocks import Outline, Parsed, Shape, name_words, one_line

_SAID = ("Title", "Description", "Comment", "Caption", "comment", "title", "description")


def parse(content: bytes, name: str) -> Parsed:
    """Return one image block.

    Raises:
        BrokenDocument: not an image that Pillow knows.
        HostileDocument: it declares more pixels than Pillow allows.
    """
    words = name_words(name)
    try:
        with Image.open(io.BytesIO(content)) as image:
            said = [_text(image.info.get(key)) for key in _SAID]
            said.append(_text(image.getexif().get(ExifTags.Base.ImageDescription)))
    except Image.DecompressionBombError as error:
        raise HostileDocument(str(error)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BrokenDocument("damaged image") from error
    outline = Outline()
    outline.add("\n".join(dict.fromkeys([words, *(one for one in said if one)])), Shape.IMAGE)
    return outline.parsed(words)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return one_line(value)[:2_000] if isinstance(value, str) else ""
