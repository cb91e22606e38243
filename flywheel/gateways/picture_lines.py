"""Put the pieces of writing found in a picture into lines, as a person would read them out.

    piece   some writing and the box it stands in, in pixels from the top left corner
    label   short pieces stacked under each other around one middle, like a room's name above its number of seats
    line    what stands at one height, from left to right: a row of a table, the ticks of an axis

Writing that runs upwards is read on its own, from bottom to top: it names an axis.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SEPARATOR = " · "
"""What stands between pieces of one line that are far apart."""

_UPRIGHT = 1.5  # times as high as wide: writing that runs upwards
_STACKED_GAP = 0.3  # of a letter's height
_SAME_MIDDLE = 0.4  # of a letter's height
_LONGEST_LABEL = 24  # characters of one piece of a label
_WORD_GAP = 0.9  # of a letter's height: pieces closer than that are one text
_SAYS_SOMETHING = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class PieceOfWriting:
    """Some writing and its box in pixels; `top` is less than `bottom`."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    rows: int = 1

    @property
    def height(self) -> float:
        """Return the height of one row of letters, at least 1."""
        return max((self.bottom - self.top) / self.rows, 1.0)

    @property
    def runs_upwards(self) -> bool:
        """Tell whether the writing is turned by a right angle."""
        return len(self.text) > 1 and self.rows == 1 and self.bottom - self.top >= _UPRIGHT * (self.right - self.left)


def lines(pieces: Sequence[PieceOfWriting]) -> list[str]:
    """Return the lines, from top to bottom. Signs without a letter or digit, such as markers of a curve, are left out.

    >>> lines([PieceOfWriting("Total", 0, 0, 40, 12), PieceOfWriting("1,240", 90, 1, 130, 12)])
    ['Total · 1,240']
    """
    telling = [one for one in pieces if _SAYS_SOMETHING.search(one.text)]
    upright = [one for one in telling if one.runs_upwards]
    level = _stacked([one for one in telling if not one.runs_upwards])
    rows = _rows(level)
    columns = _columns(upright)
    return [text for _, text in sorted([*rows, *columns], key=lambda row: row[0])]


def _stacked(pieces: Sequence[PieceOfWriting]) -> list[PieceOfWriting]:
    """Return the pieces with those of one label put together, a label standing where its first row does."""
    made: list[PieceOfWriting] = []
    for piece in sorted(pieces, key=lambda one: one.top):
        place = next((at for at, above in enumerate(made) if _is_under(piece, above)), None)
        if place is None:
            made.append(piece)
        else:
            made[place] = _joined(made[place], piece)
    return made


def _is_under(piece: PieceOfWriting, above: PieceOfWriting) -> bool:
    letter = min(piece.height, above.height)
    gap = piece.top - above.bottom
    middles = abs((piece.left + piece.right) - (above.left + above.right)) / 2
    short = len(piece.text) <= _LONGEST_LABEL and len(above.text) <= _LONGEST_LABEL * above.rows
    near = -letter < gap <= _STACKED_GAP * letter
    return short and near and middles <= _SAME_MIDDLE * letter and max(piece.height, above.height) < 2 * letter


def _joined(above: PieceOfWriting, piece: PieceOfWriting) -> PieceOfWriting:
    return PieceOfWriting(
        f"{above.text} {piece.text}",
        min(above.left, piece.left),
        above.top,
        max(above.right, piece.right),
        piece.bottom,
        above.rows + piece.rows,
    )


def _rows(pieces: Sequence[PieceOfWriting]) -> list[tuple[float, str]]:
    rows: list[list[PieceOfWriting]] = []
    for piece in sorted(pieces, key=_first_middle):
        last = rows[-1][-1] if rows else None
        if last is not None and abs(_first_middle(piece) - _first_middle(last)) < min(piece.height, last.height) / 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [(row[0].top, _read(sorted(row, key=lambda one: one.left))) for row in rows]


def _first_middle(piece: PieceOfWriting) -> float:
    return piece.top + piece.height / 2


def _read(row: Sequence[PieceOfWriting]) -> str:
    text = row[0].text
    for before, piece in pairwise(row):
        near = piece.left - before.right < _WORD_GAP * min(before.height, piece.height)
        text += (" " if near else SEPARATOR) + piece.text
    return text


def _columns(pieces: Sequence[PieceOfWriting]) -> list[tuple[float, str]]:
    columns: list[list[PieceOfWriting]] = []
    for piece in sorted(pieces, key=lambda one: one.left):
        beside = columns[-1][-1] if columns else None
        if beside is not None and piece.left < (beside.left + beside.right) / 2:
            columns[-1].append(piece)
        else:
            columns.append([piece])
    upwards = [sorted(column, key=lambda one: -one.bottom) for column in columns]
    return [(column[-1].top, " ".join(one.text for one in column)) for column in upwards]
