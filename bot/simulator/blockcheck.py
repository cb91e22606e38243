"""What Slack would refuse about blocks and views, as values.

Slack publishes no schema for Block Kit; these are the limits of its reference pages, and the ones its client
libraries overlook: field lengths, mrkdwn in headers, missing and doubled `action_id`s, elements in the wrong
block, sums over a whole message. Pure: blocks in, problems out.
"""

from typing import Any

from bot.simulator.blockproblem import Found, Json, Problem, Surface, children, missing, needed_text, only, string, text
from bot.simulator.blockrules import LONGEST_MARKDOWN, SURFACES, block

__all__ = ["Problem", "Surface", "problems", "view_problems"]

MOST_BLOCKS = {Surface.MESSAGE: 50, Surface.MODAL: 100, Surface.HOME: 100}
_MOST_CHARTS = 2
_LONGEST_PRIVATE_METADATA = 3_000
_VIEW_FIELDS = frozenset({
    "type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "external_id", "clear_on_close",
    "notify_on_close", "submit_disabled",
})  # fmt: skip


def problems(blocks: Any, surface: Surface) -> list[Problem]:
    """Return everything Slack would refuse, with JSON pointers that start at `/blocks`."""
    if not isinstance(blocks, list):
        return [Problem("/blocks", "invalid_type", "must be an array")]
    return list(_problems(blocks, surface))


def view_problems(view: Json) -> list[Problem]:
    """Return everything Slack would refuse about a view, its blocks included."""
    kind = view.get("type")
    if kind not in (Surface.MODAL.value, Surface.HOME.value):
        return [Problem("/type", "invalid_value", "must be one of: home, modal")]
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        return [missing("", "blocks")]
    return [*_frame(view), *problems(blocks, Surface(kind))]


def _frame(view: Json) -> Found:
    modal = view["type"] == "modal"
    yield from (needed_text if modal else text)(view, "title", "", 24, plain=True)
    yield from text(view, "submit", "", 24, plain=True)
    yield from text(view, "close", "", 24, plain=True)
    yield from string(view, "private_metadata", "", _LONGEST_PRIVATE_METADATA)
    yield from string(view, "callback_id", "", 255)
    yield from string(view, "external_id", "", 255)
    yield from only(view, "", _VIEW_FIELDS)
    if modal and not view.get("submit") and any(b.get("type") == "input" for _, b in children(view, "blocks")):
        yield missing("", "submit")


def _problems(blocks: list[Any], surface: Surface) -> Found:
    most = MOST_BLOCKS[surface]
    if len(blocks) > most:
        yield Problem("/blocks", "too_many", f"no more than {most} items allowed")
    entries = children({"blocks": blocks}, "blocks")
    for at, value in entries:
        if surface not in SURFACES.get(str(value.get("type")), ()):
            yield Problem(f"{at}/type", "unsupported_type", f"unsupported type: {value.get('type')}")
        else:
            yield from block(value, at)
    yield from _sums(entries)


def _sums(entries: list[tuple[str, Json]]) -> Found:
    seen: set[str] = set()
    for at, value in entries:
        name = value.get("block_id")
        if name and name in seen:
            yield Problem(f"{at}/block_id", "duplicate", f"`block_id` must be unique: {name}")
        seen.add(str(name))
    kinds = [value.get("type") for _, value in entries]
    if kinds.count("table") > 1:
        yield Problem("/blocks", "too_many", "only one table block is allowed")
    if kinds.count("data_visualization") > _MOST_CHARTS:
        yield Problem("/blocks", "too_many", f"no more than {_MOST_CHARTS} data_visualization blocks are allowed")
    markdown = sum(len(str(value.get("text", ""))) for _, value in entries if value.get("type") == "markdown")
    if markdown > LONGEST_MARKDOWN:
        yield Problem(
            "/blocks", "too_long", f"markdown blocks must be less than {LONGEST_MARKDOWN + 1} characters together"
        )
    focused = [
        at for at, value in entries if isinstance(value.get("element"), dict) and value["element"].get("focus_on_load")
    ]
    if len(focused) > 1:
        yield Problem(focused[1], "duplicate", "only one element can have focus_on_load")
