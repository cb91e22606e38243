"""Long answers become several messages, tables become Slack's own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.answer import Standing, answer_message
from bot.blocks.message import Message
from bot.blocks.pages import pages
from bot.blocks.prose import prose
from bot.blocks.table import table_blocks, without_tables
from bot.simulator.blockcheck import Surface, problems
from flywheel.model import Answer
from tests.parts import MOMENT

TABLE = "| Plan | Price |\n|---|---|\n| Basic | 10 |\n| Large | 1,200 |"


def answer(text: str) -> Answer:
    return Answer("a1", "q1", text, abstained=False, confidence=0.9, writer="test", answered_at=MOMENT)


def cells(block: dict[str, Any]) -> list[list[str]]:
    return [[cell["text"] for cell in row] for row in block["rows"]]


def test_a_short_text_is_one_page() -> None:
    assert pages("One.\n\nTwo.") == ["One.\n\nTwo."]


def test_a_long_text_is_cut_between_paragraphs() -> None:
    assert pages("a" * 30 + "\n\n" + "b" * 30, 40) == ["a" * 30, "b" * 30]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    assert pages("The first sentence is here. The second one follows it.", 40)[0] == "The first sentence is here."


def test_code_that_fits_on_a_page_is_not_cut() -> None:
    code = "```sh\n" + "line\n" * 6 + "```"

    assert code in pages(f"{'word ' * 10}\n\n{code}", 60)


def test_code_that_fits_nowhere_goes_on_in_another_block() -> None:
    assert all(page.startswith("```sh\n") and page.endswith("```") for page in pages(f"```sh\n{'line ' * 30}\n```", 60))


def test_two_tables_stand_on_two_pages() -> None:
    assert pages(f"{TABLE}\n\n{TABLE}") == [TABLE, TABLE]


def test_what_is_left_out_of_an_endless_text_is_said() -> None:
    assert "the rest is in the sources" in pages("word " * 400, 60)[-1]


@given(st.text(alphabet="ab .\n|`-", max_size=400), st.integers(min_value=40, max_value=90))
def test_no_word_is_lost_between_pages(text: str, longest: int) -> None:
    kept = "".join(pages(text, longest))

    if len(pages(text, longest)) < 6:
        assert kept.count("a") + kept.count("b") == text.count("a") + text.count("b")


def test_only_the_last_part_of_a_long_answer_has_buttons() -> None:
    shown = answer_message(answer("\n\n".join(["A sentence of some length. " * 60] * 9)), Standing())

    assert len(shown.before) == 2
    assert {block["type"] for part in shown.before for block in part.blocks} == {"section"}
    assert any(block["type"] == "actions" for block in shown.blocks)


def test_a_table_is_shown_as_one() -> None:
    [block] = prose(TABLE)

    assert cells(block) == [["Plan", "Price"], ["Basic", "10"], ["Large", "1,200"]]


def test_numbers_stand_to_the_right() -> None:
    assert [one["align"] for one in table_blocks(TABLE)[0]["column_settings"]] == ["left", "right"]


@pytest.mark.parametrize("rows", [1, 99, 219])
def test_slack_takes_every_table(rows: int) -> None:
    text = "| a | b |\n|---|---|" + "\n| x | 1 |" * rows

    assert list(problems(table_blocks(text), Surface.MESSAGE)) == []


def test_rows_that_do_not_fit_are_counted() -> None:
    text = "| a | b |\n|---|---|" + "\n| x | 1 |" * 219

    assert table_blocks(text)[1]["elements"][0]["text"] == "and 120 more rows"


def test_a_row_that_is_too_short_is_filled() -> None:
    assert cells(table_blocks("| a | b |\n|---|---|\n| x |")[0])[1] == ["x", "–"]


def test_nothing_in_a_table_becomes_live() -> None:
    [block] = prose("| a | b |\n|---|---|\n| <@U1> | x |")

    assert {cell["type"] for row in block["rows"] for cell in row} == {"raw_text"}


def test_a_second_table_in_one_text_is_aligned_text() -> None:
    assert [block["type"] for block in prose(f"{TABLE}\n\nand\n\n{TABLE}")] == ["table", "section", "rich_text"]


def test_a_table_that_slack_refuses_becomes_text() -> None:
    plainer = without_tables(Message("t", tuple(prose(TABLE))))

    assert "Basic  10" in str(plainer.blocks)


def test_bars_in_code_are_no_table() -> None:
    assert [block["type"] for block in prose(f"```\n{TABLE}\n```")] == ["rich_text"]
