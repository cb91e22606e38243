"""Two sources that disagree, side by side with their dates, the newer one first.

It is text with source marks like the rest of an answer, so every surface shows it, and a person can open both.
"""

from dataclasses import replace

from flywheel.answering.disagreement import Disagreement
from flywheel.answering.evidence import Evidence
from flywheel.answering.layout import shown
from flywheel.answering.written import Written, citation
from flywheel.model import Citation

OPENING = "These sources disagree:"


def side_by_side(clash: Disagreement, numbers: tuple[int, int]) -> str:
    """Return the two statements, a line each; `numbers` are the source numbers of the newer and the older one."""
    lines = [_line(one, n) for one, n in zip((clash.newer, clash.older), numbers, strict=True)]
    return "\n".join([OPENING, *lines])


def beside(written: Written, clash: Disagreement) -> Written:
    """Return what a language model wrote with the disagreement under it, if it rests on one of the two sources."""
    cited = {one.passage_id for one in written.citations}
    if cited.isdisjoint({clash.newer.hit.passage_id, clash.older.hit.passage_id}):
        return written
    sources = list(written.citations)
    numbers = _number(sources, clash.newer), _number(sources, clash.older)
    text = f"{written.text}\n\n{side_by_side(clash, numbers)}"
    note = f"An older source disagrees ({clash.older.hit.title}); both are shown."
    return replace(written, text=text, citations=tuple(sources), notes=(*written.notes, note))


def _number(sources: list[Citation], side: Evidence) -> int:
    """Return the number under which a side is cited; it is added to the sources where it is not among them."""
    known = next((one.n for one in sources if one.passage_id == side.hit.passage_id), None)
    if known is not None:
        return known
    sources.append(citation(len(sources) + 1, side.hit))
    return len(sources)


def _line(side: Evidence, n: int) -> str:
    date = side.hit.updated_at
    when = f"{date.day} {date:%B %Y}, " if date else ""
    return f"• {when}“{side.hit.title}”: {shown(side.unit).removeprefix('• ')} [{n}]"
