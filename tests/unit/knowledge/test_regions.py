"""Tables are found in a grid: set apart by empty rows and columns, with titles above and heads of several rows."""

from flywheel.knowledge.regions import Region, framed, regions


def test_empty_rows_and_columns_set_tables_apart() -> None:
    sheet = [["a", "b", "", "c", "d"], ["1", "2", "", "x", "y"], [], ["name", "role"], ["Ann", "1"]]

    assert [(region.rows[0], region.first) for region in regions(sheet)] == [
        (("a", "b"), 0),
        (("c", "d"), 0),
        (("name", "role"), 3),
    ]


def test_an_empty_row_inside_a_table_does_not_end_it() -> None:
    sheet = [["Region", "Sales"], ["North", "1"], ["", ""], ["South", "2"]]

    assert regions(sheet) == [Region((("Region", "Sales"), ("North", "1"), ("", ""), ("South", "2")))]


def test_an_empty_column_for_looks_is_left_out() -> None:
    assert regions([["a", "", "b"], ["1", "", "2"]]) == [Region((("a", "b"), ("1", "2")))]


def test_a_title_above_the_head_is_no_head() -> None:
    found = framed([["Prices 2026", "", ""], ["Item", "Price", "Stock"], ["Pen", "2", "40"]])

    assert found
    assert (found.titles, found.head, found.first) == (("Prices 2026",), ("Item", "Price", "Stock"), 2)


def test_a_second_column_without_a_name_makes_no_title_of_the_first() -> None:
    found = framed([["Name", ""], ["Alice", "Boss"], ["Bob", "Clerk"]])

    assert found
    assert found.head == ("Name", "")


def test_a_head_of_two_rows_becomes_one() -> None:
    found = framed([["", "Revenue", "", "Cost"], ["Region", "2023", "2024", "2024"], ["North", "1", "2", "3"]])

    assert found
    assert found.head == ("Region", "Revenue 2023", "Revenue 2024", "Cost 2024")


def test_merged_head_cells_name_every_column_that_they_span() -> None:
    found = framed([["Team", "Q1", "Q1"], ["Team", "Won", "Lost"], ["Ops", "1", "2"]])

    assert found
    assert found.head == ("Team", "Q1 Won", "Q1 Lost")


def test_years_may_name_columns() -> None:
    found = framed([["Country", "2023", "2024"], ["A", "1", "2"], ["B", "3", "4"]])

    assert found
    assert found.head == ("Country", "2023", "2024")


def test_a_first_row_of_amounts_is_data() -> None:
    found = framed([["1", "Pen", "3.2"], ["2", "Ink", "4"], ["3", "Pad", "5"]])

    assert found
    assert (found.head, len(found.body)) == (("", "", ""), 3)


def test_the_name_of_a_section_is_said_once() -> None:
    found = framed([["Item", "Price", "Stock"], ["Office", "Office", "Office"], ["Pen", "2", "40"]])

    assert found
    assert found.body[0] == ("Office", "", "")


def test_one_row_is_no_table() -> None:
    assert framed([["a", "b"], ["", ""]]) is None


def test_a_far_away_cell_costs_nothing() -> None:
    sheet: list[list[str]] = [["a", "b"], ["1", "2"], *[[] for _ in range(200_000)], ["x"]]

    assert [region.first for region in regions(sheet)] == [0, 200_002]
