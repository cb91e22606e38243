"""Collect what a file says in words from its syntax tree: comments, docstrings, messages and the names it calls."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tree_sitter import Node

from flywheel.knowledge.telling import Remarks, is_message, uncommented, unquoted

_ATTRIBUTES = frozenset({"attribute_item", "inner_attribute_item", "attribute_declaration"})
_CALLS = {
    "call": "function", "call_expression": "function", "method_invocation": "name", "macro_invocation": "macro",
    "command": "name", "new_expression": "constructor", "object_creation_expression": "type",
}  # fmt: skip
_LITERALS = frozenset({"literal"})
_LONGEST_CALL = 100  # bytes of the name of what is called


class _What(StrEnum):
    COMMENT = "comment"
    MESSAGE = "message"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class _Remark:
    row: int
    what: _What
    text: str


class FileRemarks:
    """The remarks of a file, by row."""

    def __init__(self, root: Node, lines: Sequence[str]) -> None:
        """Read the whole tree once."""
        self._remarks: list[_Remark] = []
        alone: set[int] = set()
        for node in _nodes(root):
            self._remarks += _remarks(node)
            if _is_comment(node) or node.type in _ATTRIBUTES:
                alone.update(_rows_alone(node, lines))
        self._remarks.sort(key=lambda remark: remark.row)
        self._rows = [remark.row for remark in self._remarks]
        self.rows_alone = frozenset(alone)
        """The rows that hold a comment, a docstring or an attribute and nothing before it."""

    def between(self, first: int, last: int) -> Remarks:
        """Return the remarks that begin in rows `first` to `last`, `last` excluded."""
        found = self._remarks[bisect_left(self._rows, first) : bisect_left(self._rows, last)]
        comments, messages, calls = (tuple(one.text for one in found if one.what is what) for what in _What)
        return Remarks(comments, messages, calls)


def _nodes(root: Node) -> Iterator[Node]:
    """Yield the nodes of a tree from top to bottom; the insides of comments and strings are left out."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is None:
            return
        yield node
        closed = _is_comment(node) or _is_string(node)
        if not closed and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def _is_comment(node: Node) -> bool:
    if node.type.endswith("comment") or node.type == "marginalia":
        return True
    return _is_string(node) and node.parent is not None and _is_docstring(node, node.parent)


def _is_docstring(node: Node, parent: Node) -> bool:
    return node.type == "string" and parent.type == "expression_statement" and parent.named_child_count == 1


def _is_string(node: Node) -> bool:
    return node.is_named and (
        node.type.startswith(("string", "raw_string", "template_string")) or "string_literal" in node.type
    )


def _remarks(node: Node) -> Iterator[_Remark]:
    row = node.start_point.row
    if _is_comment(node):
        text = _text(node)
        said = uncommented(text)
        if said and not text.startswith("#!"):
            yield _Remark(row, _What.COMMENT, said)
    elif _is_string(node) or (node.type in _LITERALS and _text(node)[:1] in ("'", '"')):
        said = unquoted(_text(node))
        if is_message(said):
            yield _Remark(row, _What.MESSAGE, said)
    elif node.type in _CALLS:
        called = node.child_by_field_name(_CALLS[node.type])
        if called is not None and called.end_byte - called.start_byte <= _LONGEST_CALL:
            yield _Remark(row, _What.CALL, _text(called))


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _rows_alone(node: Node, lines: Sequence[str]) -> Iterator[int]:
    first, last = node.start_point.row, node.end_point.row + (1 if node.end_point.column else 0)
    before = lines[first].encode("utf-8", "replace")[: node.start_point.column]
    if not before.strip():
        yield from range(first, max(last, first + 1))
