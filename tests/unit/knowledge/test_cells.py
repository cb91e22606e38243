"""What cells say: numbers, days, units, and what that makes of their column."""

from datetime import date

import pytest

from flywheel.holdings import Column
from flywheel.knowledge.cells import column, day, days, is_total, names, number, numbers, unit


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("12 %", 12.0),
        ("$1.2M", 1_200_000.0),
        ("$5m", 5_000_000.0),
        ("5 m", 5.0),
        ("(300)", -300.0),
        ("−5", -5.0),
        ("1 000", 1000.0),
        ("€ 3,50", 3.5),
        ("3 500,25 €", 3500.25),
        ("1.2 million", 1_200_000.0),
        ("12[1]", 12.0),
        ("1,23,456", 123_456.0),
    ],
)
def test_the_usual_notations_are_numbers(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["2nd", "3–5", "1:30", "1.2.3", "007", "12 Monkeys", "1/2", "~5", "", "-", "=1+1", "1e5", "1" * 40]
)
def test_what_only_looks_like_a_number_is_text(text: str) -> None:
    assert number(text) is None


def test_a_column_tells_what_a_full_stop_means() -> None:
    assert (numbers(["1.234", "5,6"]), numbers(["1.234", "5.6"])) == ([1234.0, 5.6], [1.234, 5.6])


@pytest.mark.parametrize("text", ["2024-01-02", "2 January 2024", "January 2nd, 2024", "02.01.2024", "Tue, 2 Jan 2024"])
def test_the_usual_notations_are_days(text: str) -> None:
    assert day(text) == date(2024, 1, 2)


def test_a_quarter_is_its_first_day() -> None:
    assert day("Q3 2024") == date(2024, 7, 1)


def test_which_of_two_numbers_is_the_month_is_not_guessed() -> None:
    assert day("3/4/2026") is None


def test_a_column_tells_which_of_two_numbers_is_the_month() -> None:
    assert days(["3/4/2026", "13/4/2026"]) == [date(2026, 4, 3), date(2026, 4, 13)]


def test_a_day_that_does_not_exist_is_text() -> None:
    assert day("31 February 2024") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Price (EUR)", "EUR"),
        ("Weight [kg]", "kg"),
        ("Growth %", "%"),
        ("Cost in USD", "USD"),
        ("Revenue (EUR million)", "EUR million"),
        ("Fee (EUR/month)", "EUR/month"),
        ("12 kg", "kg"),
        ("€ 3,50", "€"),
        ("45 %", "%"),
        ("Name (first)", ""),
        ("Population (2020)", ""),
        ("Made in China", ""),
    ],
)
def test_units_stand_in_heads_and_beside_numbers(text: str, expected: str) -> None:
    assert unit(text) == expected


def test_a_column_of_amounts_takes_its_unit_from_its_cells() -> None:
    assert column("Weight", ["12 kg", "3 kg", "n/a"]) == Column("Weight", "number", "kg")


@pytest.mark.parametrize(
    ("name", "said"), [("weight kg", "kg"), ("notice_days", "days"), ("Team A", ""), ("items", "")]
)
def test_the_head_of_a_column_of_numbers_may_end_with_its_unit(name: str, said: str) -> None:
    assert column(name, ["12", "3"]) == Column(name, "number", said)


def test_a_column_in_two_units_is_text() -> None:
    assert column("Weight", ["12 kg", "3 g"]) == Column("Weight")


def test_one_word_among_five_numbers_leaves_a_column_of_numbers() -> None:
    assert column("Pos", ["1", "2", "3", "4", "Ret"]).type == "number"


def test_a_column_of_days_is_one() -> None:
    assert column("Since", ["2024-01-02", "–", "March 2025"]) == Column("Since", "date")


def test_every_column_has_a_name_of_its_own() -> None:
    assert names(["Year", "Year", "", "year"]) == ("Year", "Year 2", "column 3", "year 3")


@pytest.mark.parametrize("cell", ["Total", "Grand total", "Subtotal:", "Average", "Total 2024", "TOTALS"])
def test_rows_that_sum_up_are_known_by_their_first_cell(cell: str) -> None:
    assert is_total(["", cell, "12"])


@pytest.mark.parametrize("cell", ["Total Recall", "Sum 41", "Totalenergies", "12"])
def test_rows_that_only_sound_like_a_total_are_none(cell: str) -> None:
    assert not is_total([cell, "12"])
