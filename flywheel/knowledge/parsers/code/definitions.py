"""Find the definitions in a syntax tree, and cut a file at them.

    definition   a function, a method, a type, a SQL object: a node with a name
    container    a definition that holds others; it is cut into them, after its head, when it is too long
    wrapper      a node around a definition that belongs to it: decorators, `export`, `template <…>`, a statement
    open         a node that is passed through: the body of a class, `#ifdef`, `extern "C"`

One set of node types serves all grammars, since they name alike what is alike. The comments right above a definition
belong to it. What stands between definitions is a part of its own, so that every row of a file is in one part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from flywheel.knowledge.chunks import TARGET, size
from flywheel.knowledge.code_parts import Part

_CONTAINERS = frozenset({
    "class_definition", "class_declaration", "abstract_class_declaration", "interface_declaration", "internal_module",
    "module", "enum_declaration", "record_declaration", "annotation_type_declaration", "impl_item", "trait_item",
    "mod_item", "class_specifier", "struct_specifier", "union_specifier", "namespace_definition",
})  # fmt: skip
_FUNCTIONS = frozenset({
    "function_definition", "function_declaration", "generator_function_declaration", "method_definition",
    "method_declaration", "constructor_declaration", "compact_constructor_declaration", "function_item",
    "function_signature_item", "struct_item", "enum_item", "union_item", "macro_definition", "type_alias_declaration",
    "type_spec", "type_alias", "type_definition", "enum_specifier", "create_table", "create_view",
    "create_materialized_view", "create_function", "create_procedure", "create_index", "create_trigger", "create_type",
    "create_schema", "alter_table",
})  # fmt: skip
_HOLDERS = frozenset({"variable_declarator", "field_definition", "public_field_definition", "assignment_expression"})
_HELD = frozenset({"arrow_function", "function_expression", "function", "generator_function", "class"})
_WRAPPERS = frozenset({
    "decorated_definition", "export_statement", "template_declaration", "expression_statement", "statement",
    "lexical_declaration", "variable_declaration", "type_declaration", "ambient_declaration", "declaration",
})  # fmt: skip
_OPEN = frozenset({
    "block", "class_body", "interface_body", "enum_body", "enum_body_declarations", "declaration_list",
    "statement_block", "field_declaration_list", "linkage_specification", "preproc_ifdef", "preproc_if",
    "preproc_else", "preproc_elif", "ERROR", "object_type", "annotation_type_body", "if_statement", "else_clause",
    "try_statement", "except_clause",
})  # fmt: skip
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class _Definition:
    node: Node
    first: int
    last: int
    names: tuple[str, ...]


def parts(root: Node, lines: Sequence[str], remark_rows: frozenset[int]) -> Iterator[Part]:
    """Yield the parts of a file in order; `remark_rows` hold nothing but comments or attributes."""
    yield from _Cutting(lines, remark_rows).within(root, Part(0, len(lines)))


class _Cutting:
    def __init__(self, lines: Sequence[str], remark_rows: frozenset[int]) -> None:
        self._lines = lines
        self._remark_rows = remark_rows

    def within(self, node: Node, whole: Part) -> Iterator[Part]:
        at = whole.first
        for found in _definitions(node, 0):
            last = min(found.last, whole.last)
            if last <= at:
                continue  # on the row on which the one before ended
            first = self._with_remarks(max(found.first, at), at)
            if first > at:
                yield Part(at, first, whole.path)
            part = Part(first, last, (*whole.path, *found.names))
            if found.node.type in _CONTAINERS and size("\n".join(self._lines[first:last])) > TARGET:
                yield from self.within(found.node, part)
            else:
                yield part
            at = last
        if at < whole.last:
            yield Part(at, whole.last, whole.path)

    def _with_remarks(self, first: int, floor: int) -> int:
        while first > floor and first - 1 in self._remark_rows:
            first -= 1
        return first


def _definitions(node: Node, depth: int) -> Iterator[_Definition]:
    if depth > _DEEPEST:
        return
    for child in node.named_children:
        names = _names(child)
        if names:
            yield _Definition(child, child.start_point.row, _after(child), names)
        elif child.type in _WRAPPERS:
            inner = list(_definitions(child, depth + 1))
            if len(inner) == 1:
                yield _Definition(inner[0].node, child.start_point.row, _after(child), inner[0].names)
            else:
                yield from inner
        elif child.type in _OPEN:
            yield from _definitions(child, depth + 1)


def _after(node: Node) -> int:
    """Return the row after a node's last."""
    return node.end_point.row + (1 if node.end_point.column else 0)


def _names(node: Node) -> tuple[str, ...]:
    """Return the names that a definition adds to the path; none if it is no definition."""
    if node.type in _HOLDERS:
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        return _split(_declared(node)) if value is not None and value.type in _HELD else ()
    if node.type not in _CONTAINERS and node.type not in _FUNCTIONS:
        return ()
    if node.type.endswith("_specifier") and node.child_by_field_name("body") is None:
        return ()
    return (*_receiver(node), *_split(_declared(node)))


def _declared(node: Node) -> str:
    """Return the name of a definition; that of a C function stands inside its declarators, an impl's is its type."""
    for field in ("name", "property", "left", "type" if node.type == "impl_item" else "declarator"):
        found = node.child_by_field_name(field)
        while found is not None and (inner := found.child_by_field_name("declarator")) is not None:
            found = inner
        if found is not None:
            return _text(found)
    for child in node.named_children:
        if child.type in ("object_reference", "identifier"):
            return _text(child)
    return ""


def _receiver(node: Node) -> tuple[str, ...]:
    """Return the type that a Go method belongs to."""
    receiver = node.child_by_field_name("receiver")
    if receiver is None:
        return ()
    kind = next((one.child_by_field_name("type") for one in receiver.named_children), None)
    return (_text(kind).lstrip("*").split("[")[0],) if kind is not None else ()


def _split(name: str) -> tuple[str, ...]:
    name = name.removeprefix("module.").removeprefix("exports.").split("<")[0].strip("\"'` ")
    return tuple(part for part in name.replace("::", ".").split(".") if part)


def _text(node: Node) -> str:
    return " ".join((node.text or b"").decode("utf-8", "replace").split())
