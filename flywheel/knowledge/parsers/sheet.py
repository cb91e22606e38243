"""Add a sheet of cells to an outline: its tables, and what stands alone above one as the heading of it."""

from collections.abc import Sequence

from flywheel.knowledge.blocks import Outline
from flywheel.knowledge.regions import Region, regions


def fill(outline: Outline, rows: Sequence[Sequence[str]], level: int) -> None:
    """Add the tables of a sheet, its first row being line 1, under headings of this level and deeper."""
    found = regions(rows)
    above = 0
    for place, region in enumerate(found, 1):
        outline.close(level + above)
        title = _only_value(region)
        if title and place < len(found):
            outline.heading(level + above, title)
            above += 1
            continue
        outline.table(region.rows, line=region.first + 1, level=level + above)
        above = 0


def _only_value(region: Region) -> str:
    """Return what a region says where that is one thing, else nothing."""
    said = {cell for row in region.rows for cell in row if cell}
    return said.pop() if len(said) == 1 else ""
