"""Lay quoted units out as an answer's text: paragraphs, bulleted lines, fenced code, and a source mark after each."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from flywheel.answering.units import Unit, UnitKind
from flywheel.model import Hit

LONGEST_LEAD = 150
"""Characters; a longer introducing line is left out."""

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
            yield " ".join(f"{unit.text} {mark}" for unit in run)
        elif kind is UnitKind.CODE:
            yield opening + "\n".join(unit.text if introduced else f"{unit.text}\n{mark}" for unit in run)
        else:
            yield opening + "\n".join(f"{shown(unit)} {mark}" for unit in run)


def shown(unit: Unit) -> str:
    """Return a unit as people read it: bullets before items, a table row with the names of its columns."""
    if unit.kind is UnitKind.ITEM:
        return unit.text if unit.text[:1].isdigit() or unit.text[:1] == "(" else f"• {unit.text}"
    if unit.kind is UnitKind.ROW:
        return f"• {_row(unit)}"
    return unit.text


def _row(unit: Unit) -> str:
    if not unit.text.startswith("|"):
        return unit.text
    header, cells = ([cell.strip() for cell in row.strip().strip("|").split("|")] for row in (unit.lead, unit.text))
    if len(header) != len(cells):
        return "; ".join(cells)
    rest = "; ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(header[1:], cells[1:], strict=True) if cell
    )
    return f"{cells[0]} – {rest}" if rest else cells[0]
