"""Cut a passage into the units an answer may quote: sentences, list items, code blocks and table rows.

A unit is never less than what its author wrote as one thing, so quoting it cannot change its meaning. Its *lead* is
the line that introduces it ("To connect:"), or a table's header; without its lead an item can mislead.

`plain` is the form in which texts are quoted and compared: Markdown marks for links and emphasis are gone, because
an answer carries text only, and brackets around a bare number are round, because `[1]` is a source mark in an answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from flywheel.model import Kind

_FENCE = re.compile(r"^\s*```[^`]*$")
_FENCED = re.compile(r"(^[ \t]*```[^`\n]*$.*?(?:^[ \t]*```[ \t]*$|\Z))", re.DOTALL | re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*+•‣◦–]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+(?=\S)")
_BULLET = re.compile(r"^\s*[-*+•‣◦–]\s+")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE_ROW = re.compile(r"^[\s|:\-]+$")
_FIELDS = re.compile(r"^[^:;|]{1,60}: [^;]*(?:; [^:;]{1,60}: ?[^;]*)+;?$")
_INLINE_ITEMS = re.compile(r":\s+- (?=\S)|\.\s+[–•] (?=\S)")
_INLINE_ITEM = re.compile(r"(?<=[:\w.,;)])\s+- (?=\S)|(?<=[:.;])\s+[–•] (?=\S)")
_INLINE_DASHES = re.compile(r"(?<=[.;])\s+[–•] (?=\S)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_MARK_LIKE = re.compile(r"\[(\d{1,3})\]")
_SHORT_LINE = 50
_LONGEST_CODE = 500
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|nos|mr|mrs|ms|dr|prof|st|inc|ltd|co|fig|sec|ch|vol|dept|est|min|max|tel|ext"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|a\.m|p\.m|u\.s|u\.k)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9ÆØÅÄÖÜ`#@*]|\s*$)|[。！？]+")


class UnitKind(StrEnum):
    """What a unit is to its author."""

    SENTENCE = "sentence"
    ITEM = "item"
    CODE = "code"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Unit:
    """One quotable piece; `text` is plain, and verbatim in the plain form of its passage up to white space.

    `place` counts units from the passage's beginning; `group` is shared by the items of one list or table.
    """

    kind: UnitKind
    text: str
    place: int = 0
    lead: str = ""
    group: int = -1


def plain(text: str) -> str:
    """Return the text without Markdown's marks for links and emphasis; code blocks stay as they are."""
    return "".join(piece if at % 2 else _plain_prose(piece) for at, piece in enumerate(_FENCED.split(text)))


def units(text: str) -> list[Unit]:
    """Return a passage's units in order."""
    cutter = _Cutter()
    for block in _blocks(plain(text)):
        cutter.cut(block)
    return cutter.found


def sentences(text: str) -> list[str]:
    """Split running text after `.`, `!` or `?` before a capital or digit; not in decimals, URLs or after "e.g."."""
    found, start = [], 0
    for match in _END.finditer(text):
        piece = text[start : match.end()].strip()
        if match.end() < len(text.rstrip()) and _ABBREVIATION.search(piece.rstrip("\"'”’)]")):
            continue
        if piece:
            found.append(piece)
        start = match.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def squeezed(text: str) -> str:
    """Return the text with every run of white space as one space: the form in which quotes are compared."""
    return " ".join(text.split())


def _plain_prose(text: str) -> str:
    text = _LINK.sub(r"\1", text.replace("```", ""))
    text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", text))
    return _MARK_LIKE.sub(r"(\1)", text)


@dataclass(slots=True)
class _Cutter:
    """Collects units block by block; remembers the line that may introduce the next block."""

    found: list[Unit] = field(default_factory=list)
    lead: str = ""
    groups: int = 0

    def cut(self, block: list[str]) -> None:
        if _FENCE.match(block[0]):
            if any(line.strip() for line in block[1:-1]):
                self._add(UnitKind.CODE, "\n".join(block), self.lead)
            self.lead = ""
        elif all(_ROW.match(line) for line in block):
            self._table(block)
        elif _ITEM.match(block[0]):
            self._list(block)
        else:
            self._prose(block)

    def _table(self, rows: list[str]) -> None:
        header, body = rows[0], [row for row in rows[1:] if not _RULE_ROW.match(row)]
        self.groups += 1
        for row in body:
            self._add(UnitKind.ROW, row.strip(), header.strip(), self.groups)
        self.lead = ""

    def _list(self, lines: list[str]) -> None:
        self.groups += 1
        for item in _joined_items(lines):
            self._add(UnitKind.ITEM, item, self.lead, self.groups)
        self.lead = self.found[-1].text if self.found[-1].text.endswith(":") else self.lead

    def _prose(self, lines: list[str]) -> None:
        if all(_FIELDS.match(line.strip()) for line in lines):
            self.groups += 1
            for line in lines:
                self._add(UnitKind.ROW, line.strip(), "", self.groups)
            return
        self.lead = ""
        for text in _paragraphs(lines):
            self._paragraph(text)

    def _paragraph(self, text: str) -> None:
        if _is_heading(text):
            self.lead = _HEADING.sub("", text)
            return
        before, *items = _INLINE_ITEM.split(text) if _INLINE_ITEMS.search(text) else [text]
        pieces = sentences(before)
        for piece in pieces:
            self._add(UnitKind.SENTENCE, piece, "")
        self.lead = pieces[-1] if pieces and pieces[-1].endswith(":") else ""
        self.groups += 1
        for item in items:
            self._add(UnitKind.ITEM, item.strip(), self.lead, self.groups)

    def _add(self, kind: UnitKind, text: str, lead: str, group: int = -1) -> None:
        if text:
            self.found.append(Unit(kind, text, len(self.found), lead, group))


def _blocks(text: str) -> Iterator[list[str]]:
    """Yield runs of lines that belong together: a fenced block, a list, a table, or a paragraph."""
    block: list[str] = []
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            if not fenced and block:
                yield block
                block = []
            block.append(line.strip())
            if fenced:
                yield block
                block = []
            fenced = not fenced
        elif fenced:
            block.append(line)
        elif block and (not line.strip() or _starts_anew(block, line)):
            yield block
            block = [line] if line.strip() else []
        elif line.strip():
            block.append(line)
    if block:
        yield [*block, "```"] if fenced else block


def _starts_anew(block: list[str], line: str) -> bool:
    """Tell whether a line opens another kind of block than the one being read."""
    if _HEADING.match(line) or _HEADING.match(block[-1]):
        return True
    if bool(_ROW.match(line)) != bool(_ROW.match(block[-1])):
        return True
    return bool(_ITEM.match(line)) and not _ITEM.match(block[0])


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Yield the lines joined, but a heading-like line (short, without an end) apart from what follows it."""
    text = ""
    for at, line in enumerate(lines):
        text = f"{text} {line.strip()}".strip()
        following = lines[at + 1].strip() if at + 1 < len(lines) else ""
        if (
            following
            and len(line.strip()) < _SHORT_LINE
            and line.rstrip()[-1] not in ",;-–("
            and following[0].isupper()
        ):
            yield squeezed(text)
            text = ""
    if text:
        yield squeezed(text)


def _is_heading(text: str) -> bool:
    """Tell whether a line only names what follows: marked as a heading, or short with no end, colon or figure."""
    if _HEADING.match(text):
        return True
    return len(text) < _SHORT_LINE and text[-1] not in ".!?:;,…”\"'" and not re.search(r"[:\d`@]", text)


def _joined_items(lines: list[str]) -> list[str]:
    """Return one string per item, its continuation lines included; bullets go, numbers stay."""
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line) or not items:
            items.append(_BULLET.sub("", line).strip())
        else:
            items[-1] = f"{items[-1]} {line.strip()}"
    return [squeezed(part) for item in items for part in _parts_of_item(item)]


def _parts_of_item(item: str) -> list[str]:
    """Return an item, or the items that a reader of PDFs or slides has put into one line ("a. – b. – c.")."""
    return _INLINE_DASHES.split(item)


def units_of(text: str, kind: Kind) -> list[Unit]:
    """Return a passage's units in order, cut as its kind asks for."""
    if kind is Kind.CODE and "```" not in text:
        return code_units(text)
    if kind is Kind.TABLE and "|" not in text:
        return row_units(text)
    return units(text)


def row_units(text: str) -> list[Unit]:
    """Return a table's passage, one row per line, each with the names of its columns."""
    lines = [line.strip() for line in plain(text).splitlines() if line.strip()]
    return [Unit(UnitKind.ROW, line, place, group=1) for place, line in enumerate(lines)]


def code_units(text: str) -> list[Unit]:
    """Return a source file's passage as one unit, or, when it is long, its parts between blank lines; all fenced."""
    whole = text.strip("\n")
    parts = [whole] if len(whole) <= _LONGEST_CODE else [part for part in re.split(r"\n\s*\n", whole) if part.strip()]
    return [Unit(UnitKind.CODE, f"```\n{part}\n```", place) for place, part in enumerate(parts) if "```" not in part]
