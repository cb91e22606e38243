"""A message: its blocks, and the text that stands in where blocks are not shown; and the blocks that all share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks import limits
from bot.blocks.text import code, inert, plain

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What to post. `text` has passed the gate. `before` are the parts that go first where one message is too short.

    A fleeting one repeats what people said to others: once it is sent, its words are not kept.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    before: tuple["Message", ...] = ()
    fleeting: bool = False


def message(text: str, blocks: Sequence[Block], before: Sequence[Message] = ()) -> Message:
    """Return a message of ready blocks with a fallback of unchecked text, after the parts that go first."""
    fallback = limits.clip(inert(text), limits.FALLBACK_TEXT) or " "
    return Message(fallback, tuple(blocks[: limits.MESSAGE_BLOCKS]), tuple(before))


def note(text: str) -> Message:
    """Return a message of one paragraph of our own words, mrkdwn allowed."""
    return Message(limits.clip(text, limits.FALLBACK_TEXT), (section(text),))


def section(markup: str) -> Block:
    """Return a section of markup that has passed the gate; Slack preprocesses nothing in it."""
    return {"type": "section", "text": _markup(limits.clip(markup, limits.SECTION_TEXT))}


def context(*lines: str) -> Block:
    """Return small print of markup that has passed the gate."""
    elements = [_markup(limits.clip(line, limits.SECTION_TEXT)) for line in lines[: limits.CONTEXT_ELEMENTS]]
    return {"type": "context", "elements": elements}


def header(text: str) -> Block:
    """Return a header."""
    return {"type": "header", "text": _label(text, limits.HEADER_TEXT)}


def button(label: str, action_id: str, value: str, style: str | None = None) -> Block:
    """Return a button; `value` is an id."""
    made: Block = {
        "type": "button",
        "text": _label(label, limits.BUTTON_TEXT),
        "action_id": action_id,
        "value": value,
    }
    return made | {"style": style} if style else made


def actions(block_id: str, buttons: Sequence[Block]) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(buttons[: limits.ACTIONS])}


def preformatted(text: str) -> Block:
    """Return a code block; nothing in it is parsed."""
    element = {"type": "text", "text": limits.clip(code(text), limits.RICH_TEXT)}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}


def text_input(
    block_id: str, label: str, *, initial: str = "", multiline: bool = True, optional: bool = False
) -> Block:
    """Return a text field; its action id is `text`."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": multiline,
        "max_length": limits.PLAIN_INPUT if multiline else 300,
    }
    if initial:
        element["initial_value"] = limits.clip(initial, element["max_length"])
    return {
        "type": "input",
        "block_id": block_id,
        "label": _label(label, 150),
        "optional": optional,
        "element": element,
    }


def modal(title: str, blocks: Sequence[Block], *, callback_id: str, about: str, submit: str | None = None) -> Block:
    """Return a modal; `about` is the id of what it is about and comes back with the form."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": about,
        "title": _label(title, limits.VIEW_TITLE),
        "close": _label("Cancel" if submit else "Close", limits.VIEW_TITLE),
        "blocks": list(blocks[: limits.VIEW_BLOCKS]),
    }
    return view | {"submit": _label(submit, limits.VIEW_TITLE)} if submit else view


def _markup(text: str) -> Block:
    return {"type": "mrkdwn", "text": text if text.strip() else "—", "verbatim": True}


def _label(text: str, longest: int) -> Block:
    return {"type": "plain_text", "text": limits.clip(plain(text), longest) or "—", "emoji": False}
