"""Read reStructuredText with docutils; including files and raw output are switched off."""

from collections.abc import Sequence

from docutils import nodes
from docutils.core import publish_doctree

from flywheel.knowledge.blocks import Outline, Parsed, Shape, one_line
from flywheel.knowledge.parsers.encoding import decode
from flywheel.knowledge.parsers.front_matter import moment

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "doctitle_xform": False,
    "input_encoding": "unicode",
    "syntax_highlight": "none",
}
_SKIPPED = (nodes.comment, nodes.substitution_definition, nodes.target, nodes.system_message, nodes.problematic)


def parse(content: bytes, name: str) -> Parsed:
    """Return the blocks of a reStructuredText file; `:date:` and `:owner:` fields at its top are read."""
    text = decode(content)
    tree = publish_doctree(text, source_path=name, settings_overrides=_SETTINGS)
    outline = Outline()
    _Reading(outline, text.split("\n")).children(tree, 1)
    fields = _fields(tree)
    return outline.parsed(outline.first_heading, fields.get("owner"), updated_at=moment(fields.get("date")))


class _Reading:
    def __init__(self, outline: Outline, lines: Sequence[str]) -> None:
        self._outline = outline
        self._lines = lines

    def children(self, node: nodes.Node, level: int) -> None:
        for child in node.children:
            self._node(child, level)

    def _node(self, node: nodes.Node, level: int) -> None:
        match node:
            case nodes.section():
                self._outline.heading(level, node.children[0].astext())
                self._children_after_title(node, level + 1)
            case nodes.bullet_list() | nodes.enumerated_list():
                self._list(node, level)
            case nodes.literal_block() | nodes.doctest_block():
                language = next((one for one in node["classes"] if one != "code"), "")
                self._outline.code(node.astext(), language, self._line_above(node))
            case nodes.table():
                self._table(node)
            case nodes.figure() | nodes.image():
                self._image(node)
            case nodes.definition_list_item() | nodes.field():
                self._outline.add(": ".join(one_line(child.astext()) for child in node.children), line=node.line)
            case nodes.paragraph() | nodes.line_block():
                self._outline.add(one_line(node.astext()), line=node.line)
            case _ if not isinstance(node, _SKIPPED):
                self.children(node, level)

    def _line_above(self, node: nodes.Element) -> int | None:
        """Return the line above a block of code; docutils says only about where it is."""
        code = [line.strip() for line in node.astext().split("\n")]
        for row in range(min(node.line or 0, len(self._lines)) - 1, -1, -1):
            if [line.strip() for line in self._lines[row : row + len(code)]] == code:
                return row
        return None

    def _children_after_title(self, node: nodes.Element, level: int) -> None:
        for child in node.children[1:]:
            self._node(child, level)

    def _list(self, node: nodes.Element, level: int) -> None:
        first = int(node.get("start", 1))
        numbered = isinstance(node, nodes.enumerated_list)
        for number, item in enumerate(node.children, first):
            marker = f"{number}. " if numbered else "- "
            for child in item.children:
                if isinstance(child, nodes.paragraph):
                    self._outline.add(marker + one_line(child.astext()), Shape.ITEM, child.line)
                    marker = "  "
                else:
                    self._node(child, level)

    def _table(self, node: nodes.table) -> None:
        title = " ".join(one_line(one.astext()) for one in node.findall(nodes.title))
        self._outline.add(title)
        rows = list(node.findall(nodes.row))
        heads = sum(isinstance(row.parent, nodes.thead) for row in rows)
        self._outline.table(_spread(rows), node.line, title=title, heads=heads)

    def _image(self, node: nodes.Element) -> None:
        said = [str(image.get("alt", "")) for image in node.findall(nodes.image)]
        said += [one_line(part.astext()) for part in node.findall(nodes.caption)]
        said += [one_line(part.astext()) for part in node.findall(nodes.legend)]
        self._outline.add("\n".join(one for one in said if one), Shape.IMAGE, node.line)


def _spread(rows: list[nodes.row]) -> list[list[str]]:
    """Return the texts of the cells, each repeated where it spans columns or rows."""
    grid: list[dict[int, str]] = [{} for _ in rows]
    for number, row in enumerate(rows):
        at = 0
        for cell in (cell for cell in row.children if isinstance(cell, nodes.entry)):
            while at in grid[number]:
                at += 1
            wide, tall = cell.get("morecols", 0) + 1, cell.get("morerows", 0) + 1
            for below in grid[number : number + tall]:
                below.update(dict.fromkeys(range(at, at + wide), cell.astext()))
            at += wide
    return [[line.get(at, "") for at in range(max(line, default=-1) + 1)] for line in grid]


def _fields(tree: nodes.document) -> dict[str, str]:
    """Return the fields at the top of a document: `:date: 2026-05-04`."""
    found: dict[str, str] = {}
    for field in tree.findall(nodes.field):
        found.setdefault(field.children[0].astext().lower(), field.children[1].astext())
    return found
