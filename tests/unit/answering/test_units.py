"""Cutting passages into quotable units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flywheel.answering.units import UnitKind, code_units, plain, row_units, sentences, squeezed, units


@pytest.mark.parametrize(
    "text",
    [
        "It costs 2.5 kg of e.g. sand per hour.",
        "See https://a.example/b.c?d=1 for more.",
        "Dr. Who wrote No. 5 for J. Smith.",
        "Call at 9 a.m. on Monday.",
    ],
)
def test_a_sentence_is_not_cut_inside(text: str) -> None:
    assert sentences(text) == [text]


def test_sentences_end_before_a_capital_or_a_digit() -> None:
    assert sentences("Stop. Go! 3 left. Really? Yes") == ["Stop.", "Go!", "3 left.", "Really?", "Yes"]


def test_a_list_keeps_the_line_that_introduces_it() -> None:
    found = units("To connect:\n\n- Install it.\n- Start it,\n  twice.")

    assert [unit.text for unit in found] == ["To connect:", "Install it.", "Start it, twice."]
    assert {unit.lead for unit in found[1:]} == {"To connect:"}
    assert len({unit.group for unit in found[1:]}) == 1


def test_a_list_written_in_one_line_is_a_list() -> None:
    found = units("Others include: - Your spouse, - Your child (well-known), - Any other.")

    assert [unit.kind for unit in found] == [UnitKind.SENTENCE, UnitKind.ITEM, UnitKind.ITEM, UnitKind.ITEM]


def test_a_code_block_is_one_unit_with_its_lead() -> None:
    code = units("Run this:\n\n```bash\ntide deploy\n\ntide check\n```\nDone.")[1]

    assert (code.kind, code.lead) == (UnitKind.CODE, "Run this:")
    assert code.text == "```bash\ntide deploy\n\ntide check\n```"


def test_a_markdown_table_is_cut_into_rows_that_know_their_header() -> None:
    found = units("| What | Limit |\n| --- | --- |\n| Meals | CAD 75 |\n| Hotel | CAD 190 |")

    assert [unit.text for unit in found] == ["| Meals | CAD 75 |", "| Hotel | CAD 190 |"]
    assert found[0].lead == "| What | Limit |"


def test_a_table_passage_is_cut_into_its_lines() -> None:
    assert [unit.text for unit in row_units("Room: Osprey; Seats: 14\nRoom: Plover; Seats: 6")] == [
        "Room: Osprey; Seats: 14",
        "Room: Plover; Seats: 6",
    ]


def test_long_source_code_is_cut_at_blank_lines_only() -> None:
    function = "def f():\n" + "    x = 1\n" * 40
    assert [squeezed(unit.text) for unit in code_units(f"{function}\n{function}")] == [
        squeezed(f"```\n{function.rstrip()}\n```")
    ] * 2


def test_headings_are_not_quoted() -> None:
    assert [unit.text for unit in units("# Leave\n\nEverybody has 25 days.")] == ["Everybody has 25 days."]


def test_plain_text_has_no_links_emphasis_or_marks_of_its_own() -> None:
    assert plain("See **the** [page](a.md) and *that* note [3].") == "See the page and that note (3)."


def test_plain_text_leaves_code_alone() -> None:
    assert plain("```\na[0] = **b\n```") == "```\na[0] = **b\n```"


@given(st.text(alphabet="aB .!?:-*|`\n1[]()", max_size=200))
def test_every_unit_stands_word_for_word_in_its_passage(text: str) -> None:
    whole = squeezed(plain(text).replace("```", " "))
    for unit in units(text):
        assert squeezed(unit.text.replace("```", " ")) in whole
