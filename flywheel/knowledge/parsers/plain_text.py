"""Read plain text: paragraphs between empty lines, list items, and headings underlined or above an indented part.

Its first line is the title when it is short and ends no sentence; `Updated: 2026-05-04` near the top is its date.
"""

import re
from collections.abc import Iterator

from flywheel.knowledge.blocks import Outline, Parsed, Shape, one_line
from flywheel.knowledge.parsers.encoding import decode
from flywheel.knowledge.parsers.front_matter import moment

ITEM = re.compile(r"\s*(?:[-*•‣▪–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+\S")
_UNDERLINE = re.compile(r"([=\-~#*])\1{2,}\s*$")
_DATED = re.compile(r"(?im)^(?:last )?(?:updated|changed|date)(?: on)?:?\s+(\d{4}-\d\d-\d\d)")
_TOP = 500
_LONGEST_HEADING = 70


def parse(content: bytes, name: str) -> Parsed:
    """Return the blocks of a text file."""
    del name
    outline = Outline()
    title, text = _title(decode(content))
    fill(outline, text)
    dated = _DATED.search(text[:_TOP])
    updated_at = moment(dated[1]) if dated else None
    return outline.parsed(title or outline.first_heading, updated_at=updated_at)


def fill(outline: Outline, text: str) -> None:
    """Add the paragraphs of a text to an outline."""
    for line, lines in _paragraphs(text):
        taken = 0
        if len(lines) > 1 and _UNDERLINE.match(lines[1]):
            outline.heading(1 if lines[1].startswith("=") else 2, lines[0])
            taken = 2
        elif len(lines) > 1 and _heads(lines):
            outline.heading(2, lines[0])
            taken = 1
        _add(outline, lines[taken:], line + taken)
        if taken == 1:
            outline.close(2)  # what follows is not indented any more


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield number - len(lines), lines
            lines = []
    if lines:
        yield text.count("\n") + 2 - len(lines), lines


def _heads(lines: list[str]) -> bool:
    """Tell whether a short unindented line stands above lines that are all indented."""
    first = lines[0]
    if len(first) > _LONGEST_HEADING or first[0].isspace() or first.endswith((".", ":", ";", ",")):
        return False
    return all(line[0].isspace() for line in lines[1:])


def _add(outline: Outline, lines: list[str], line: int) -> None:
    run: list[str] = []
    start = line
    for number, one in enumerate(lines, line):
        if ITEM.match(one) and run:
            _flush(outline, run, start)
            run, start = [], number
        run.append(one)
    _flush(outline, run, start)


def _flush(outline: Outline, run: list[str], line: int) -> None:
    if run:
        shape = Shape.ITEM if ITEM.match(run[0]) else Shape.PARAGRAPH
        outline.add(one_line(" ".join(run)), shape, line)


def _title(text: str) -> tuple[str | None, str]:
    """Return a first line that reads like a title, and the text with an empty line in its place."""
    first, _, rest = text.lstrip("\n").partition("\n")
    blank = text[: len(text) - len(text.lstrip("\n"))]
    fits = 0 < len(first.strip()) <= _LONGEST_HEADING and not first[0].isspace() and not ITEM.match(first)
    underlined = bool(_UNDERLINE.match(rest.partition("\n")[0]))
    if not fits or underlined or not rest.strip() or first.rstrip().endswith((".", "!", "?", ",", ":", ";")):
        return None, text
    return one_line(first), f"{blank}\n{rest}"
