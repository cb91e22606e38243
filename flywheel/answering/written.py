"""What a writer hands over: the text, the sources it cites, and what it quoted.

Source numbers count from 1 in the order in which the text first uses them, whatever numbers the writer worked with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flywheel.model import Citation, Hit

MARK = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Quote:
    """A unit as it stands in the answer, and the passage it stands in."""

    text: str
    passage_id: str


@dataclass(frozen=True, slots=True)
class Written:
    """A written answer. `quotes` is empty when a language model put it into its own words.

    `confidence` is the writer's own probability that it is right, where it knows better than the decision before it;
    `pictures` are ids of pictures to show with it.
    """

    text: str
    writer: str
    citations: tuple[Citation, ...]
    quotes: tuple[Quote, ...] = ()
    notes: tuple[str, ...] = ()
    confidence: float | None = None
    pictures: tuple[str, ...] = ()


def cite(text: str, sources: Sequence[Hit]) -> tuple[str, tuple[Citation, ...]]:
    """Renumber the marks of a text in order of first use, and return it with its citations.

    Mark `[n]` means `sources[n - 1]`; a mark beyond them is removed. Code between fences is left alone.
    """
    order: dict[int, int] = {}

    def renumbered(mark: re.Match[str]) -> str:
        number = int(mark.group(1))
        if not 1 <= number <= len(sources):
            return ""
        return f"[{order.setdefault(number, len(order) + 1)}]"

    pieces = re.split(r"(```.*?```)", text, flags=re.DOTALL)
    text = "".join(piece if at % 2 else MARK.sub(renumbered, piece) for at, piece in enumerate(pieces))
    return text, tuple(citation(n, sources[number - 1]) for number, n in order.items())


def citation(n: int, hit: Hit) -> Citation:
    """Return source number `n` for a hit."""
    return Citation(n, hit.passage_id, hit.external_id, hit.title, hit.url)
