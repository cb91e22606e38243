"""What was computed from a table, with the cells it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from flywheel.answering.tables.reading import Reading

SURE, LIKELY, GUESSED, VAGUE = 0.85, 0.7, 0.55, 0.45
"""Confidence where a question names everything, where rows or a list were chosen, where a column was guessed from "who"
or "when", and from "where"."""

_PER_PART = 0.95

Cells = tuple[Sequence[int], Sequence[int]]
"""The rows and the columns that were used, beside those of the conditions."""


@dataclass(frozen=True, slots=True)
class Found:
    """A computed answer. `says` is its sentence up to the values, as in "The total Votes is"; `rows` count from 0.

    `columns` are those whose cells were used. `confidence` is the probability that it is exactly right, in [0, 1].
    """

    says: str
    values: tuple[str, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    confidence: float


def found(reading: Reading, says: str, values: Sequence[str], cells: Cells, sure: float) -> Found:
    """Return what was found; each condition that matched a part of a cell only costs confidence."""
    rows, columns = cells
    used = [*(one.column for one in reading.said), *columns]
    weak = sum(not one.exact for one in reading.said)
    return Found(says, tuple(values), tuple(rows), tuple(dict.fromkeys(used)), sure * _PER_PART**weak)


def subject(reading: Reading) -> str:
    """Return what the conditions say, for "The Votes for … is"."""
    said = [one.shown.removeprefix(f"{reading.sheet.names[one.column]} = ") for one in reading.said]
    return ", ".join(one.shown if text == "yes" else text for one, text in zip(reading.said, said, strict=True))


def of_subject(reading: Reading) -> str:
    """Return " for …", nothing without conditions."""
    return f" for {subject(reading)}" if reading.said else ""
