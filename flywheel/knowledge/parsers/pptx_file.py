"""Read PPTX with python-pptx: each slide is a page under its title, with its tables, images and speaker's notes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.shapes.base import BaseShape

from flywheel.errors import BrokenDocument
from flywheel.knowledge.blocks import Outline, Parsed, Shape, one_line
from flywheel.knowledge.parsers.archive import open_checked
from flywheel.knowledge.parsers.figures import ON_MANY_PAGES, Album
from flywheel.knowledge.parsers.front_matter import moment

_MAIN_PART = "ppt/presentation.xml"


def parse(content: bytes, name: str) -> Parsed:
    """Return the blocks of a PPTX file, slides as pages.

    Raises:
        BrokenDocument: not a PPTX container, or damaged.
    """
    del name
    file = open_checked(content, _MAIN_PART)
    try:
        return _parse(Presentation(file))
    except (PythonPptxError, SyntaxError, KeyError, ValueError) as error:
        raise BrokenDocument(f"damaged PPTX: {error}") from error


def _parse(presentation: Any) -> Parsed:
    outline = Outline()
    album = Album(outline)
    repeated = _repeated(presentation)
    for number, slide in enumerate(presentation.slides, 1):
        outline.page = number
        heading = slide.shapes.title
        outline.heading(1, heading.text if heading is not None else f"Slide {number}")
        before = len(outline.blocks)
        for shape in _flat(slide.shapes):
            if heading is None or shape.shape_id != heading.shape_id:
                _shape(outline, shape)
                _picture(outline, album, shape, repeated)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            outline.add(one_line(slide.notes_slide.notes_text_frame.text))
        if len(outline.blocks) == before and heading is not None:
            outline.add(one_line(heading.text))
    album.close()
    said = presentation.core_properties
    title = (said.title or "").strip()
    named = None if title == "PowerPoint Presentation" else title
    return outline.parsed(named or outline.first_heading, updated_at=moment(said.modified))


def _flat(shapes: Iterable[Any]) -> Iterator[BaseShape]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _shape(outline: Outline, shape: Any) -> None:
    if shape.has_text_frame:
        paragraphs = [one for one in shape.text_frame.paragraphs if one.text.strip()]
        for one in paragraphs:
            words = one_line(one.text)
            listed = len(paragraphs) > 1
            indent = "  " * one.level
            outline.add(f"{indent}- {words}" if listed else words, Shape.ITEM if listed else Shape.PARAGRAPH)
    elif shape.has_table:
        outline.table([[cell.text for cell in row.cells] for row in shape.table.rows])


def _picture(outline: Outline, album: Album, shape: Any, repeated: frozenset[str]) -> None:
    """Add an image, or the description of a shape that is neither text nor table nor image."""
    if shape.has_text_frame or shape.has_table:
        return
    image = _image(shape)
    if image is not None and image.sha1 in repeated:
        return
    described = shape._element.xpath("./*/p:cNvPr/@descr")  # noqa: SLF001 - no public way to it
    alt = one_line(described[0]) if described else ""
    if image is None or not album.add(image.blob, alt):
        outline.add(alt, Shape.IMAGE)


def _image(shape: Any) -> Any:
    """Return a shape's image, or None for one that has none in the file."""
    try:
        return getattr(shape, "image", None)
    except (KeyError, ValueError):  # it is linked, or its part is missing
        return None


def _repeated(presentation: Any) -> frozenset[str]:
    """Return the digests of images that are on many slides: logos and frames."""
    shown = ({image.sha1 for one in _flat(slide.shapes) if (image := _image(one))} for slide in presentation.slides)
    times = Counter(digest for digests in shown for digest in digests)
    return frozenset(digest for digest, number in times.items() if number >= ON_MANY_PAGES)
