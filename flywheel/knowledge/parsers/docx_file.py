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
    title: str | None = None
    numbered = 0
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            outline.table([_cells(row.cells) for row in part.rows])
            continue
        style = part.style.name if part.style and part.style.name else ""
        numbered = numbered + 1 if style.startswith("List Number") else 0
        if style == "Title" and part.text.strip():
            title = one_line(part.text)
        else:
            _paragraph(outline, part, style, numbered)
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
    for described in part._p.xpath(".//wp:docPr"):  # noqa: SLF001 - python-docx has no public way to them
        outline.add(one_line(described.get("descr") or described.get("title") or ""), Shape.IMAGE)


def _cells(cells: object) -> list[str]:
    """Return the text of a row's cells; one that spans several columns is repeated, as Word lists it."""
    return [one_line(cell.text) for cell in cells]  # type: ignore[attr-defined]
