"""Read DOCX with python-docx: headings and lists by their style, tables, and the descriptions of images."""

import re

from docx import Document
from docx.document import Document as DocumentFile
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from flywheel.errors import BrokenDocument
from flywheel.knowledge.blocks import Outline, Parsed, Shape, one_line
from flywheel.knowledge.parsers.archive import open_checked
from flywheel.knowledge.parsers.figures import Album
from flywheel.knowledge.parsers.front_matter import moment

_HEADING = re.compile(r"Heading (\d)")
_MAIN_PART = "word/document.xml"


def parse(content: bytes, name: str) -> Parsed:
    """Return the blocks of a DOCX file.

    Raises:
        BrokenDocument: not a DOCX container, or damaged.
    """
    del name
    file = open_checked(content, _MAIN_PART)
    try:
        return _parse(Document(file))
    except (OpcError, SyntaxError, KeyError, ValueError) as error:
        raise BrokenDocument(f"damaged DOCX: {error}") from error


def _parse(document: DocumentFile) -> Parsed:
    outline = Outline()
    album = Album(outline)
    title: str | None = None
    numbered, captioned = 0, ""
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            _table(outline, part, captioned)
            captioned = ""
            continue
        style = part.style.name if part.style and part.style.name else ""
        numbered = numbered + 1 if style.startswith("List Number") else 0
        captioned = one_line(part.text) if style == "Caption" else ""
        if style == "Title" and part.text.strip():
            title = one_line(part.text)
        else:
            _paragraph(outline, part, style, numbered)
            _pictures(outline, album, part)
    album.close()
    said = document.core_properties
    return outline.parsed(
        (said.title or "").strip() or title or outline.first_heading,
        updated_at=moment(said.modified),
    )


def _paragraph(outline: Outline, part: Paragraph, style: str, number: int) -> None:
    heading = _HEADING.match(style)
    if heading:
        outline.heading(int(heading[1]), part.text)
    elif style.startswith("List"):
        outline.add(f"{f'{number}.' if number else '-'} {one_line(part.text)}" if part.text.strip() else "", Shape.ITEM)
    else:
        outline.add(one_line(part.text))


def _pictures(outline: Outline, album: Album, part: Paragraph) -> None:
    """Add what a paragraph shows; of a drawing that is no image, its description."""
    for drawing in part._p.xpath(".//wp:inline | .//wp:anchor"):  # noqa: SLF001 - no public way to them
        described = drawing.xpath("./wp:docPr")
        alt = one_line(next((one.get("descr") or one.get("title") or "" for one in described), ""))
        parts = [part.part.related_parts.get(name) for name in drawing.xpath(".//a:blip/@r:embed")]
        taken = [album.add(image.blob, alt) for image in parts if image is not None]
        if not any(taken):
            outline.add(alt, Shape.IMAGE)


def _table(outline: Outline, table: Table, title: str) -> None:
    """Add a table, a merged cell being repeated as Word lists it, and after it the tables inside its cells."""
    rows = [row.cells for row in table.rows]
    outline.table([[one_line(cell.text) for cell in row] for row in rows], title=title)
    inside = {id(one._tbl): one for row in rows for cell in row for one in cell.tables}  # noqa: SLF001 - its element
    for one in inside.values():
        _table(outline, one, "")
