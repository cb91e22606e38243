"""Cut a document's blocks into pieces of about one idea; the store's passages are made of them.

    size    the larger of a text's words and a sixth of its characters; code has few words and many tokens
    piece   up to TARGET in size, all under one heading, never a broken sentence, list item or table row

MiniLM reads 256 tokens, so what lies beyond would be found by its words only. A table stays by itself but
for a short text beside it, an image always; text and code flow together, because a command needs the sentence above
it. Only what is longer than TARGET by itself
is cut: sentences at spaces, code between lines, rows between cells.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from flywheel.knowledge.blocks import Block, Shape
from flywheel.knowledge.runbook import code_in
from flywheel.model import Kind

TARGET = 200
"""The size up to which blocks are put together."""

WHOLE_RECORD = 320
"""A record of a list whose text is no longer than this stays one passage."""

_CHARACTERS_PER_WORD = 6
_SHORT = TARGET // 5
_STRETCH = 1.2
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]?\s+(?=[^\sa-z])|(?<=[。！？])")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|approx|Dr|Mr|Mrs|Ms|Prof|St|No|Fig|Inc|Ltd|[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage that has no identity yet."""

    text: str
    kind: Kind = Kind.TEXT
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    line: int | None = None
    search_text: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


def size(text: str) -> int:
    """Return how much of a passage the text fills, in words."""
    return max(len(text.split()), len(text) // _CHARACTERS_PER_WORD)


def pieces(blocks: Iterable[Block]) -> Iterator[Piece]:
    """Yield the pieces of a document in order."""
    for _, group in groupby(blocks, key=lambda block: (block.heading_path, block.page)):
        section = list(group)
        runs = [run for _, alike in groupby(section, key=_thing) for run in _runs(list(alike))]
        yield from (_piece(run) for run in [*_explain_tables(runs), *([one] for one in code_in(section))])


def _runs(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return blocks of the same thing as the pieces that they make; source code comes cut to measure."""
    if _is_source_code(blocks[0]):
        return [[block] for block in blocks]
    return _even_out(_pack([part for block in blocks for part in _fit(block)]))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; an abbreviation or an initial does not end one."""
    found: list[str] = []
    for part in _split_keeping_quotes(text):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def _split_keeping_quotes(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end() - len(match.group()) + len(match.group().rstrip())
        parts.append(text[start:end].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _thing(block: Block) -> tuple[object, ...]:
    """Return what sets blocks of one section apart: the table they belong to, or the image that they are."""
    alone = id(block) if block.shape is Shape.IMAGE else None
    table = block.table if block.shape is Shape.ROW else None
    return (table, alone, _is_source_code(block))


def _is_source_code(block: Block) -> bool:
    return block.kind is Kind.CODE and block.search_text is not None


def _fit(block: Block) -> list[Block]:
    if size(block.text) <= TARGET:
        return [block]
    if block.shape is Shape.CODE:
        return _fit_code(block)
    parts = block.text.split("; ") if block.shape is Shape.ROW else sentences(block.text)
    joint = "; " if block.shape is Shape.ROW else " "
    return [replace(block, text=text) for text in _join(_shorten(parts), joint)]


def _fit_code(block: Block) -> list[Block]:
    lines = block.text.split("\n")
    fence = lines[0] if lines[0].startswith("```") else None
    body = lines[1:-1] if fence else lines
    first = (block.line or 1) + (1 if fence else 0)
    parts: list[Block] = []
    taken = 0
    for text in _join(_shorten(body), "\n"):
        at = None if block.line is None else first + taken
        taken += text.count("\n") + 1
        if text.strip():
            parts.append(replace(block, text=f"{fence}\n{text}\n```" if fence else text, line=at))
    return parts


def _shorten(parts: Sequence[str]) -> Iterator[str]:
    """Cut at spaces, and where there are none anywhere, what is too long for a passage by itself."""
    for part in parts:
        if size(part) <= TARGET:
            yield part
            continue
        words = part.split()
        for start in range(0, len(words), TARGET):
            yield from _words_that_fit(words[start : start + TARGET])


def _words_that_fit(words: Sequence[str]) -> list[str]:
    """Return up to TARGET words as texts that fit, one where they are of common length."""
    text = " ".join(words)
    if size(text) <= TARGET:
        return [text]
    step = TARGET * _CHARACTERS_PER_WORD // 2
    parts = (word[at : at + step] for word in words for at in range(0, len(word), step))
    return _join(parts, " ", lambda part: len(part) // _CHARACTERS_PER_WORD + 1)


def _join(parts: Iterable[str], joint: str, measure: Callable[[str], int] = size) -> list[str]:
    """Put parts together up to TARGET; sizes add up, so a piece is never measured twice."""
    joined: list[list[str]] = []
    filled = 0
    for part in parts:
        more = measure(part)
        if not joined or filled + more > TARGET:
            joined.append([])
            filled = 0
        joined[-1].append(part)
        filled += more
    return [joint.join(group) for group in joined]


def _pack(blocks: Sequence[Block]) -> list[list[Block]]:
    runs: list[list[Block]] = []
    filled = 0
    for block in blocks:
        more = size(block.text)
        if not runs or filled + more > TARGET:
            runs.append([])
            filled = 0
        runs[-1].append(block)
        filled += more
    return runs


def _even_out(runs: list[list[Block]]) -> list[list[Block]]:
    """Give a short last run to the one before it, where that stays close to the target."""
    if len(runs) < 2:
        return runs
    last, before = (sum(size(block.text) for block in run) for run in (runs[-1], runs[-2]))
    if last <= _SHORT and last + before <= TARGET * _STRETCH:
        return [*runs[:-2], runs[-2] + runs[-1]]
    return runs


def _explain_tables(runs: list[list[Block]]) -> list[list[Block]]:
    """Put a short paragraph beside a table into its piece: it is what introduces the table or adds to it."""
    joined: list[list[Block]] = []
    for run in runs:
        if joined and _explains(joined[-1], run):
            joined[-1] = joined[-1] + run
        else:
            joined.append(run)
    return joined


def _explains(before: list[Block], after: list[Block]) -> bool:
    """Tell whether one of two neighbours is a table, the other a short text, and both fit into a piece."""
    sizes = [sum(size(block.text) for block in run) for run in (before, after)]
    is_table = [any(block.kind is Kind.TABLE for block in run) for run in (before, after)]
    is_text = [all(block.shape is Shape.PARAGRAPH for block in run) for run in (before, after)]
    if sum(sizes) > TARGET:
        return False
    return (is_table[0] and is_text[1] and sizes[1] <= _SHORT) or (is_text[0] and is_table[1] and sizes[0] <= _SHORT)


def _piece(run: Sequence[Block]) -> Piece:
    text = run[0].text
    for before, block in pairwise(run):
        text += ("\n\n" if Shape.PARAGRAPH in (before.shape, block.shape) else "\n") + block.text
    kinds = {block.kind for block in run}
    kind = Kind.TABLE if Kind.TABLE in kinds else kinds.pop() if len(kinds) == 1 else Kind.TEXT
    first = run[0]
    detail = {name: value for block in reversed(run) for name, value in block.detail.items()}
    return Piece(text, kind, first.heading_path, first.page, first.line, _search_text(run), detail)


def _search_text(run: Sequence[Block]) -> str | None:
    """Return what is searched in a piece's place, where any of its blocks has something of the kind."""
    if all(block.search_text is None for block in run):
        return None
    return "\n".join(block.text if block.search_text is None else block.search_text for block in run)
