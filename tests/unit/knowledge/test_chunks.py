"""Blocks become pieces: how they are put together, and where they are cut."""

from flywheel.knowledge.blocks import Block, Outline, Shape
from flywheel.knowledge.chunks import TARGET, pieces, sentences, size
from flywheel.model import Kind


def test_short_neighbours_under_one_heading_become_one_piece() -> None:
    blocks = [Block("Leave is 25 days.", heading_path=("Leave",)), Block("Ask early.", heading_path=("Leave",))]

    assert [piece.text for piece in pieces(blocks)] == ["Leave is 25 days.\n\nAsk early."]


def test_a_piece_never_crosses_a_heading() -> None:
    blocks = [Block("One.", heading_path=("A",)), Block("Two.", heading_path=("B",))]

    assert [(piece.heading_path, piece.text) for piece in pieces(blocks)] == [(("A",), "One."), (("B",), "Two.")]


def test_a_piece_never_crosses_a_page() -> None:
    assert [piece.page for piece in pieces([Block("One.", page=1), Block("Two.", page=2)])] == [1, 2]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "The pump stops when the water is above the red mark."
    cut = list(pieces([Block(" ".join([sentence] * 60))]))

    assert len(cut) > 1
    assert all(size(piece.text) <= TARGET for piece in cut)
    assert {part for piece in cut for part in sentences(piece.text)} == {sentence}


def test_a_huge_line_without_spaces_is_cut_by_length() -> None:
    cut = list(pieces([Block("x" * 100_000)]))

    assert max(size(piece.text) for piece in cut) <= TARGET
    assert "".join(piece.text.replace(" ", "") for piece in cut) == "x" * 100_000


def test_list_items_are_never_broken() -> None:
    items = [Block(f"- item {number} " + "word " * 30, Shape.ITEM) for number in range(20)]
    lines = [line for piece in pieces(items) for line in piece.text.split("\n")]

    assert all(line.startswith("- item") for line in lines)
    assert len(lines) == 20


def texts(outline: Outline) -> list[str]:
    """Return the passages of text; code stands in passages of its own besides."""
    return [piece.text for piece in pieces(outline.blocks) if piece.kind is Kind.TEXT]


def test_a_code_block_that_fits_is_whole() -> None:
    outline = Outline()
    outline.add("Word " * 190)
    outline.code("first\n\nsecond", "sh")

    assert texts(outline)[-1].endswith("```sh\nfirst\n\nsecond\n```")


def test_a_long_code_block_is_cut_between_lines_and_keeps_its_fences() -> None:
    outline = Outline()
    outline.code("\n".join(f"call number {number} with this" for number in range(100)), "sh")
    cut = texts(outline)

    assert len(cut) > 1
    assert all(text.startswith("```sh\ncall number") and text.endswith("this\n```") for text in cut)


def test_a_part_of_cut_source_code_knows_its_line() -> None:
    code = Block("\n".join(f"line {number}" for number in range(1, 301)), Shape.CODE, Kind.CODE, line=1)

    assert [piece.text.split("\n")[0] for piece in pieces([code])] == [f"line {piece.line}" for piece in pieces([code])]


def test_every_row_of_a_cut_table_carries_its_header() -> None:
    outline = Outline()
    outline.table([["Room", "Seats"], *[[f"Room number {number}", str(number)] for number in range(90)]])
    cut = list(pieces(outline.blocks))

    assert len(cut) > 1
    assert all(line.startswith("Room: Room number") for piece in cut for line in piece.text.split("\n"))


def test_a_short_sentence_beside_a_table_goes_with_it() -> None:
    outline = Outline()
    outline.add("Rooms of the office:")
    outline.table([["Room", "Seats"], ["Heron", "8"]])

    (piece,) = pieces(outline.blocks)
    assert (piece.kind, piece.text) == (Kind.TABLE, "Rooms of the office:\n\nRoom: Heron; Seats: 8")


def test_an_image_is_a_piece_of_its_own() -> None:
    blocks = [Block("Before."), Block("A map of floor 2", Shape.IMAGE, Kind.IMAGE), Block("After.")]

    assert [piece.kind for piece in pieces(blocks)] == [Kind.TEXT, Kind.IMAGE, Kind.TEXT]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert sentences("Ask Dr. Lind, e.g. Monday. Then wait.") == ["Ask Dr. Lind, e.g. Monday.", "Then wait."]
