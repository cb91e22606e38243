"""Whose turn it is to write, by what was found where."""

import pytest

from flywheel.answering.specialists import in_turn
from flywheel.model import Hit, Kind, Retriever

TEXT, CODE, ROWS, DRAWN, WHO = (
    Retriever.DOCUMENTS,
    Retriever.CODE,
    Retriever.TABLES,
    Retriever.IMAGES,
    Retriever.PEOPLE,
)


def hit(retriever: Retriever, place: int) -> Hit:
    return Hit(f"p{place}", f"d{place}", "e", "t", "text", retriever, 1 / (place + 1), Kind.TEXT)


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        ([TEXT, CODE, DRAWN], []),
        ([CODE, TEXT, DRAWN], [CODE]),
        ([TEXT, ROWS, TEXT], [ROWS]),
        ([TEXT, TEXT, TEXT, ROWS], []),
        ([DRAWN, CODE, ROWS], [DRAWN, CODE, ROWS]),
        ([TEXT, WHO], [WHO]),
        ([], []),
    ],
)
def test_specialists_are_asked_down_to_the_first_text(found: list[Retriever], asked: list[Retriever]) -> None:
    assert in_turn([hit(one, place) for place, one in enumerate(found)]) == asked
