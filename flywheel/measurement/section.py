"""A section of the report: ready lines, the numbers in them, and the answers that each line counts.

Every part of the report returns one, and every face (Slack, the web page, the terminal) shows them the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, and the ids of the answers that its numbers count, so that a reader can open their threads."""

    text: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`key` names it in JSON; `numbers` is plain JSON with every number in the lines, unrounded."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    numbers: Mapping[str, object] = field(default_factory=dict)
