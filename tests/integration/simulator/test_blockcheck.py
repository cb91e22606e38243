"""Every limit of Block Kit: the last value allowed and the first one refused."""

from typing import Any

import pytest

from bot.simulator.blockcheck import Surface, problems, view_problems

Json = dict[str, Any]


def plain(length: int = 1) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 1) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn()} | more


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "a", "text": plain()} | more


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def buttons(count: int) -> Json:
    return actions(*[button(action_id=f"a{n}") for n in range(count)])


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "x"} | more


def option(number: int = 0, **more: Any) -> Json:
    return {"text": plain(), "value": str(number)} | more


def menu(count: int = 1, kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "action_id": "m", "options": [option(n) for n in range(count)]} | more


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "t"} | more


def field(element: Json | None = None, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element or text_input()} | more


def table(rows: int, columns: int = 1) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns for _ in range(rows)]}


def feedback(**more: Any) -> Json:
    half = {"text": plain(), "value": "v"}
    return {"type": "feedback_buttons", "action_id": "f", "positive_button": half, "negative_button": half} | more


def pie(segments: int, label: int = 1, title: int = 1, value: float = 1) -> Json:
    drawn = {"type": "pie", "segments": [{"label": "x" * label, "value": value}] * segments}
    return {"type": "data_visualization", "title": "x" * title, "chart": drawn}


def bars(series: int, categories: int, *, matching: bool = True) -> Json:
    labels = [f"c{n}" for n in range(categories)]
    points = [{"label": label if matching else "z", "value": 1} for label in labels]
    drawn = {
        "type": "bar",
        "axis_config": {"categories": labels},
        "series": [{"name": f"s{n}", "data": points} for n in range(series)],
    }
    return {"type": "data_visualization", "title": "x", "chart": drawn}


def confirm(**more: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()} | more


FINE = {
    "section text 3000": [section(text=mrkdwn(3000))],
    "section fields 10": [section(fields=[mrkdwn(2000)] * 10)],
    "header 150": [{"type": "header", "text": plain(150)}],
    "context 10": [{"type": "context", "elements": [mrkdwn()] * 10}],
    "context image": [{"type": "context", "elements": [image()]}],
    "actions 25": [buttons(25)],
    "context_actions": [{"type": "context_actions", "elements": [feedback()]}],
    "button value 2000": [actions(button(value="x" * 2000, url="h" * 3000, text=plain(75)))],
    "same action id in two blocks": [buttons(1), buttons(1)],
    "options 100": [actions(menu(100))],
    "overflow 5": [actions(menu(5, "overflow"))],
    "image block": [image(alt_text="x" * 2000)],
    "input": [field(text_input(max_length=3000))],
    "markdown 12000": [{"type": "markdown", "text": "x" * 12000}],
    "table 100 x 20": [table(100, 20)],
    "pie 12": [pie(12, label=20, title=50)],
    "bars 12 x 20": [bars(12, 20)],
    "two charts": [pie(1), pie(1)],
    "50 blocks": [{"type": "divider"}] * 50,
    "confirm": [actions(button(confirm=confirm(title=plain(100), text=mrkdwn(300), confirm=plain(30))))],
    "rich text": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}],
}

REFUSED = {
    "section text 3001": ([section(text=mrkdwn(3001))], "/blocks/0/text/text"),
    "section without anything": ([{"type": "section"}], "/blocks/0"),
    "section field 2001": ([section(fields=[mrkdwn(2001)])], "/blocks/0/fields/0/text"),
    "section fields 11": ([section(fields=[mrkdwn()] * 11)], "/blocks/0/fields"),
    "section with an input": ([section(accessory=text_input())], "/blocks/0/accessory"),
    "header 151": ([{"type": "header", "text": plain(151)}], "/blocks/0/text/text"),
    "mrkdwn in header": ([{"type": "header", "text": mrkdwn()}], "/blocks/0/text/type"),
    "empty text": ([section(text=mrkdwn(0))], "/blocks/0/text/text"),
    "context 11": ([{"type": "context", "elements": [mrkdwn()] * 11}], "/blocks/0/elements"),
    "actions 0": ([actions()], "/blocks/0/elements"),
    "actions 26": ([buttons(26)], "/blocks/0/elements"),
    "duplicate action_id": ([actions(button(), button())], "/blocks/0/elements/1/action_id"),
    "missing action_id": ([actions({"type": "button", "text": plain()})], "/blocks/0/elements/0"),
    "action_id 256": ([actions(button(action_id="x" * 256))], "/blocks/0/elements/0/action_id"),
    "button text 76": ([actions(button(text=plain(76)))], "/blocks/0/elements/0/text/text"),
    "button mrkdwn": ([actions(button(text=mrkdwn()))], "/blocks/0/elements/0/text/type"),
    "button value 2001": ([actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
    "button url 3001": ([actions(button(url="x" * 3001))], "/blocks/0/elements/0/url"),
    "button style": ([actions(button(style="pink"))], "/blocks/0/elements/0/style"),
    "accessibility label 76": (
        [actions(button(accessibility_label="x" * 76))],
        "/blocks/0/elements/0/accessibility_label",
    ),
    "unknown field": ([actions(button(colour="red"))], "/blocks/0/elements/0"),
    "feedback in actions": ([actions(feedback())], "/blocks/0/elements/0"),
    "button in context_actions": ([{"type": "context_actions", "elements": [button()]}], "/blocks/0/elements/0"),
    "context_actions 6": (
        [{"type": "context_actions", "elements": [feedback(action_id=str(n)) for n in range(6)]}],
        "/blocks/0/elements",
    ),
    "option text 76": (
        [actions(menu(0, options=[option(text=plain(76))]))],
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "option value 151": (
        [actions(menu(0, options=[option(value="x" * 151)]))],
        "/blocks/0/elements/0/options/0/value",
    ),
    "options 101": ([actions(menu(101))], "/blocks/0/elements/0/options"),
    "overflow 6": ([actions(menu(6, "overflow"))], "/blocks/0/elements/0/options"),
    "initial option from elsewhere": (
        [actions(menu(1, initial_option=option(9)))],
        "/blocks/0/elements/0/initial_option",
    ),
    "placeholder 151": ([actions(menu(1, placeholder=plain(151)))], "/blocks/0/elements/0/placeholder/text"),
    "confirm title 101": (
        [actions(button(confirm=confirm(title=plain(101))))],
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "confirm text 301": ([actions(button(confirm=confirm(text=plain(301))))], "/blocks/0/elements/0/confirm/text/text"),
    "confirm button 31": ([actions(button(confirm=confirm(deny=plain(31))))], "/blocks/0/elements/0/confirm/deny/text"),
    "image without source": ([{"type": "image", "alt_text": "x"}], "/blocks/0"),
    "image without alt text": ([{"type": "image", "image_url": "https://example.com"}], "/blocks/0"),
    "image url 3001": ([image(image_url="x" * 3001)], "/blocks/0/image_url"),
    "image alt 2001": ([image(alt_text="x" * 2001)], "/blocks/0/alt_text"),
    "input label 2001": ([field(label=plain(2001))], "/blocks/0/label/text"),
    "input hint 2001": ([field(hint=plain(2001))], "/blocks/0/hint/text"),
    "input max_length 3001": ([field(text_input(max_length=3001))], "/blocks/0/element/max_length"),
    "input with a button": ([field(button())], "/blocks/0/element"),
    "markdown sum 12001": (
        [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6001}],
        "/blocks",
    ),
    "table rows 101": ([table(101)], "/blocks/0/rows"),
    "table columns 21": ([table(1, 21)], "/blocks/0/rows/0"),
    "two tables": ([table(1), table(1)], "/blocks"),
    "chart title 51": ([pie(1, title=51)], "/blocks/0/title"),
    "pie 13": ([pie(13)], "/blocks/0/chart/segments"),
    "pie label 21": ([pie(1, label=21)], "/blocks/0/chart/segments/0/label"),
    "pie zero": ([pie(1, value=0)], "/blocks/0/chart/segments/0/value"),
    "series 13": ([bars(13, 1)], "/blocks/0/chart/series"),
    "categories 21": ([bars(1, 21)], "/blocks/0/chart/axis_config/categories"),
    "labels that match nothing": ([bars(1, 2, matching=False)], "/blocks/0/chart/series/0/data"),
    "three charts": ([pie(1)] * 3, "/blocks"),
    "block_id 256": ([section(block_id="x" * 256)], "/blocks/0/block_id"),
    "duplicate block_id": ([section(block_id="b"), section(block_id="b")], "/blocks/1/block_id"),
    "51 blocks": ([{"type": "divider"}] * 51, "/blocks"),
    "unknown block": ([{"type": "nonsense"}], "/blocks/0/type"),
    "null block": ([None], "/blocks/0/type"),
    "alert in a message": ([{"type": "alert", "text": plain()}], "/blocks/0/type"),
    "card body 201": ([{"type": "card", "body": mrkdwn(201)}], "/blocks/0/body/text"),
    "carousel 11": (
        [{"type": "carousel", "elements": [{"type": "card", "title": plain()}] * 11}],
        "/blocks/0/elements",
    ),
    "container 11": ([{"type": "container", "child_blocks": [{"type": "divider"}] * 11}], "/blocks/0/child_blocks"),
}


def view(**more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": [field()]} | more


REFUSED_VIEWS = {
    "title 25": (view(title=plain(25)), "/title/text"),
    "submit 25": (view(submit=plain(25)), "/submit/text"),
    "close 25": (view(close=plain(25)), "/close/text"),
    "private_metadata 3001": (view(private_metadata="x" * 3001), "/private_metadata"),
    "callback_id 256": (view(callback_id="x" * 256), "/callback_id"),
    "external_id 256": (view(external_id="x" * 256), "/external_id"),
    "input without submit": ({"type": "modal", "title": plain(), "blocks": [field()]}, ""),
    "no title": ({"type": "modal", "submit": plain(), "blocks": [field()]}, ""),
    "no blocks": (view(blocks=[]), ""),
    "unknown type": (view(type="workflow"), "/type"),
    "101 blocks": (view(blocks=[{"type": "divider"}] * 101), "/blocks"),
    "markdown in a modal": (view(blocks=[{"type": "markdown", "text": "x"}]), "/blocks/0/type"),
    "context_actions in a modal": (
        view(blocks=[{"type": "context_actions", "elements": [feedback()]}]),
        "/blocks/0/type",
    ),
    "two focused": (view(blocks=[field(text_input(focus_on_load=True))] * 2), "/blocks/1"),
}


@pytest.mark.parametrize("blocks", FINE.values(), ids=FINE.keys())
def test_what_slack_allows_passes(blocks: list[Any]) -> None:
    assert problems(blocks, Surface.MESSAGE) == []


@pytest.mark.parametrize(("blocks", "pointer"), REFUSED.values(), ids=REFUSED.keys())
def test_what_slack_refuses_is_found_at_its_place(blocks: list[Any], pointer: str) -> None:
    assert [problem.pointer for problem in problems(blocks, Surface.MESSAGE)] == [pointer]


@pytest.mark.parametrize(("given", "pointer"), REFUSED_VIEWS.values(), ids=REFUSED_VIEWS.keys())
def test_a_view_slack_refuses_is_found_at_its_place(given: Json, pointer: str) -> None:
    assert [problem.pointer for problem in view_problems(given)] == [pointer]


def test_a_view_slack_allows_passes() -> None:
    assert view_problems(view(title=plain(24), private_metadata="x" * 3000)) == []


def test_home_takes_a_hundred_blocks() -> None:
    assert view_problems({"type": "home", "blocks": [{"type": "divider"}] * 100}) == []


def test_blocks_that_are_no_list_are_refused() -> None:
    assert [problem.code for problem in problems({"type": "divider"}, Surface.MESSAGE)] == ["invalid_type"]
