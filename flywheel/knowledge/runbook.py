"""Find the commands and other code inside texts: fenced blocks, and lines that begin with `$ `.

Such code stays in its passage of text, because a command needs the sentence above it. Here it becomes a passage of its
own besides, found by that sentence, by the command, and by what its utilities do, and answered with its lines.
"""

import re
from collections.abc import Iterator, Sequence

from flywheel.knowledge.blocks import Block, Shape
from flywheel.knowledge.code_parts import Part, cut
from flywheel.knowledge.commands import utilities
from flywheel.knowledge.telling import is_shell, remarks_of, telling, telling_command
from flywheel.model import Kind

_FENCED = re.compile(r"```(?P<language>[^\n`]*)\n(?P<body>.*)\n```", re.DOTALL)
_NO_CODE = frozenset(
    {"text", "txt", "plain", "plaintext", "output", "log", "logs", "none", "mermaid", "md", "markdown"}
)
_ALIASES = {"py": "python", "js": "javascript", "ts": "typescript", "c++": "cpp", "rb": "ruby", "yml": "yaml"}
_PROMPT = re.compile(r"^[ \t]*(?:\$|>>>) \S", re.MULTILINE)
_CODE_LINE = re.compile(
    r"^[ \t]*(?:def |class |import |from \S+ import |function |const |let |var |public |private |#include|"
    r"package |func |fn |(?i:select |insert into |update \w+ set |delete from |create |alter |with \w+ as ))|"
    r"[;{}][ \t]*$|^[ \t]*[\w.]+\(.*\)$",
    re.MULTILINE,
)
_LONGEST_BEFORE = 300
_MARKER = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")


def code_in(section: Sequence[Block]) -> Iterator[Block]:
    """Yield the code of a section's texts as blocks of code, in order."""
    for place, block in enumerate(section):
        if block.kind is not Kind.TEXT:
            continue
        fenced = _FENCED.fullmatch(block.text) if block.shape is Shape.CODE else None
        language = fenced["language"].lower() if fenced else "console"
        if fenced and _is_code(language, fenced["body"]):
            first = None if block.line is None else block.line + 1
            yield from _blocks(
                block, _ALIASES.get(language, language), fenced["body"], (first, _before(section, place))
            )
        elif fenced is None and _PROMPT.match(block.text):
            yield from _blocks(block, language, block.text.strip(), (block.line, _before(section, place)))


def _blocks(block: Block, language: str, code: str, place: tuple[int | None, str]) -> Iterator[Block]:
    line, before = place
    lines = code.split("\n")
    for part in cut(Part(0, len(lines)), lines):
        text = "\n".join(lines[part.first : part.last])
        if not text.strip():
            continue
        detail = {"language": language or "sh", "symbol": ""}
        if line is not None:
            detail["last_line"] = str(line + part.last - 1)
        if before:
            detail["about"] = before
        first = None if line is None else line + part.first
        searched = _searched(language, text, before)
        yield Block(text, Shape.CODE, Kind.CODE, block.heading_path, block.page, first, 0, searched, detail)


def _searched(language: str, code: str, before: str) -> str:
    if is_shell(language):
        return telling_command(before, code)
    return "\n".join(part for part in (before, telling((), remarks_of(code, language), code, code)) if part)


def _is_code(language: str, body: str) -> bool:
    if _PROMPT.search(body):
        return True
    if language:
        return language not in _NO_CODE
    return bool(utilities(body)) or _CODE_LINE.search(body) is not None


def _before(section: Sequence[Block], place: int) -> str:
    """Return the last sentence before the code: of the nearest text above it, other code left out."""
    for block in reversed(section[:place]):
        if block.kind is not Kind.TEXT or block.shape is Shape.IMAGE:
            return ""
        if block.shape is not Shape.CODE and not _PROMPT.match(block.text):
            return _last_sentence(_MARKER.sub("", " ".join(block.text.split())))
    return ""


def _last_sentence(text: str) -> str:
    found = re.split(r"(?<=[.!?])\s+(?=\S)", text)
    return found[-1][-_LONGEST_BEFORE:]
