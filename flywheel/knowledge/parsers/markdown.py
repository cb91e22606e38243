"""Read Markdown (CommonMark with tables): headings, paragraphs, list items, code, tables and images.

An image becomes a block of its own: its alternative text, its title and the caption under it (a paragraph that is
emphasised as a whole). Links keep their words only.
"""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from flywheel.knowledge.blocks import Outline, Parsed, Shape, one_line
from flywheel.knowledge.parsers import front_matter, html
from flywheel.knowledge.parsers.encoding import decode
from flywheel.knowledge.parsers.figures import link


def parse(content: bytes, name: str) -> Parsed:
    """Return the blocks of a Markdown file, and what its front matter says."""
    del name
    front, text = front_matter.split(decode(content))
    outline = Outline()
    fill(outline, text, front.lines)
    title = front.title or outline.first_heading
    return outline.parsed(title, front.owner, front.url, front.updated_at)


def fill(outline: Outline, text: str, lines_before: int = 0) -> None:
    """Add the blocks of a Markdown text to an outline."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    _Reading(outline, lines_before).read(tokens)


class _Reading:
    """Walk the flat list of tokens; `_lists` holds the next number of each open list, 0 for bullets."""

    def __init__(self, outline: Outline, lines_before: int) -> None:
        self._outline = outline
        self._before = lines_before
        self._lists: list[int] = []
        self._marker = ""
        self._rows: list[list[str]] = []
        self._table_line: int | None = None

    def read(self, tokens: Sequence[Token]) -> None:
        for number, token in enumerate(tokens):
            match token.type:
                case "heading_open":
                    self._outline.heading(int(token.tag[1:]), plain(tokens[number + 1]))
                case "inline" if tokens[number - 1].type == "paragraph_open":
                    self._paragraph(token)
                case "fence":
                    self._outline.code(token.content, token.info.split(" ")[0], self._line(token))
                case "code_block" if token.map:
                    self._outline.code(token.content, "", token.map[0] + self._before)  # indented: no line of a fence
                case "html_block":
                    html.fill(self._outline, token.content)
                case _:
                    self._structure(token)

    def _structure(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._lists.append(0)
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._begin_item()
            case "table_open":
                self._rows, self._table_line = [], self._line(token)
            case "tr_open":
                self._rows.append([])
            case "inline":
                self._cell(token)
            case "table_close":
                below_rule = None if self._table_line is None else self._table_line + 1
                self._outline.table(self._rows, below_rule, heads=1)

    def _begin_item(self) -> None:
        number = self._lists[-1]
        self._marker = f"{number}. " if number else "- "
        if number:
            self._lists[-1] += 1

    def _cell(self, token: Token) -> None:
        if self._rows:
            self._rows[-1].append(plain(token))

    def _paragraph(self, token: Token) -> None:
        text, line = plain(token), self._line(token)
        if self._caption(token, text):
            return
        if text:
            indent = "  " * (len(self._lists) - 1)
            shape = Shape.ITEM if self._lists else Shape.PARAGRAPH
            marker = self._marker or ("  " if self._lists else "")
            self._outline.add(f"{indent}{marker}{text}" if self._lists else text, shape, line)
            self._marker = ""
        for child in token.children or ():
            if child.type == "image":
                self._image(child, line)

    def _image(self, child: Token, line: int | None) -> None:
        said = [one_line(child.content), one_line(str(child.attrGet("title") or ""))]
        link(self._outline, "\n".join(one for one in said if one), str(child.attrGet("src") or ""), line)

    def _caption(self, token: Token, text: str) -> bool:
        """Add an emphasised paragraph to the image right above it; tell whether it was one."""
        blocks = self._outline.blocks
        children = [child for child in token.children or () if child.type != "text" or child.content]
        emphasised = len(children) > 1 and children[0].type == "em_open" and children[-1].type == "em_close"
        if not (emphasised and blocks and blocks[-1].shape is Shape.IMAGE):
            return False
        image = blocks.pop()
        link(self._outline, f"{image.text}\n{text}", image.detail.get("image", ""), image.line)
        return True

    def _line(self, token: Token) -> int | None:
        return token.map[0] + 1 + self._before if token.map else None


def plain(token: Token) -> str:
    """Return the words of an inline token, without marks, links and images."""
    parts = []
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "html_inline" if child.content.lower().startswith("<br"):
                parts.append("\n")
    return "\n".join(one_line(line) for line in "".join(parts).split("\n")).strip()
