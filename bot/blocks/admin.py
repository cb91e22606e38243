"""What the administration's views share: menus, pickers, channels, rows with a button, and a view that says one thing.

Every input has the action id `field`; `bot/fields.py` reads them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.blocks import limits
from bot.blocks.message import Block, actions, button, context, modal, section
from bot.blocks.text import inert, plain

PREFIX = "admin_"
"""What the action ids of everything here begin with."""
_FIELD = "field"
_OPTION = 75
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")
_MOST_OPTIONS = 100


class Panel(StrEnum):
    """A view of the administration, by the word that opens it after `/flywheel`."""

    CHANNELS = "channels"
    SOURCES = "sources"
    REPORT = "report"
    BUDGETS = "budgets"
    AUDIT = "audit"


TITLES = {
    Panel.CHANNELS: "Channels",
    Panel.SOURCES: "Sources",
    Panel.REPORT: "Weekly report",
    Panel.BUDGETS: "Budgets",
    Panel.AUDIT: "Audit log",
}


@dataclass(frozen=True, slots=True)
class Field:
    """The name of an input, what people read above and below it, and whether it may stay empty."""

    block_id: str
    label: str
    hint: str = ""
    optional: bool = True


def opens(panel: Panel) -> str:
    """Return the action id of the button that opens a panel."""
    return f"{PREFIX}open_{panel}"


def channel(channel_id: str) -> str:
    """Return a live mention of a channel, or the gated text when that is no id of one."""
    return f"<#{channel_id}>" if _CHANNEL.fullmatch(channel_id) else inert(channel_id)


def typed(field: Field, initial: str = "", *, longest: int = 150, multiline: bool = False) -> Block:
    """Return a text field."""
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": longest}
    return _input(field, element | ({"initial_value": initial[:longest]} if initial else {}))


def menu(field: Field, options: Sequence[tuple[str, str]], chosen: str = "") -> Block:
    """Return a menu of (value, label) pairs of which one may be chosen."""
    return _input(field, {"type": "static_select"} | _offered(options) | _initially(options, chosen))


def radio(field: Field, options: Sequence[tuple[str, str]], chosen: str) -> Block:
    """Return radio buttons of (value, label) pairs."""
    return _input(field, {"type": "radio_buttons"} | _offered(options) | _initially(options, chosen))


def several(field: Field, options: Sequence[tuple[str, str]], chosen: Sequence[str]) -> Block:
    """Return a menu of (value, label) pairs of which any number may be chosen."""
    initial = [_option(*one) for one in options[:_MOST_OPTIONS] if one[0] in chosen]
    element: Block = {"type": "multi_static_select"} | _offered(options)
    return _input(field, element | ({"initial_options": initial} if initial else {}))


def people(field: Field, chosen: Sequence[str], most: int) -> Block:
    """Return a menu of people, at most so many."""
    element: Block = {"type": "multi_users_select", "max_selected_items": most}
    return _input(field, element | ({"initial_users": list(chosen)} if chosen else {}))


def conversation(field: Field, chosen: str) -> Block:
    """Return a menu of channels."""
    element: Block = {"type": "conversations_select", "filter": {"include": ["public", "private"]}}
    return _input(field, element | ({"initial_conversation": chosen} if chosen else {}))


def day(field: Field, chosen: str) -> Block:
    """Return a date picker; `chosen` is a day such as 2026-11-21, or empty."""
    return _input(field, {"type": "datepicker"} | ({"initial_date": chosen} if chosen else {}))


def row(markup: str, accessory: Block) -> Block:
    """Return a section with a button beside it; the markup has passed the gate."""
    return section(markup) | {"accessory": accessory}


def pages(number: int, count: int, before: str, after: str) -> list[Block]:
    """Return where one is in a list, its pages counted from 0, with the buttons that turn it; nothing on its only page.

    `before` and `after` are the action ids of the buttons.
    """
    turns = [button("Previous", before, str(number - 1))] if number else []
    turns += [button("Next", after, str(number + 1))] if number + 1 < count else []
    return [context(f"Page {number + 1} of {count}"), actions("pages", turns)] if turns else []


def confirmed(made: Block, question: str, yes: str) -> Block:
    """Return a button that asks before it acts."""
    texts = {"title": "Are you sure?", "text": question, "confirm": yes, "deny": "Cancel"}
    return made | {"confirm": {name: _text(said, 300) for name, said in texts.items()}}


def said_view(title: str, said: str) -> Block:
    """Render a view that only says something of our own words."""
    return modal(title, [section(said)], callback_id=f"{PREFIX}said", about="-")


def _input(field: Field, element: Block) -> Block:
    made: Block = {
        "type": "input",
        "block_id": field.block_id,
        "label": _text(field.label, 150),
        "optional": field.optional,
        "element": element | {"action_id": _FIELD},
    }
    return made | ({"hint": _text(field.hint, 300)} if field.hint else {})


def _offered(options: Sequence[tuple[str, str]]) -> Block:
    return {"options": [_option(*one) for one in options[:_MOST_OPTIONS]]}


def _initially(options: Sequence[tuple[str, str]], chosen: str) -> Block:
    found = next((one for one in options if one[0] == chosen), None)
    return {"initial_option": _option(*found)} if found else {}


def _option(value: str, label: str) -> Block:
    return {"text": _text(label, _OPTION), "value": value}


def _text(said: str, longest: int) -> Block:
    return {"type": "plain_text", "text": limits.clip(plain(said), longest) or "—", "emoji": False}
