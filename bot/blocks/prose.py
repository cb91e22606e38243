"""An answer's text as blocks: paragraphs through the gate, fenced code as preformatted text, its first table as one."""

import re
from collections.abc import Iterator

from bot.blocks import limits, table
from bot.blocks.message import Block, context, preformatted, section
from bot.blocks.text import code, inert

MOST_BLOCKS = 36
"""Blocks that text may fill, so that pictures, sources and buttons always fit into the message."""

_FENCE = re.compile(r"```(?:[\w+#-]{0,20}\n)?(.*?)(?:```|\Z)", re.DOTALL)


def prose(text: str, most: int = MOST_BLOCKS) -> list[Block]:
    """Return at most `most` blocks that show `text`; a cut is said, not hidden."""
    blocks: list[Block] = []
    for kind, part in _parts(text):
        blocks += _shown(kind, part, may_be_table=not any(block["type"] == "table" for block in blocks))
    if len(blocks) <= most:
        return blocks
    return [*blocks[: most - 1], context("… the rest is in the sources.")]


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text that are not blank: ("code" | "table" | "text", part)."""
    for index, part in enumerate(_FENCE.split(text)):
        if index % 2:
            yield "code", part
        else:
            yield from (("table" if is_table else "text", piece) for is_table, piece in table.parts(part))


def _shown(kind: str, part: str, *, may_be_table: bool) -> list[Block]:
    if not part.strip():
        return []
    if kind == "table":
        return table.table_blocks(part) if may_be_table else table.written(part)
    if kind == "code":
        return [preformatted(piece) for piece in limits.split_lines(code(part), limits.RICH_TEXT)]
    return [section(piece) for piece in limits.split(inert(part), limits.SECTION_TEXT)]
