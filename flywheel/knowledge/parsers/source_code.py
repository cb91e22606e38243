"""Read source code as its top-level definitions, with the comments above them and the line each begins at.

Python is cut by its own grammar (`ast`), everything else before lines that look like a definition at the left edge.
The name of what is defined is the heading; a class too long for one passage is cut into its methods.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flywheel.knowledge.blocks import Outline, Parsed, Shape
from flywheel.knowledge.chunks import TARGET, size
from flywheel.knowledge.parsers.encoding import decode
from flywheel.model import Kind

_DEFINITION = re.compile(
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|pub(?:\([a-z]+\))?|inline|"
    r"extern|open|override|sealed|data|unsafe|declare|local)\s+)*"
    r"(?:function\*?|def|fn|func|fun|class|struct|enum|interface|trait|impl|type|module|namespace|object|record|"
    r"message|service|resource|variable|const|let|var|sub|(?i:create\s+(?:or\s+replace\s+)?\w+))\s+"
    r"(?:\([^)]*\)\s*)?[\"'`]?(?P<name>[\w.$:]+)"
)
_C_FUNCTION = re.compile(r"[A-Za-z_][\w\s*&<>:,]*?\b(?P<name>[A-Za-z_]\w*)\s*\([^;]*$")
_SHELL_FUNCTION = re.compile(r"(?P<name>[\w-]+)\s*\(\)\s*\{?")
_SECTION = re.compile(r"\[+(?P<name>[^\[\]]+)\]+\s*$|(?P<key>[\w.-]+):(?:\s|$)")
_COMMENT = re.compile(r"\s*(?://|/?\*|#(?!include|define|if|endif)|--|;|@)")
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines `first` to `last` (from 0, `last` excluded) and what they define."""

    first: int
    last: int
    name: tuple[str, ...] = ()


def parse(content: bytes, name: str) -> Parsed:
    """Return one code block per top-level definition; a Python file that does not parse is cut like any other."""
    text = decode(content)
    lines = text.split("\n")
    tree = _tree(text) if name.endswith((".py", ".pyi")) else None
    parts = _python(tree, lines) if tree else _others(lines)
    outline = Outline()
    for part in parts:
        for level, heading in enumerate(part.name or ("",), 1):
            outline.heading(level, heading)
        body = lines[part.first : part.last]
        skipped = next((number for number, line in enumerate(body) if line.strip()), 0)
        outline.add("\n".join(body).strip("\n").rstrip(), Shape.CODE, part.first + skipped + 1, Kind.CODE)
    return outline.parsed(name)


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def _python(tree: ast.Module, lines: Sequence[str]) -> Iterator[_Part]:
    yield from _nodes(tree.body, lines, 0, len(lines), ())


def _nodes(
    body: Sequence[ast.stmt], lines: Sequence[str], begin: int, end: int, path: tuple[str, ...]
) -> Iterator[_Part]:
    at = begin
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        first = _with_comments(lines, min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1, at)
        last = node.end_lineno or node.lineno
        if first > at:
            yield _Part(at, first, path)
        name = (*path, node.name)
        if isinstance(node, ast.ClassDef) and size("\n".join(lines[first:last])) > TARGET:
            yield from _nodes(node.body, lines, first, last, name)
        else:
            yield _Part(first, last, name)
        at = last
    if at < end:
        yield _Part(at, end, path)


def _with_comments(lines: Sequence[str], first: int, floor: int) -> int:
    while first > floor and _COMMENT.match(lines[first - 1]):
        first -= 1
    return first


def _others(lines: Sequence[str]) -> Iterator[_Part]:
    at, name = 0, ()
    found: tuple[str, ...]
    for number, line in enumerate(lines):
        found = _defined(line)
        if not found:
            continue
        first = _with_comments(lines, number, at)
        if first > at:
            yield _Part(at, first, name)
        at, name = first, found  # type: ignore[assignment]
    yield _Part(at, len(lines), name)


def _defined(line: str) -> tuple[str, ...]:
    """Return the name that a line at the left edge begins to define."""
    if not line or line[0].isspace() or len(line) > _LONGEST_LINE:
        return ()
    for pattern in (_DEFINITION, _SHELL_FUNCTION, _SECTION, _C_FUNCTION):
        match = pattern.match(line)
        if match:
            return (next(one for one in match.groups() if one).strip(),)
    return ()
