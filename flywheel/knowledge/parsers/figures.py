"""Collect a document's pictures as its parser comes upon them: made small, without decoration, each one once.

    decoration   smaller than a thumbnail, of one colour, or on many pages (the parser tells which those are)
    caption      the paragraph beside a picture that begins like "Figure 3"
    context      the sentences just before and after it

A picture gets a block of its own where it stands, whose detail `picture` is its number among the document's figures.
All pictures are encoded anew, which bounds their size and strips what cameras and programs put beside the pixels.
"""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageOps, UnidentifiedImageError

from flywheel.errors import BrokenDocument, DocumentError, HostileDocument
from flywheel.knowledge.blocks import Block, Figure, Outline, Shape, one_line
from flywheel.knowledge.chunks import sentences
from flywheel.model import Kind

LONGEST_SIDE = 1_600
"""Pixels of a stored picture's longer side, at most."""

MOST_BYTES = 1_000_000
"""Bytes of a stored picture, at most."""

MOST_PIXELS = 50_000_000
"""Pixels that one picture may declare, half as many where unpacking takes several copies: 200 MB and more."""

MOST_FIGURES = 60
"""Pictures that are taken from one document; what comes after them is left out."""

ON_MANY_PAGES = 3
"""A picture on so many pages is a logo or a frame."""

_ALL_PIXELS = 150_000_000  # of one document's pictures: about three seconds of unpacking
_THUMBNAIL = 64  # pixels
_ONE_COLOUR = 8  # between a channel's darkest and lightest value, of 255
_LONGEST_SAID = 1_000
_CAPTION = re.compile(
    r"(?i)\s*(?:figure|fig\.|chart|diagram|plan|map|image|picture|photo|screenshot|exhibit|abbildung|abb\.)"
    r"\s*(?:[A-Z]?\d+(?:[.\-]\d+)*[a-z]?)?\s*[:.)–—-]"
)
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
_OPAQUE = frozenset({"RGB", "L", "CMYK", "YCbCr", "1", "I", "I;16", "F", "LAB", "HSV"})
_SCALES_WELL = frozenset({"RGB", "RGBA", "L", "LA", "CMYK", "YCbCr"})
_UNPACKED_WHOLE = frozenset({"GIF", "WEBP"})
_DRAWN = frozenset({"PNG", "GIF", "BMP"})


@dataclass(frozen=True, slots=True)
class Small:
    """A picture made small. `pixels` counts those of the original."""

    content: bytes
    pixels: int
    is_decoration: bool


class Album:
    """Collect pictures into an outline; `close` finds what the document says of them."""

    def __init__(self, outline: Outline) -> None:
        """Begin with no picture."""
        self._outline = outline
        self._numbers: dict[str, int] = {}
        self._pixels = 0

    @property
    def is_full(self) -> bool:
        """Tell whether no more pictures are taken."""
        return len(self._outline.figures) >= MOST_FIGURES or self._pixels >= _ALL_PIXELS

    def add(self, content: bytes, alt: str = "", caption: str = "") -> bool:
        """Add an image file with a block; return whether it was taken.

        Decoration and what cannot be decoded are not.
        """
        if self.is_full:
            return False
        try:
            small = shrunk(content)
        except (DocumentError, MemoryError):
            return False
        return self.put(small, alt, caption)

    def put(self, small: Small, alt: str = "", caption: str = "", after: int | None = None) -> bool:
        """Add a picture that was made small, after a place among the outline's blocks or at their end."""
        self._pixels += small.pixels
        if small.is_decoration or self.is_full:
            return False
        said = [one_line(one)[:_LONGEST_SAID] for one in (alt, caption)]
        return self._place(small.content, said[0], said[1], after)

    def _place(self, content: bytes, alt: str, caption: str, after: int | None) -> bool:
        outline, name = self._outline, hashlib.sha256(content).hexdigest()
        number = self._numbers.setdefault(name, len(outline.figures))
        text = "\n".join(dict.fromkeys(one for one in (alt, caption) if one))
        is_new = number == len(outline.figures)
        if not is_new and not text:
            return True
        outline.put(Block(text or "Picture", Shape.IMAGE, Kind.IMAGE, detail={"picture": str(number)}))
        if after is not None:
            moved = replace(outline.blocks.pop(), heading_path=outline.blocks[after].heading_path)
            outline.blocks.insert(after + 1, moved)
        if is_new:
            outline.figures.append(Figure(content, alt, caption, page=outline.page))
        return True

    def close(self) -> None:
        """Give every picture its caption, its context and the headings above it."""
        blocks = self._outline.blocks
        seen: set[int] = set()
        for at, block in enumerate(blocks):
            number = int(block.detail["picture"]) if "picture" in block.detail else None
            if number is None or number in seen:
                continue
            seen.add(number)
            figure = self._outline.figures[number]
            before, after = _neighbour(blocks, at, -1), _neighbour(blocks, at, 1)
            caption = figure.caption or next((one for one in (after, before) if is_caption(one)), "")
            self._outline.figures[number] = replace(
                figure,
                caption=caption[:_LONGEST_SAID],
                context=_context(before, after, caption),
                heading_path=block.heading_path,
            )


def link(outline: Outline, said: str, address: str, line: int | None = None) -> None:
    """Add a block for an image that a page shows: what the page says of it, and where the image file is.

    The detail `image` is the address as written; nothing is added where the page says nothing of the image.
    """
    if said.strip():
        detail = {"image": address} if address else {}
        outline.put(Block(said.strip(), Shape.IMAGE, Kind.IMAGE, line=line, detail=detail))


def is_caption(text: str) -> bool:
    """Tell whether a paragraph names a picture: "Figure 3: …", "Fig. 2 – …", "Plan. …"."""
    return bool(_CAPTION.match(text)) and len(text) <= _LONGEST_SAID


def shrunk(content: bytes) -> Small:
    """Return an image file encoded anew: PNG or JPEG, upright, on white, within LONGEST_SIDE and MOST_BYTES.

    Raises:
        BrokenDocument: not an image that can be decoded.
        HostileDocument: it declares more pixels than a picture may.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            return shrunk_image(image, drawn=image.format in _DRAWN)
    except Image.DecompressionBombError as error:
        raise HostileDocument(str(error)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise BrokenDocument("damaged image") from error


def shrunk_image(image: Image.Image, *, drawn: bool) -> Small:
    """Return an opened image encoded anew, as PNG first if it is `drawn`, not photographed.

    Raises:
        HostileDocument: it declares more pixels than a picture may.
    """
    pixels = image.width * image.height
    spares_memory = image.mode in {*_SCALES_WELL, "1"} and image.format not in _UNPACKED_WHOLE
    most = MOST_PIXELS if spares_memory else MOST_PIXELS // 2
    if pixels > most:
        raise HostileDocument(f"has {pixels // 1_000_000} million pixels, more than {most // 1_000_000}")
    thin = min(image.size) < _THUMBNAIL
    if image.mode in _SCALES_WELL:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # before anything else copies it at its full size
    flat = _on_white(ImageOps.exif_transpose(image))
    plain = all(high - low <= _ONE_COLOUR for low, high in flat.getextrema())  # type: ignore[misc]
    if thin or plain:
        return Small(b"", pixels, is_decoration=True)
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Small(_encoded(flat, drawn=drawn), pixels, is_decoration=False)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in _OPAQUE and "transparency" not in image.info:
        return image.convert("RGB")
    upright = image.convert("RGBA")
    page = Image.new("RGBA", upright.size, "white")
    page.alpha_composite(upright)
    return page.convert("RGB")


def _encoded(image: Image.Image, *, drawn: bool) -> bytes:
    """Return a drawing as PNG and a photograph as JPEG; a drawing that stays too long is treated like a photograph."""
    if drawn:
        file = io.BytesIO()
        image.save(file, "PNG")
        if file.tell() <= MOST_BYTES:
            return file.getvalue()
    for quality, side in ((85, LONGEST_SIDE), (70, 1_200), (50, 800)):
        file = io.BytesIO()
        image.thumbnail((side, side))
        image.save(file, "JPEG", quality=quality)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue()


def _neighbour(blocks: Sequence[Block], at: int, step: int) -> str:
    """Return the text beside a picture, on its page and under its heading; other pictures are passed over."""
    place = at + step
    while 0 <= place < len(blocks) and blocks[place].kind is Kind.IMAGE:
        place += step
    if not 0 <= place < len(blocks):
        return ""
    here, there = blocks[at], blocks[place]
    beside = (there.heading_path, there.page) == (here.heading_path, here.page) and there.kind is Kind.TEXT
    return there.text if beside else ""


def _context(before: str, after: str, caption: str) -> str:
    """Return the last sentence before a picture and the first one after it; its caption is neither."""
    ends = sentences(before)[-1:] if before != caption else []
    begins = sentences(after)[:1] if after != caption else []
    return " ".join((*ends, *begins))[:_LONGEST_SAID]
