"""Read a Jupyter notebook: its text as Markdown, its code as code, and the first lines of what the code printed."""

from typing import Any

import nbformat

from flywheel.errors import BrokenDocument
from flywheel.knowledge.blocks import Outline, Parsed
from flywheel.knowledge.parsers import markdown
from flywheel.knowledge.parsers.encoding import decode

_VERSION = 4
_OUTPUT_LINES = 20


def parse(content: bytes, name: str) -> Parsed:
    """Return the blocks of a notebook; cells count as pages.

    Raises:
        BrokenDocument: not a notebook.
    """
    del name
    try:
        book = nbformat.reads(decode(content), as_version=_VERSION)  # type: ignore[no-untyped-call]
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, ValueError, KeyError, AttributeError) as error:
        raise BrokenDocument("not a notebook") from error
    outline = Outline()
    language = str(book.metadata.get("language_info", {}).get("name", ""))
    for cell in book.cells:
        if cell.cell_type == "markdown":
            markdown.fill(outline, cell.source)
        elif cell.cell_type == "code":
            outline.code(cell.source, language)
            outline.code("\n".join(_printed(cell)))
    return outline.parsed(str(book.metadata.get("title", "")) or outline.first_heading)


def _printed(cell: Any) -> list[str]:
    lines: list[str] = []
    for output in cell.get("outputs", []):
        text = output.get("text") or output.get("data", {}).get("text/plain") or ""
        lines += ("".join(text) if isinstance(text, list) else str(text)).rstrip().split("\n")
    return [line for line in lines if line.strip()][:_OUTPUT_LINES]
