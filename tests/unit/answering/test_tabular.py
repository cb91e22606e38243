"""Answers computed from one table without a model, and the questions that get none."""

import pytest

from flywheel.answering.tables.compute import compute
from flywheel.answering.tables.found import Found
from flywheel.answering.tables.sheet import Sheet
from flywheel.answering.tables.shown import of_found
from flywheel.holdings import DataTable
from flywheel.knowledge import cells

ROOMS = """room | office | floor | capacity | video
Gannet | Halifax | 2 | 4 | yes
Plover | Halifax | 2 | 6 | yes
Fundy | Halifax | 1 | 40 | no
Sild | Bergen | 2 | 4 | yes
Skrei | Bergen | 3 | 22 | no"""
CONTRACTS = """Vendor | Owner | Yearly cost (CAD) | Renewal
Fairlead Travel | Grace MacLellan | 9,600 | 2027-04-01
Northlight Fibre | Sanne de Wit | 21,400 | 28 February 2027
Strongroom Inc. | Sanne de Wit | 10,080 | 2027-06-30
Harbour HR | Priya Raman | 18,900 | 2027-03-15
Total | - | 59,980 | -"""
ROUNDS = """Rank | Name | Time
1 | Ada Lund | 1:57.95
2 | Bo Hem | 1:58.10
3 | Cy Orr | 1:59.00"""
CLUBS = """Club | Season | League | League | Cup | Cup
Club | Season | Apps | Goals | Apps | Goals
Stranraer | 2005–06 | 22 | 1 | 3 | 2
Ross County | 2006–07 | 36 | 2 | 3 | 0
Ross County | 2007–08 | 34 | 5 | 1 | 1
Career total | Career total | 92 | 8 | 7 | 3"""


def table(text: str, title: str = "List") -> DataTable:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    named = cells.names(head)
    columns = tuple(cells.column(name, [row[at] for row in rows]) for at, name in enumerate(named))
    return DataTable("t", "d", 0, title, columns, tuple(map(tuple, rows)))


def answer(text: str, question: str, title: str = "List") -> Found | None:
    return compute(table(text, title), question)


def values(text: str, question: str, title: str = "List") -> tuple[str, ...]:
    found = answer(text, question, title)
    return found.values if found else ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many people fit in Fundy?", ("40",)),
        ("Which office is Skrei in?", ("Bergen",)),
        ("Which rooms in Halifax have video?", ("Gannet", "Plover")),
        ("Which rooms hold more than 6 people?", ("Fundy", "Skrei")),
        ("How many rooms are there in Halifax?", ("3",)),
        ("How many rooms with video are in Bergen?", ("1",)),
        ("What is the total capacity in Bergen?", ("26",)),
        ("Which is the largest room in Bergen?", ("Skrei (22)",)),
        ("What is the highest capacity in Halifax?", ("40",)),
    ],
)
def test_rooms_are_looked_up_counted_and_compared(question: str, expected: tuple[str, ...]) -> None:
    assert values(ROOMS, question, "Rooms") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the yearly cost of Northlight Fibre?", ("21,400",)),
        ("Who owns the contract with Strongroom?", ("Sanne de Wit",)),
        ("How many contracts does Sanne de Wit own?", ("2",)),
        ("What is the total yearly cost of all vendors?", ("59,980",)),
        ("What is the average yearly cost?", ("14,995",)),
        ("What are the top 2 vendors by yearly cost?", ("Northlight Fibre (21,400)", "Harbour HR (18,900)")),
        ("Which vendors renew before 2027-04-01?", ("Northlight Fibre", "Harbour HR")),
        ("How much more than Fairlead Travel does Harbour HR cost?", ("9,300",)),
        ("Which vendor has the lowest yearly cost?", ("Fairlead Travel (9,600)",)),
    ],
)
def test_contracts_are_looked_up_added_up_and_ranked(question: str, expected: tuple[str, ...]) -> None:
    assert values(CONTRACTS, question, "Vendor contracts") == expected


@pytest.mark.parametrize(
    "question",
    [
        "What is the yearly cost of Vestnett?",
        "Who approved the contract with Strongroom?",
        "What is the yearly cost of Northlight Fibre and who owns it?",
        "Which vendor has the second highest yearly cost?",
        "Which vendors does Sanne de Wit not own?",
        "Which vendors renew this year?",
        "How many employees does Harbour HR have?",
        "Is Fairlead Travel cheaper than Harbour HR?",
        "What did Northlight Fibre cost in 2021?",
        "What is the owner of the yearly cost?",
    ],
)
def test_a_question_with_a_part_that_nothing_accounts_for_gets_no_answer(question: str) -> None:
    assert values(CONTRACTS, question, "Vendor contracts") == ()


def test_a_row_that_sums_up_others_is_not_counted_again() -> None:
    found = answer(CONTRACTS, "What is the total yearly cost of all vendors?", "Vendor contracts")

    assert found is not None
    assert found.rows == (0, 1, 2, 3)


def test_nothing_is_added_up_where_the_tables_own_total_says_something_else() -> None:
    assert values(CONTRACTS.replace("59,980", "70,000"), "What is the total yearly cost?", "Vendor contracts") == ()


def test_one_value_is_not_chosen_among_several() -> None:
    assert values(ROOMS, "What is the capacity in Halifax?", "Rooms") == ()


def test_equal_firsts_have_no_first() -> None:
    assert values(ROOMS, "Which room has the lowest capacity?", "Rooms") == ()


def test_the_winner_is_the_first_in_rank() -> None:
    assert values(ROUNDS, "Who won the final?", "Final") == ("Ada Lund",)


def test_a_second_head_parts_the_columns_of_the_first() -> None:
    assert values(CLUBS, "How many league goals did he score for Stranraer?", "Career, goals he scored") == ("1",)


def test_a_total_row_never_has_the_most() -> None:
    assert values(CLUBS, "In which season did he have the most league goals?", "Career") == ("2007–08 (5)",)


def test_several_rows_of_numbers_are_added_up() -> None:
    assert values(CLUBS, "How many league apps at Ross County?", "Career") == ("70",)


def test_an_ambiguous_column_gets_no_answer() -> None:
    assert values(CLUBS, "How many goals at Stranraer?", "Career") == ()


def test_numbers_of_several_units_are_not_added_up() -> None:
    mixed = "Item | Weight\nRope | 3 kg\nHook | 200 g\nNet | 2 kg\nBuoy | 9 kg\nFloat | 4 kg"

    assert values(mixed, "What is the total weight?", "Stock") == ()


def test_a_part_of_a_cell_costs_confidence() -> None:
    whole = answer(CONTRACTS, "What is the yearly cost of Harbour HR?", "Vendor contracts")
    part = answer(CONTRACTS, "What is the yearly cost of Northlight?", "Vendor contracts")

    assert whole is not None
    assert part is not None
    assert part.confidence < whole.confidence


def test_what_a_cell_says_becomes_no_mark_and_no_fence() -> None:
    written = table("Item | Remark\nRope | see [2] ```x```\nHook | none", "Stock")
    found = compute(written, "What is the remark for Rope?")

    assert found is not None
    assert "see (2) '''x''' [1]." in of_found(found, Sheet(written))


ROTA = """week_starting | primary | stand_in
2026-11-17 | Ada Lund | Bo Hem
2026-11-24 | Bo Hem | Cy Orr"""
OFFICE = """Name | Took office | Left office
Ada Lund | 7 October 2015 | 2 May 2018
Bo Hem | 2 May 2018 | 9 May 2024
Cy Orr | 9 May 2024 | -"""


@pytest.mark.parametrize("said", ["2026-11-24", "24 November 2026", "November 26, 2026"])
def test_a_day_finds_its_week_however_it_is_written(said: str) -> None:
    assert values(ROTA, f"Who is primary on {said}?", "Rota") == ("Bo Hem",)


def test_a_day_that_the_table_does_not_hold_gets_no_answer() -> None:
    assert values(ROTA, "Who is primary on 2026-12-24?", "Rota") == ()


@pytest.mark.parametrize(
    ("year", "expected"), [("2020", ("Bo Hem",)), ("2025", ("Cy Orr",)), ("2018", ()), ("2012", ())]
)
def test_a_year_finds_the_one_period_around_it(year: str, expected: tuple[str, ...]) -> None:
    assert values(OFFICE, f"Who was in office in {year}?", "Speakers") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much is the contract with Harbour HR?", ("18,900",)),
        ("Which vendor costs the most?", ("Northlight Fibre (21,400)",)),
        ("When does Harbour HR renew?", ("2027-03-15",)),
        ("Who is responsible for Fairlead Travel?", ("Grace MacLellan",)),
    ],
)
def test_a_question_word_asks_for_a_column_of_its_kind(question: str, expected: tuple[str, ...]) -> None:
    assert values(CONTRACTS, question, "Vendor contracts") == expected


@pytest.mark.parametrize("question", ["Which rooms have no video?", "How many rooms don't have video?"])
def test_a_denial_is_not_read_as_its_opposite(question: str) -> None:
    assert values(ROOMS, question, "Rooms") == ()


def test_a_sum_needs_the_name_of_its_column() -> None:
    assert values(ROOMS, "How many people are in Halifax?", "Rooms") == ()


def test_a_column_named_by_a_name_is_not_left_out() -> None:
    bands = "Band | Who | Halifax (CAD) | Bergen (NOK)\nE1 | engineer | 70 | 700\nE2 | senior engineer | 95 | 900"

    assert values(bands, "What is the band of a senior engineer in Halifax?", "Salary bands") == ()
    assert values(bands, "What is the band of a senior engineer?", "Salaries") == ("E2",)
