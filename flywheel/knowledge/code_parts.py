"""A part of a source file: a definition, or what stands between two, as rows, with the names that lead to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

LONGEST = 2_400
"""Characters of a passage of code; what is defined in more is cut."""

MOST_ROWS = 60
"""Rows of a passage of code."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows `first` to `last` (from 0, `last` excluded) and the names of what they define, the outermost first."""

    first: int
    last: int
    path: tuple[str, ...] = ()


def fits(lines: Sequence[str], first: int, last: int) -> bool:
    """Tell whether rows make one passage."""
    return last - first <= MOST_ROWS and sum(len(line) + 1 for line in lines[first:last]) <= LONGEST


def trimmed(part: Part, lines: Sequence[str]) -> Part | None:
    """Return a part without the empty rows at its ends; None if all are empty."""
    rows = [row for row in range(part.first, part.last) if lines[row].strip()]
    return replace(part, first=rows[0], last=rows[-1] + 1) if rows else None


def cut(part: Part, lines: Sequence[str]) -> Iterator[Part]:
    """Yield a part as parts that fit, cut where the code is least indented, after an empty row if there is one."""
    first = part.first
    while not fits(lines, first, part.last) and part.last - first > 1:
        end = first + 1
        while fits(lines, first, end + 1):
            end += 1
        middle = first + (end - first) // 2
        at = min(range(max(middle, first + 1), end + 1), key=lambda row: _seam(lines, row))
        yield replace(part, first=first, last=at)
        first = at
    yield replace(part, first=first)


def _seam(lines: Sequence[str], row: int) -> tuple[int, bool, int]:
    """Return how bad it is to cut before a row; of equals the last is the best."""
    line = lines[row]
    indent = len(line) - len(line.lstrip()) if line.strip() else LONGEST
    closes = line.lstrip()[:1] in ("}", ")", "]")
    return (indent + 4 * closes, bool(lines[row - 1].strip()), -row)
