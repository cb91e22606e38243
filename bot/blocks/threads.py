"""The threads behind the numbers of a report: the menu under the report, and the list that it opens.

The list holds what its reader may open: threads in channels that they are in. The others are counted. The block id of
a menu or button is `report_threads:<id of the report>#…`, by which the report is found again.
"""

from collections.abc import Sequence

from bot.blocks import limits
from bot.blocks.message import Block, Message, actions, button, context, modal, note, section
from bot.blocks.text import inert, link, plain
from bot.counted import Counted, Thread, permalink, words_of

THREADS = "report_threads"
PAGE = "report_page"

_OPTIONS = 100
_OPTION_TEXT = 75
_OPTION_VALUE = 75
LISTED = 60
"""Threads that the list shows."""
_A_BLOCK = 10
_LONGEST_QUESTION = 150
_GONE = "This report is no longer there."


def menu(report_id: str, numbers: Sequence[Counted]) -> list[Block]:
    """Return the menu of what counts answers, and the button for the page; nothing without a report to find."""
    if not report_id:
        return []
    options = [_option(one) for one in numbers if len(one.key) <= _OPTION_VALUE][:_OPTIONS]
    chosen: list[Block] = [
        {
            "type": "static_select",
            "action_id": THREADS,
            "placeholder": {"type": "plain_text", "text": "Threads behind a figure", "emoji": False},
            "options": options,
        }
    ]
    page = button("Open as a page", PAGE, report_id)
    return [actions(_block_id(report_id, "menu"), [*(chosen if options else []), page])]


def with_threads(block: Block, report_id: str, number: Counted | None) -> Block:
    """Return a section with the button that opens a number's threads; as it is where there is nothing to open."""
    if not report_id or number is None:
        return block
    opens = button(f"Threads ({len(number.answers)})", THREADS, number.key)
    return block | {"block_id": _block_id(report_id, number.key), "accessory": opens}


def report_of(block_id: str) -> str:
    """Return the id of the report that a menu or button belongs to."""
    return block_id.removeprefix(f"{THREADS}:").rpartition("#")[0]


def threads_view(number: Counted, readable: Sequence[Thread], hidden: int, workspace_url: str) -> Block:
    """Render the list of one number's threads; `hidden` counts those that the reader may not open."""
    placed = [one for one in readable if permalink(workspace_url, one)]
    lines = [_line(one, workspace_url) for one in placed[:LISTED]]
    pieces = [section("\n".join(lines[at : at + _A_BLOCK])) for at in range(0, len(lines), _A_BLOCK)]
    shown = [section(f"*{limits.clip(inert(plain(number.label)), 500)}*"), *pieces]
    rest = _rest(len(placed) - len(lines), hidden, len(readable) - len(placed))
    return modal("Threads", [*shown, *([context(rest)] if rest else [])], callback_id="threads", about="-")


def gone_view() -> Block:
    """Say that there is no such report."""
    return modal("Threads", [section(_GONE)], callback_id="threads", about="-")


def page_message(url: str, minutes: int) -> Message:
    """Hand an administrator the address of the page."""
    opened = link(url, "Open the report as a page")
    return note(f"{opened}. The link is yours alone and opens for {minutes} minutes.")


def _block_id(report_id: str, name: str) -> str:
    return f"{THREADS}:{report_id}#{name}"


def _option(number: Counted) -> Block:
    count = f" ({len(number.answers)})"
    text = limits.clip(plain(number.label), _OPTION_TEXT - len(count)) + count
    return {"text": {"type": "plain_text", "text": text, "emoji": False}, "value": number.key}


def _line(thread: Thread, workspace_url: str) -> str:
    said = limits.clip(inert(words_of(thread)), _LONGEST_QUESTION)
    return f"• {link(permalink(workspace_url, thread) or '', 'Open')}: {said}"


def _rest(more: int, hidden: int, elsewhere: int) -> str:
    said = [
        (more, "more are in the page and the JSON of the report."),
        (hidden, "stand where you are not a member."),
        (elsewhere, "came through the API or were not posted, so no thread shows them."),
    ]
    return "\n".join(f"{count} {what}" for count, what in said if count)
