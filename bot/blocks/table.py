"""Tables in an answer's text (lines between bars, the second one a rule) as Slack's own tables.

A table holds 100 rows of 20 columns and 10,000 characters, and a message one table (docs.slack.dev, table block). What
does not fit is said. A server that does not know the block refuses the message; it goes with the table as text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from bot.blocks.limits import RICH_TEXT, clip, split_lines
from bot.blocks.message import Block, Message, context, preformatted
from bot.blocks.text import plain

ROWS = 100
"""Rows of a table, the names of its columns among them."""
COLUMNS = 20
CHARACTERS = 9_500

_KIND = "table"
_LONGEST_CELL = 300
_WIDEST_COLUMN = 30
_EMPTY = "–"
_ROW = re.compile(r"\s*\|.*\|\s*")
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_BAR = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"[-+]?[\d.,\s]*\d(?:\s?[%€$£]|\s?[A-Z]{3})?")


def parts(text: str) -> Iterator[tuple[bool, str]]:
    """Cut a text without fences into tables (True) and what stands between them (False)."""
    for is_row, lines in groupby(text.split("\n"), lambda line: bool(_ROW.fullmatch(line))):
        rows = list(lines)
        yield is_row and len(rows) > 2 and bool(_RULE.fullmatch(rows[1])), "\n".join(rows)


def table_blocks(text: str) -> list[Block]:
    """Return a table's text as a table, and a line that says what is missing of it."""
    lines = text.split("\n")
    names = _cells(lines[0])[:COLUMNS]
    rows = [_cells(line)[: len(names)] for line in lines[2:]]
    fitting = list(_fitting([names, *rows], len(names)))
    shown = [[{"type": "raw_text", "text": cell} for cell in row] for row in fitting]
    settings = [{"align": "right" if _is_numeric(column) else "left"} for column in zip(*fitting[1:], strict=True)]
    block: Block = {"type": _KIND, "rows": shown, "column_settings": settings}
    missing = len(rows) + 1 - len(fitting)
    return [block, context(f"and {missing} more row{'s' if missing > 1 else ''}")] if missing else [block]


def written(text: str) -> list[Block]:
    """Return a table's text as aligned text."""
    lines = text.split("\n")
    return _aligned([_cells(line) for line in (lines[0], *lines[2:])])


def has_tables(message: Message) -> bool:
    """Tell whether a message, or a part before it, holds a table of Slack's own."""
    return any(block.get("type") == _KIND for block in message.blocks)


def without_tables(message: Message) -> Message:
    """Return a message whose tables are text."""
    return replace(message, blocks=tuple(shown for block in message.blocks for shown in _as_text(block)))


def _as_text(block: Block) -> list[Block]:
    if block.get("type") != _KIND:
        return [block]
    return _aligned([[str(cell["text"]) for cell in row] for row in block["rows"]])


def _aligned(rows: Sequence[Sequence[str]]) -> list[Block]:
    cut = [[clip(cell, _WIDEST_COLUMN) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in cut if at < len(row)) for at in range(max(map(len, cut)))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in cut]
    return [preformatted(piece) for piece in split_lines("\n".join(lines), RICH_TEXT)[:4]]


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [clip(plain(cell.replace("\\|", "|")), _LONGEST_CELL) or _EMPTY for cell in _BAR.split(inner)]


def _fitting(rows: Sequence[Sequence[str]], width: int) -> Iterator[list[str]]:
    """Yield as many rows as a table holds, each as wide as the first."""
    left = CHARACTERS
    for row in rows[:ROWS]:
        whole = [*row, *[_EMPTY] * (width - len(row))]
        left -= sum(map(len, whole))
        if left < 0:
            return
        yield whole


def _is_numeric(column: Any) -> bool:
    said = [cell for cell in column if cell != _EMPTY]
    return bool(said) and all(_NUMBER.fullmatch(cell) for cell in said)
