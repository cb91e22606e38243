"""A text that is too long for one message, cut where a reader would cut it.

Between paragraphs where possible, else between lines, sentences, words; never within a code block or a table, unless
one alone is too long: code goes on in another block. A page holds one table at most, as a message does.
"""

import re
from collections.abc import Iterator

from bot.blocks.limits import split, split_lines
from bot.blocks.table import parts

PAGE = 8_000
"""Characters of text in a message; Slack refuses somewhat more than 12,000 in all its blocks."""

MOST_PAGES = 6

_FENCE = re.compile(r"(```.*?(?:```|\Z))", re.DOTALL)
_OPENING = re.compile(r"```([\w+#-]{0,20})\n")
_GAP = re.compile(r"\n[ \t]*\n")
_FENCES = 10
"""Characters that the fences around a piece of code take."""
_CUT = "\n\n… the rest is in the sources."


def pages(text: str, longest: int = PAGE) -> list[str]:
    """Return the text in at most `MOST_PAGES` pieces of at most `longest` characters; a cut is said, not hidden."""
    units = list(_units(text))
    if len(text) <= longest and sum(is_table for is_table, _ in units) <= 1:
        return [text]
    found, has_table = [""], False
    for is_table, unit in units:
        for piece in _pieces(unit, longest, is_table=is_table):
            joined = f"{found[-1]}\n\n{piece}" if found[-1] else piece
            if len(joined) > longest or (is_table and has_table):
                found.append(piece)
                has_table = is_table
            else:
                found[-1] = joined
                has_table = has_table or is_table
    kept = [page for page in found if page]
    return kept if len(kept) <= MOST_PAGES else [*kept[: MOST_PAGES - 1], kept[MOST_PAGES - 1] + _CUT]


def _units(text: str) -> Iterator[tuple[bool, str]]:
    """Yield code blocks, tables (True) and paragraphs."""
    for at, part in enumerate(_FENCE.split(text)):
        if at % 2:
            yield False, part
            continue
        for is_table, piece in parts(part):
            if is_table:
                yield True, piece
            else:
                yield from ((False, one.strip("\n")) for one in _GAP.split(piece) if one.strip())


def _pieces(unit: str, longest: int, *, is_table: bool) -> list[str]:
    if is_table or len(unit) <= longest:
        return [unit]
    if not unit.startswith("```"):
        return split(unit, longest)
    opening = _OPENING.match(unit)
    body = (unit[opening.end() :] if opening else unit[3:]).removesuffix("```")
    name = opening.group(1) if opening else ""
    pieces = split_lines(body, longest - _FENCES - len(name))
    return [f"```{name}\n{piece}\n```" for piece in pieces]
