"""The report as messages: valid for Slack whatever is in it, and every number opens its threads."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.message import Message
from bot.blocks.release import Shown
from bot.blocks.report import details_message, report_message
from bot.blocks.threads import gone_view, threads_view
from bot.counted import Counted, Thread, counted, find, permalink, threads, words_of
from bot.simulator.blockcheck import Surface, problems
from tests.report_content import HOSTILE, PUBLIC_ANSWER, older, weekly
from tests.unit.bot.test_release_block import CANARY

URL = "https://acme.slack.com/"


def wrong(message: Message | None) -> list[Any]:
    assert message is not None
    return list(problems(list(message.blocks), Surface.MESSAGE))


def whole(**changed: Any) -> Message:
    return report_message(weekly(**changed), report_id="2026-W47:t1", pictures={"trend": "F1", "matrix": "F2"})


@pytest.mark.parametrize("content", [weekly(), older(), {"title": "Week"}])
def test_reports_of_all_ages_are_valid_messages(content: dict[str, Any]) -> None:
    assert wrong(report_message(content, report_id="r1")) == []


def test_the_sentence_of_the_week_comes_before_all_figures() -> None:
    assert "Getting better" in str(whole().blocks[1])


def test_the_notification_says_it_too() -> None:
    assert "Getting better" in whole().text


def test_pictures_say_in_words_what_they_show() -> None:
    pictures = [one for one in whole().blocks if one["type"] == "image"]

    assert [one["alt_text"] for one in pictures] == [one["alt"] for one in weekly()["charts"]]


def test_details_have_slack_s_own_charts() -> None:
    details = details_message(weekly())

    assert wrong(details) == []
    assert details is not None
    assert [one["type"] for one in details.blocks].count("data_visualization") == 1


def test_a_report_without_sections_has_no_details() -> None:
    assert details_message(older()) is None


def test_a_full_report_stays_within_fifty_blocks_and_keeps_its_end() -> None:
    many = [{"learner": str(n), "outcome": "held", "short": "s", "release": f"r{n}"} for n in range(20)]
    shown = {f"r{n}": Shown(CANARY, "promote", "U1") for n in range(20)}

    blocks = report_message(weekly(verdicts=many), shown, report_id="r", pictures={"trend": "F1"}).blocks

    assert len(blocks) <= 50
    assert "more: `/ask models`" in str(blocks)
    assert "Contradicted sources" in str(blocks)


@settings(max_examples=60)
@given(st.text(max_size=4_000), st.integers(0, 30))
def test_any_words_make_valid_messages(text: str, lines: int) -> None:
    sections = [{"key": f"k{n}", "title": text, "lines": [{"text": text, "answers": ["a1"]}] * 9} for n in range(lines)]
    todo = [{"title": text, "why": text, "lever": text, "answers": ["a1"], "owner": text}] * 3
    content = weekly(sections=sections, todo=todo, verdict=text)

    assert wrong(report_message(content, report_id="r1")) == []
    assert lines == 0 or wrong(details_message(content)) == []


def test_everything_that_counts_answers_is_in_the_menu() -> None:
    menu = next(one for one in whole().blocks if one.get("block_id", "").endswith("#menu"))
    options = {one["value"] for one in menu["elements"][0]["options"]}

    assert options == {one.key for one in counted(weekly())}


def test_a_thing_to_do_has_a_button_for_its_threads() -> None:
    buttons = [one["accessory"] for one in whole().blocks if "accessory" in one]

    assert [(one["value"], one["text"]["text"]) for one in buttons] == [
        ("todo-1", "Threads (2)"),
        ("todo-2", "Threads (1)"),
    ]


def test_a_key_finds_its_number() -> None:
    assert find(weekly(), "topics-1") == Counted(
        "topics-1", "What people ask about: Parking: 9 questions, 2 of 9 satisfied.", (PUBLIC_ANSWER,)
    )


def test_an_answer_that_the_report_does_not_place_has_no_thread() -> None:
    assert threads(weekly(), ["a-unknown"]) == (Thread("a-unknown"),)


@pytest.mark.parametrize("thread", [Thread("a"), Thread("a", "C1"), Thread("a", None, "1.0")])
def test_no_place_no_link(thread: Thread) -> None:
    assert permalink(URL, thread) is None


def test_a_list_of_hundreds_of_threads_is_a_valid_modal() -> None:
    many = [Thread(f"a{n}", "C1", f"170000{n}.0001", HOSTILE * 9) for n in range(400)]

    view = threads_view(Counted("satisfied", "Satisfied", ()), many, 3, URL)

    assert list(problems(view["blocks"], Surface.MODAL)) == []
    assert "340 more" in str(view)


def test_a_report_that_is_gone_says_so() -> None:
    assert list(problems(gone_view()["blocks"], Surface.MODAL)) == []


def test_what_may_not_be_quoted_is_told_apart_by_its_time() -> None:
    assert words_of(Thread("a", "C1", "1700000000.000200")) == "Asked 2023-11-14 22:13 UTC, not quoted here"


def test_the_menu_says_which_answers_stand_behind_a_share() -> None:
    figures = [{"key": "answered", "name": "Answered", "value": "70 %", "note": "", "answers": ["a1", "a2", "a3"]}]
    menu = report_message(weekly(figures=figures), report_id="r1").blocks

    assert "Answered: 70 %; not answered (3)" in str(menu)
