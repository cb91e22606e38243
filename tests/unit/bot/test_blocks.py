"""Every message keeps Slack's rules, whatever it is made of; the simulator's strict check is the judge."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.abstain import abstain_message
from bot.blocks.answer import Amendment, Standing, answer_message
from bot.blocks.correction import correction_view
from bot.blocks.home import Asked, Mine, help_message, home_view
from bot.blocks.message import Message
from bot.blocks.passage import Source, age, passage_view, withheld_view
from bot.blocks.picture import Shown
from bot.blocks.reason import reason_form, reason_thanks
from bot.blocks.report import report_message
from bot.blocks.review import edit_view, review_message
from bot.simulator.blockcheck import Surface as BlockSurface
from bot.simulator.blockcheck import problems
from flywheel.model import Answer, Citation, Correction, Reason

NOW = datetime(2026, 11, 18, tzinfo=UTC)
CITED = (Citation(1, "p1", "x", "One"),)
ANSWER = Answer("a1", "q1", "Do this. [1]", abstained=False, confidence=0.9, writer="extractive")
CORRECTION = Correction("c1", "a1", "How?", "So.", "U1", NOW)
_NASTY = st.one_of(
    st.text(max_size=200),
    st.sampled_from(["x" * 9_000, "a\n\n" * 3_000, "&<>" * 2_000, "```" + "c" * 8_000, "`" * 50, "\u202e", " "]),
)


def wrong(message: Message) -> list[Any]:
    assert len(message.text) <= 4_000
    assert message.text
    return list(problems(list(message.blocks), BlockSurface.MESSAGE))


@settings(max_examples=120)
@given(_NASTY, st.lists(_NASTY, max_size=30), st.booleans())
def test_any_answer_is_a_valid_message(text: str, titles: list[str], amended: bool) -> None:
    cited = tuple(Citation(n, f"p{n}", "x", title) for n, title in enumerate(titles, 1))
    amendment = Amendment(text, "U1", "U2") if amended else None

    assert (
        wrong(answer_message(replace(ANSWER, text=text, citations=cited), Standing(3, 1, NOW.date(), amendment))) == []
    )


@settings(max_examples=60)
@given(_NASTY)
def test_any_text_makes_valid_messages_and_views(text: str) -> None:
    correction = replace(CORRECTION, text=text or "-", question=text, source=text)
    source = Source(text, text, heading_path=(text,), url=text, owner=text, updated_at=NOW)
    report = {"title": text, "figures": [{"name": text, "value": text, "note": text}] * 12, "notes": [text]}

    assert wrong(abstain_message(replace(ANSWER, text=text, abstained=True), Standing())) == []
    assert wrong(review_message(correction, text)) == []
    assert wrong(report_message(report | {"verdicts": [{"learner": text, "outcome": text, "evidence": text}]})) == []
    for view in (correction_view("a1", text), edit_view(correction), passage_view(source, NOW)):
        assert list(problems(view["blocks"], BlockSurface.MODAL)) == []
    assert list(problems(home_view("UBOT", "/ask", Mine([Asked(text, text, text)]))["blocks"], BlockSurface.HOME)) == []


@pytest.mark.parametrize(
    "message", [reason_form("a1"), reason_thanks("a1", Reason.WRONG), help_message("UBOT", "/ask")]
)
def test_fixed_messages_are_valid(message: Message) -> None:
    assert wrong(message) == []


def test_a_source_nobody_may_see_says_nothing_about_itself() -> None:
    assert "not available" in str(withheld_view())


def test_buttons_carry_ids_only() -> None:
    cited = (Citation(1, "p1", "x", "A secret title", "https://example.com"),)
    shown = answer_message(replace(ANSWER, citations=cited), Standing()).blocks
    values = [element["value"] for block in shown for element in block.get("elements", ()) if "value" in element]

    assert values == ["a1#1", "a1", "a1", "a1"]


def test_code_is_shown_as_code() -> None:
    shown = answer_message(replace(ANSWER, text="Run:\n```sh\nls https://x.y\n```"), Standing()).blocks

    assert shown[1]["elements"][0]["elements"][0]["text"] == "ls https://x.y"


@pytest.mark.parametrize("language", ["sql", "python", "c++", "c#", "objective-c", "f90"])
def test_the_language_of_code_is_not_shown_as_code(language: str) -> None:
    assert code_of(f"```{language}\nselect 1\n```") == ["select 1"]


def test_long_code_is_cut_at_ends_of_lines_and_keeps_its_indentation() -> None:
    line = "    return one + another"
    pieces = code_of("```python\n" + f"{line}\n" * 300 + "```")

    assert "\n".join(pieces).splitlines() == [line] * 300
    assert max(map(len, pieces)) <= 3_000


def test_a_message_with_everything_in_it_keeps_its_last_row() -> None:
    answer = replace(ANSWER, text="a\n\n" * 3_000 + "```x```\n\ny\n\n" * 60, citations=CITED, route={"code": 1.0})
    everything = Standing(intro="Asked", pictures=(Shown("F1", "One"),) * 4 + (Shown("", "Two"),))

    shown = answer_message(answer, everything)

    assert shown.blocks[-1]["elements"][0]["action_id"] == "look_in"


def code_of(text: str) -> list[str]:
    shown = answer_message(replace(ANSWER, text=text), Standing()).blocks
    return [block["elements"][0]["elements"][0]["text"] for block in shown if block["type"] == "rich_text"]


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "yesterday"), (5, "5 days ago"), (20, "2 weeks ago"), (800, "2 years ago")]
)
def test_ages_are_words(days: int, words: str) -> None:
    assert age(datetime.fromtimestamp(NOW.timestamp() - days * 86_400, UTC), NOW) == words
