"""Cut code without a grammar before the lines at its left edge that look like a definition or a section."""

import re
from collections.abc import Iterator, Sequence

from flywheel.knowledge.code_parts import Part

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
_REMARK = re.compile(r"\s*(?://|/?\*|#(?!include|define|if|endif)|--|;|@|\"\"\")")
_LONGEST_LINE = 400


def parts(lines: Sequence[str]) -> Iterator[Part]:
    """Yield the parts of a file in order."""
    at = 0
    path: tuple[str, ...] = ()
    for row, line in enumerate(lines):
        name = _defined(line)
        if not name:
            continue
        first = row
        while first > at and is_remark(lines[first - 1]):
            first -= 1
        if first > at:
            yield Part(at, first, path)
        at, path = first, (name,)
    yield Part(at, len(lines), path)


def is_remark(line: str) -> bool:
    """Tell whether a line is a comment or an attribute, as far as its first marks show."""
    return _REMARK.match(line) is not None


def _defined(line: str) -> str:
    """Return the name that a line at the left edge begins to define, else nothing."""
    if not line or line[0].isspace() or len(line) > _LONGEST_LINE:
        return ""
    for pattern in (_DEFINITION, _SHELL_FUNCTION, _SECTION, _C_FUNCTION):
        match = pattern.match(line)
        if match:
            return next(one for one in match.groups() if one).strip()
    return ""
