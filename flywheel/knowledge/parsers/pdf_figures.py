"""Take the raster images out of PDF pages, in the order in which a page draws them.

Only what a page draws counts, also inside forms: many PDFs list every image of the document with every page. Charts
that are drawn with lines are no images; their labels are among the page's text. A page that is one scan with its text
laid under it has its words already, so its scan is left out. An image in an encoding that pypdf does not know is too.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image
from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from flywheel.errors import DocumentError
from flywheel.knowledge.blocks import Outline
from flywheel.knowledge.parsers.figures import ON_MANY_PAGES, Album, Small, is_caption, shrunk_image

_DRAW = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_DEEPEST = 3
_MOST_PIXELS = 16_000_000  # A4 at 400 dots per inch
_SCAN_SIDE = 800  # pixels of a scanned page's shorter side, at least
_SAME_SHAPE = 0.03
_TEXT_LAYER = 200  # characters
_UNREADABLE = (
    PyPdfError, NotImplementedError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, zlib.error,
    MemoryError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """An image that a page draws; `number` is its object's number in the file, 0 for one without."""

    number: int
    image: StreamObject

    @property
    def size(self) -> tuple[int, int]:
        """Return its width and height in pixels, as declared."""
        return int(self.image.get("/Width", 0)), int(self.image.get("/Height", 0))


def drawn_on(page: PageObject) -> list[Drawn]:
    """Return the images that a page draws, each once; none for a page that cannot be understood."""
    try:
        contents = page.get_contents()
        return list(_drawn(page, contents.get_data() if contents is not None else b"", 0))
    except _UNREADABLE:
        return []


def on_many_pages(pages: Sequence[Sequence[Drawn]]) -> frozenset[int]:
    """Return the numbers of images that are on many pages: logos and frames."""
    counted = Counter(number for drawn in pages for number in {one.number for one in drawn})
    return frozenset(number for number, times in counted.items() if number and times >= ON_MANY_PAGES)


def place(album: Album, outline: Outline, page: PageObject, drawn: Sequence[Drawn], begun: int) -> None:
    """Add a page's images behind its captions where there are as many, else at its end.

    `begun` is the number of the page's first block.
    """
    blocks = outline.blocks[begun:]
    if _is_scan_with_text(page, drawn, sum(len(block.text) for block in blocks)):
        return
    pictures = [small for one in drawn if (small := _small(album, one)) is not None and not small.is_decoration]
    captions = [begun + at for at, block in enumerate(blocks) if is_caption(block.text)]
    for number, small in enumerate(pictures):
        before = len(outline.blocks)
        after = captions[number] if len(captions) == len(pictures) else None
        album.put(small, after=after)
        grown = len(outline.blocks) - before
        captions = [at + grown if after is not None and at > after else at for at in captions]


def _drawn(holder: DictionaryObject, contents: bytes, depth: int) -> Iterator[Drawn]:
    resources = holder.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is None:
        return
    named = objects.get_object()
    for name in dict.fromkeys(_DRAW.findall(contents)):
        key = f"/{name.decode('latin-1')}"
        found = named.get(key)
        one = found.get_object() if found is not None else None
        if not isinstance(one, StreamObject):
            continue
        if one.get("/Subtype") == "/Image":
            raw = named.raw_get(key)
            yield Drawn(raw.idnum if isinstance(raw, IndirectObject) else 0, one)
        elif one.get("/Subtype") == "/Form" and depth < _DEEPEST:
            yield from _drawn(one, one.get_data(), depth + 1)


def _is_scan_with_text(page: PageObject, drawn: Sequence[Drawn], characters: int) -> bool:
    if len(drawn) != 1 or characters < _TEXT_LAYER:
        return False
    width, height = drawn[0].size
    if min(width, height) < _SCAN_SIDE:
        return False
    shape = float(page.mediabox.width) / max(float(page.mediabox.height), 1.0)
    return abs(width / height - shape) < _SAME_SHAPE * shape


def _small(album: Album, one: Drawn) -> Small | None:
    try:
        width, height = one.size
        if album.is_full or width * height > _MOST_PIXELS:
            return None
        image = one.image.decode_as_image()
        photographed = "/DCTDecode" in str(one.image.get("/Filter"))
        return shrunk_image(image, drawn=not photographed) if isinstance(image, Image.Image) else None
    except (*_UNREADABLE, DocumentError):
        return None
