"""What people read and hear: every message and view, with ordinary and with extreme words in it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.blocks.limits import FALLBACK_TEXT, VIEW_TITLE
from bot.blocks.message import Message
from bot.simulator.blockcheck import Surface, problems
from tests.support.every_block import EXTREME, ORDINARY, Made, everything

SAMPLES = [(text, flag) for text in (ORDINARY, EXTREME) for flag in (False, True)]
PICTOGRAPH = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
FORMATTED = re.compile(r"(?<!\w)([*_~`])(?=\S)[^\n]*?\S\1(?!\w)")
CAPITALISED = re.compile(r"(?<=\w )[A-Z][a-z]+")
NAMES = {"Flywheel", "Slack"}
EMPTY_WORDS = {"ok", "here", "click here", "more", "go", "submit", "link"}


@pytest.fixture(scope="module", params=SAMPLES, ids=["ordinary", "ordinary, set", "extreme", "extreme, set"])
def shown(request: pytest.FixtureRequest) -> list[Made]:
    text, flag = request.param
    return list(everything(text, flag=flag))


@pytest.fixture(scope="module")
def ordinary() -> list[Made]:
    return [made for flag in (False, True) for made in everything(ORDINARY, flag=flag)]


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a message or a view."""
    if isinstance(value, Message):
        value = [*value.blocks, *(block for one in value.before for block in one.blocks)]
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from parts(one)


def labels(made: list[Made]) -> Iterator[tuple[str, str]]:
    """Yield (builder, text) of all headings, titles, buttons and labels."""
    for name, one in made:
        texts = [part.get("text") for part in parts(one) if part.get("type") in ("header", "button")]
        texts += [part.get(key) for part in parts(one) for key in ("title", "submit", "close", "label", "placeholder")]
        yield from ((name, text["text"]) for text in texts if isinstance(text, dict))


def test_every_message_says_the_same_without_blocks(shown: list[Made]) -> None:
    said = {name: one.text for name, one in shown if isinstance(one, Message)}

    assert [name for name, text in said.items() if not 1 < len(text.strip()) <= FALLBACK_TEXT] == []


def test_what_a_notification_says_has_no_markup(ordinary: list[Made]) -> None:
    said = {name: one.text for name, one in ordinary if isinstance(one, Message)}

    assert {name: text for name, text in said.items() if FORMATTED.search(text)} == {}


def test_everything_keeps_slack_s_rules(ordinary: list[Made]) -> None:
    wrong: dict[str, Any] = {}
    for name, one in ordinary:
        surface = Surface.MESSAGE if isinstance(one, Message) else Surface[one["type"].upper()]
        blocks = list(one.blocks) if isinstance(one, Message) else one["blocks"]
        wrong |= {name: found} if (found := list(problems(blocks, surface))) else {}

    assert wrong == {}


def test_no_label_becomes_an_emoji(shown: list[Made]) -> None:
    plain = [(name, part) for name, one in shown for part in parts(one) if part.get("type") == "plain_text"]

    assert [name for name, part in plain if part.get("emoji") is not False] == []


def test_no_label_or_sentence_of_ours_has_a_pictograph(ordinary: list[Made]) -> None:
    texts = {name: str(one) for name, one in ordinary}

    assert {name: found for name, text in texts.items() if (found := PICTOGRAPH.findall(text))} == {}


def test_labels_are_in_sentence_case(ordinary: list[Made]) -> None:
    found = {text for _, text in labels(ordinary) if set(CAPITALISED.findall(text.replace(ORDINARY, ""))) - NAMES}

    assert found == set()


def test_every_picture_is_described(ordinary: list[Made]) -> None:
    pictures = [(name, part) for name, one in ordinary for part in parts(one) if part.get("type") == "image"]

    assert pictures
    assert [name for name, part in pictures if not part.get("alt_text", "").strip()] == []


def test_every_button_says_by_itself_what_it_does(ordinary: list[Made]) -> None:
    buttons = {part["text"]["text"] for _, one in ordinary for part in parts(one) if part.get("type") == "button"}

    assert {text for text in buttons if len(text) < 2 or text.lower().strip(".…") in EMPTY_WORDS} == set()


def test_every_view_has_a_whole_title_and_a_way_out(shown: list[Made]) -> None:
    modals = [(name, one) for name, one in shown if isinstance(one, dict) and one["type"] == "modal"]

    assert [name for name, one in modals if one["title"]["text"].endswith("…") and name != "admin.said_view"] == []
    assert [name for name, one in modals if len(one["title"]["text"]) > VIEW_TITLE or not one["close"]["text"]] == []
