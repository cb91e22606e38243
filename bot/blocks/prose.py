"""An answer's text as blocks: paragraphs through the gate, fenced code as preformatted text."""

import re

from bot.blocks import limits
from bot.blocks.message import Block, context, preformatted, section
from bot.blocks.text import code, inert

MOST_BLOCKS = 36
"""Blocks that text may fill, so that pictures, sources and buttons always fit into the message."""

_FENCE = re.compile(r"```(?:[\w+#-]{0,20}\n)?(.*?)(?:```|\Z)", re.DOTALL)


def prose(text: str, most: int = MOST_BLOCKS) -> list[Block]:
    """Return at most `most` blocks that show `text`; a cut is said, not hidden."""
    blocks = [block for index, part in enumerate(_FENCE.split(text)) for block in _shown(part, is_code=index % 2 == 1)]
    if len(blocks) <= most:
        return blocks
    return [*blocks[: most - 1], context("… the rest is in the sources.")]


def _shown(part: str, *, is_code: bool) -> list[Block]:
    if not part.strip():
        return []
    if is_code:
        return [preformatted(piece) for piece in limits.split_lines(code(part), limits.RICH_TEXT)]
    return [section(piece) for piece in limits.split(inert(part), limits.SECTION_TEXT)]
