"""Read reStructuredText with docutils; including files and raw output are switched off."""

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
    tree = publish_doctree(decode(content), source_path=name, settings_overrides=_SETTINGS)
    outline = Outline()
    _Reading(outline).children(tree, 1)
    fields = _fields(tree)
    return Parsed(
        tuple(outline.blocks), outline.first_heading, fields.get("owner"), updated_at=moment(fields.get("date"))
    )


class _Reading:
    def __init__(self, outline: Outline) -> None:
        self._outline = outline

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
                self._outline.code(node.astext(), language, node.line)
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
        for title in node.findall(nodes.title):
            self._outline.add(one_line(title.astext()))
        rows = [[cell.astext() for cell in row.children] for row in node.findall(nodes.row)]
        self._outline.table(rows, node.line)

    def _image(self, node: nodes.Element) -> None:
        said = [str(image.get("alt", "")) for image in node.findall(nodes.image)]
        said += [one_line(part.astext()) for part in node.findall(nodes.caption)]
        said += [one_line(part.astext()) for part in node.findall(nodes.legend)]
        self._outline.add("\n".join(one for one in said if one), Shape.IMAGE, node.line)


def _fields(tree: nodes.document) -> dict[str, str]:
    """Return the fields at the top of a document: `:date: 2026-05-04`."""
    found: dict[str, str] = {}
    for field in tree.findall(nodes.field):
        found.setdefault(field.children[0].astext().lower(), field.children[1].astext())
    return found
