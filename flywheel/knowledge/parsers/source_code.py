"""Read source code as its definitions, each with the comments above it, its lines and what it says in words.

Cut along the syntax tree where there is a grammar (`code/grammars.py`), else before lines that look like a definition.
The names that lead to a definition are its headings. Blocks come out as passages are, with a search text of their own:
whoever cuts further would cut code and search text apart.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from flywheel.knowledge.blocks import Block, Outline, Parsed, Shape
from flywheel.knowledge.code_parts import LONGEST, Part, cut, trimmed
from flywheel.knowledge.parsers.code import definitions, grammars, plain
from flywheel.knowledge.parsers.code.remarks import FileRemarks
from flywheel.knowledge.parsers.encoding import decode
from flywheel.knowledge.telling import Remarks, remarks_of, telling
from flywheel.model import Kind

_ASSIGNED = re.compile(
    r"(?:(?:export|default|public|private|static|final|readonly|local|declare|const|let|var|val)\s+)*"
    r"(?P<name>[^\W\d]\w*)\s*(?::[^=]+)?=(?!=)|#define\s+(?P<macro>\w+)"
)

Saying = Callable[[int, int], Remarks]
"""What the rows from the first to before the last say in words."""


def parse(content: bytes, name: str) -> Parsed:
    """Return one block of code per definition; what stands between two definitions is a block too."""
    text = decode(content)
    lines = text.split("\n")
    language = grammars.language_of(name)
    root = grammars.tree(text, language)
    outline = Outline()
    if root is None:
        alone = frozenset(row for row, line in enumerate(lines) if plain.is_remark(line))
        found, saying = plain.parts(lines), _plainly(lines, language)
    else:
        remarks = FileRemarks(root, lines)
        alone = remarks.rows_alone
        found, saying = definitions.parts(root, lines, alone), remarks.between
    for part in _fitting(found, lines, alone):
        _add(outline, part, lines, language, (saying, alone))
    return outline.parsed(name)


def _plainly(lines: Sequence[str], language: str) -> Saying:
    return lambda first, last: remarks_of("\n".join(lines[first:last]), language)


def _fitting(found: Iterator[Part], lines: Sequence[str], alone: frozenset[int]) -> Iterator[Part]:
    for part in found:
        whole = trimmed(part, lines)
        if whole is None:
            continue
        named = whole if whole.path else replace(whole, path=_only_name(whole, lines, alone))
        yield from (one for piece in cut(named, lines) if (one := trimmed(piece, lines)))


def _only_name(part: Part, lines: Sequence[str], alone: frozenset[int]) -> tuple[str, ...]:
    """Return the name that loose rows assign to, if it is one and they begin with it; a docstring speaks for a file."""
    if lines[part.first].startswith(('"', "'")):
        return ()
    rows = [lines[row] for row in range(part.first, part.last) if row not in alone and lines[row].strip()]
    names = {match.group("name") or match.group("macro") for row in rows if (match := _ASSIGNED.match(row))}
    return tuple(names) if len(names) == 1 and _ASSIGNED.match(rows[0]) else ()


def _add(
    outline: Outline, part: Part, lines: Sequence[str], language: str, said: tuple[Saying, frozenset[int]]
) -> None:
    saying, alone = said
    outline.close(1)
    for level, heading in enumerate(part.path, 1):
        outline.heading(level, heading)
    code = "\n".join(lines[part.first : part.last]).rstrip()
    bare = "\n".join(lines[row] for row in range(part.first, part.last) if row not in alone)
    detail = {"language": language, "symbol": ".".join(part.path), "last_line": str(part.last)}
    searched = telling(part.path, saying(part.first, part.last), code, bare)
    for start in range(0, len(code), LONGEST) if part.last - part.first == 1 else (0,):
        piece = code[start : start + LONGEST] if part.last - part.first == 1 else code
        shown = piece if len(piece) == len(code) else ""
        search_text = searched if shown else piece
        outline.put(Block(piece, Shape.CODE, Kind.CODE, (), None, part.first + 1, 0, search_text, detail))
