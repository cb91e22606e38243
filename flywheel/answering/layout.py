"""Lay quoted units out as an answer's text: paragraphs, bulleted lines, fenced code, each with its source mark.

Sentences of one source share the mark at their end, and the items of an introduced list the mark of its introducing
line. Numbers before items stay only where the list is shown from its first item on; "2." without "1." says nothing.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from flywheel.answering.units import Unit, UnitKind
from flywheel.model import Hit

LONGEST_LEAD = 240
"""Characters; a longer introducing line is left out."""

_ID = re.compile(r"[UW](?=[A-Z]*\d)[A-Z0-9]{3,}")
_ID_FIELD = re.compile(rf"; [\w -]{{1,40}}: {_ID.pattern}(?=;|$)")
_NUMBER = re.compile(r"^\(?(\d{1,3}|[a-z])[.)]\s+")

Chosen = tuple[Hit, Unit]
"""A unit to quote, and the passage it stands in."""


def laid_out(chosen: Sequence[Chosen], sources: Sequence[Hit]) -> str:
    """Lay the units out by source, in their author's order; every unit is followed by its mark."""
    number = {hit.passage_id: n for n, hit in enumerate(sources, 1)}
    ordered = sorted(chosen, key=lambda one: (number[one[0].passage_id], one[1].place))
    paragraphs: list[str] = []
    for passage_id, group in groupby(ordered, key=lambda one: one[0].passage_id):
        paragraphs.extend(_paragraphs([unit for _, unit in group], f"[{number[passage_id]}]"))
    return "\n\n".join(paragraphs)


def _paragraphs(quoted: Sequence[Unit], mark: str) -> Iterable[str]:
    for (kind, lead), group in groupby(quoted, key=lambda unit: (unit.kind, unit.lead)):
        run = list(group)
        introduced = lead.endswith(":") and len(lead) <= LONGEST_LEAD
        opening = f"{lead} {mark}\n" if introduced else ""
        if kind is UnitKind.SENTENCE:
            yield f"{' '.join(unit.text for unit in run)} {mark}"
        elif kind is UnitKind.CODE:
            yield opening + "\n".join(unit.text if introduced else f"{unit.text}\n{mark}" for unit in run)
        else:
            yield opening + "\n".join(line if introduced else f"{line} {mark}" for line in _lines(run))


def _lines(run: Sequence[Unit]) -> list[str]:
    """Return list items or rows as lines; numbers become bullets where the list does not run on from its beginning."""
    numbers = [found.group(1) if (found := _NUMBER.match(unit.text)) else "" for unit in run]
    if numbers == [str(n) for n in range(1, len(run) + 1)]:
        return [shown(unit) for unit in run]
    return [f"• {_NUMBER.sub('', unit.text)}" if unit.kind is UnitKind.ITEM else shown(unit) for unit in run]


def shown(unit: Unit) -> str:
    """Return a unit as people read it: bullets before items, a table row with the names of its columns."""
    if unit.kind is UnitKind.ITEM:
        return unit.text if _NUMBER.match(unit.text) else f"• {unit.text}"
    if unit.kind is UnitKind.ROW:
        return f"• {_row(unit)}"
    return unit.text


def _row(unit: Unit) -> str:
    """Return a row with the names of its columns, without the cells that hold nothing but a person's id."""
    if not unit.text.startswith("|"):
        return _ID_FIELD.sub("", unit.text)
    header, cells = ([cell.strip() for cell in row.strip().strip("|").split("|")] for row in (unit.lead, unit.text))
    if len(header) != len(cells):
        return "; ".join(cells)
    named = [(name, cell) for name, cell in zip(header[1:], cells[1:], strict=True) if cell and not _ID.fullmatch(cell)]
    rest = "; ".join(f"{name}: {cell}" if name else cell for name, cell in named)
    return f"{cells[0]} – {rest}" if rest else cells[0]
