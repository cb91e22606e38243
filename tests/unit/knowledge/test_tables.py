"""The tables of a document: whole, typed, tied to their passages, each with a card that is found."""

from flywheel.holdings import Column
from flywheel.knowledge import blocks
from flywheel.knowledge.blocks import Outline
from flywheel.knowledge.chunks import Piece, pieces
from flywheel.knowledge.tables import Tabled, record_pieces, record_table, tabled
from flywheel.model import Kind

HEAD = ["Room", "Seats", "Since"]


def of(outline: Outline, name: str = "") -> Tabled:
    return tabled("d1", "Offices", list(pieces(outline.blocks)), outline.grids, name)


def rooms(count: int) -> Outline:
    outline = Outline()
    outline.add("Every room of the harbour office.")
    outline.table([HEAD, *[[f"Room number {n}", str(n), f"20{n % 20 + 10}-01-02"] for n in range(1, count + 1)]])
    return outline


def test_columns_have_types_and_units() -> None:
    outline = Outline()
    outline.table([["Item", "Weight", "Price (EUR)"], ["Pen", "12 g", "1,50"], ["Ink", "90 g", "7,00"]])

    assert of(outline).tables[0].columns == (
        Column("Item"),
        Column("Weight", "number", "g"),
        Column("Price (EUR)", "number", "EUR"),
    )


def test_a_total_in_another_unit_does_not_change_a_column() -> None:
    outline = Outline()
    outline.table([["Item", "Weight"], ["Pen", "12 g"], ["Ink", "90 g"], ["Total", "0.102 kg"]])

    assert of(outline).tables[0].columns[1] == Column("Weight", "number", "g")


def test_a_small_table_is_its_own_card() -> None:
    made = of(rooms(2))

    assert [piece.detail for piece in made.pieces] == [{"table": made.tables[0].id, "card": "1"}]


def test_a_long_table_has_a_card_before_its_rows() -> None:
    made = of(rooms(90))

    assert [("card" in piece.detail, piece.detail.get("table")) for piece in made.pieces[1:3]] == [
        (True, made.tables[0].id),
        (False, made.tables[0].id),
    ]


def test_people_read_title_columns_size_and_first_rows_of_a_card() -> None:
    card = of(rooms(90)).pieces[1]

    assert card.text.startswith("Offices (90 rows): Room, Seats, Since\n\nRoom: Room number 1; Seats: 1; Since: 2011")


def test_a_card_is_found_by_context_values_ranges_and_file_name() -> None:
    searched = of(rooms(90), "harbour plan").pieces[1].search_text or ""

    assert all(
        said in searched
        for said in ("Every room of the harbour office.", "Seats 1 to 90", "Room number 77", "harbour plan")
    )


def test_names_written_as_one_word_are_found_by_their_parts() -> None:
    outline = Outline()
    outline.table([["unit_price", "stockLevel"], *[["1", "2"]] * 300])

    assert "unit price stock level" in (of(outline).pieces[0].search_text or "")


def test_a_table_too_large_is_not_kept_and_says_so() -> None:
    made = of(rooms(blocks.MOST_ROWS + 1))

    assert (made.tables, "too large to compute" in made.pieces[1].text) == ((), True)
    assert not any("table" in piece.detail for piece in made.pieces)


def test_a_lone_row_is_no_table() -> None:
    outline = Outline()
    outline.table([["only", "one row"]])

    assert of(outline) == Tabled((Piece("only; one row", Kind.TABLE),), ())


def test_a_record_is_found_by_rows_that_its_text_leaves_out() -> None:
    rows = [["Year", "Award"], ["2013", "Drama Desk"], ["2014", "Tony"]]
    table = record_table("d1", "Awards", rows)
    assert table

    made = list(record_pieces(table, "Year | Award", [Piece("Year | Award", Kind.TABLE)]))

    assert made == [
        Piece(
            "Year | Award",
            Kind.TABLE,
            search_text="Year | Award\n2013 | 2014 | Drama Desk | Tony",
            detail={"table": table.id, "card": "1"},
        )
    ]


def test_rows_of_a_record_are_made_as_wide_as_the_widest() -> None:
    table = record_table("d1", "T", [["a"], ["1", "2"]])

    assert table
    assert ([column.name for column in table.columns], table.rows) == (["a", "column 2"], (("1", "2"),))
