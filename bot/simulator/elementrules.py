"""Slack's rules for block elements: buttons, menus, inputs, and where each may stand."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.simulator.blockproblem import (
    Found,
    Json,
    Problem,
    children,
    items,
    missing,
    needed_text,
    one_of,
    only,
    string,
    text,
    whole,
)

_SINGLE_SELECTS = frozenset(
    {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
)
_MULTI_SELECTS = frozenset(f"multi_{name}" for name in _SINGLE_SELECTS)
_PICKERS = frozenset({"checkboxes", "radio_buttons", "datepicker", "timepicker"})

ACCESSORIES = _SINGLE_SELECTS | _MULTI_SELECTS | _PICKERS | {"button", "image", "overflow", "workflow_button"}
ACTIONS = _SINGLE_SELECTS | _MULTI_SELECTS | _PICKERS | {"button", "overflow", "datetimepicker", "workflow_button"}
INPUTS = (_SINGLE_SELECTS | _MULTI_SELECTS | _PICKERS) | {
    "datetimepicker", "email_text_input", "file_input", "number_input", "plain_text_input", "rich_text_input",
    "url_text_input",
}  # fmt: skip
CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})

_MOST_OPTIONS = 100
_COMMON = frozenset({"type", "action_id", "confirm", "focus_on_load", "placeholder"})
_BUTTON = frozenset({
    "type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label", "visible_to_user_ids",
    "agent_prompt", "agent_prompt_display",
})  # fmt: skip


def element(value: Json, at: str, allowed: frozenset[str]) -> Found:
    """Check one element that stands where only the `allowed` types may."""
    kind = value.get("type")
    if kind not in allowed:
        yield Problem(at, "unsupported_type", f"unsupported type: {kind}")
        return
    if kind == "image":
        yield from image(value, at)
        return
    yield from string(value, "action_id", at, 255, required=True)
    yield from text(value, "placeholder", at, 150, plain=True)
    if "confirm" in value:
        yield from _confirm(value["confirm"], f"{at}/confirm")
    rule = _RULES.get(str(kind))
    if rule is not None:
        yield from rule(value, at)


def image(value: Json, at: str) -> Found:
    """Check an image's source and alternative text, the same for the block and the element."""
    sources = [key for key in ("image_url", "slack_file") if value.get(key)]
    if len(sources) != 1:
        yield Problem(at, "missing_field", "must provide either image_url or slack_file")
    yield from string(value, "image_url", at, 3_000)
    yield from string(value, "alt_text", at, 2_000, required=True)


def option(value: Json, at: str, *, plain: bool) -> Found:
    """Check one option."""
    yield from needed_text(value, "text", at, 75, plain=plain)
    yield from text(value, "description", at, 75, plain=plain)
    yield from string(value, "value", at, 150, required=True)
    yield from string(value, "url", at, 3_000)
    yield from only(value, at, ("text", "value", "description", "url"))


def _confirm(value: object, at: str) -> Found:
    if not isinstance(value, dict):
        yield Problem(at, "invalid_type", "must be an object")
        return
    yield from needed_text(value, "title", at, 100, plain=True)
    yield from needed_text(value, "text", at, 300)
    yield from needed_text(value, "confirm", at, 30, plain=True)
    yield from needed_text(value, "deny", at, 30, plain=True)
    yield from one_of(value, "style", at, ("primary", "danger"))


def _button(value: Json, at: str) -> Found:
    yield from needed_text(value, "text", at, 75, plain=True)
    yield from string(value, "value", at, 2_000)
    yield from string(value, "url", at, 3_000)
    yield from string(value, "accessibility_label", at, 75)
    yield from string(value, "agent_prompt", at, 4_000)
    yield from one_of(value, "style", at, ("primary", "danger"))
    yield from only(value, at, _BUTTON)


def _icon_button(value: Json, at: str) -> Found:
    yield from string(value, "icon", at, 255, required=True)
    yield from needed_text(value, "text", at, 75, plain=True)
    yield from string(value, "value", at, 2_000)
    yield from string(value, "accessibility_label", at, 75)
    if "visible_to_user_ids" in value:
        yield from items(value, "visible_to_user_ids", at, 10)


def _feedback_buttons(value: Json, at: str) -> Found:
    for key in ("positive_button", "negative_button"):
        half = value.get(key)
        if not isinstance(half, dict):
            yield missing(at, key)
            continue
        here = f"{at}/{key}"
        yield from needed_text(half, "text", here, 75, plain=True)
        yield from string(half, "value", here, 2_000, required=True)
        yield from string(half, "accessibility_label", here, 75)
    yield from only(value, at, ("type", "action_id", "positive_button", "negative_button"))


def _static_menu(value: Json, at: str) -> Found:
    if ("options" in value) == ("option_groups" in value):
        yield Problem(at, "missing_field", "must provide either options or option_groups")
        return
    if "options" in value:
        yield from _options(value, at, _MOST_OPTIONS, plain=True)
        return
    yield from items(value, "option_groups", at, 100)
    for end, group in children(value, "option_groups"):
        yield from needed_text(group, "label", at + end, 75, plain=True)
        yield from _options(group, at + end, _MOST_OPTIONS, plain=True)


def _external_menu(value: Json, at: str) -> Found:
    yield from whole(value, "min_query_length", at, (0, 100))


def _choices(value: Json, at: str) -> Found:
    yield from _options(value, at, 10, plain=False)


def _overflow(value: Json, at: str) -> Found:
    yield from _options(value, at, 5, plain=True)


def _options(value: Json, at: str, most: int, *, plain: bool) -> Found:
    yield from items(value, "options", at, most)
    seen: set[str] = set()
    for end, entry in children(value, "options"):
        yield from option(entry, at + end, plain=plain)
        held = str(entry.get("value"))
        if held in seen:
            yield Problem(f"{at}{end}/value", "duplicate", f"duplicate option value: {held}")
        seen.add(held)
    for name in ("initial_option", "initial_options"):
        given = value.get(name)
        chosen = given if isinstance(given, list) else [given] if given else []
        if any(entry not in value.get("options", ()) for entry in chosen):
            yield Problem(f"{at}/{name}", "invalid_value", "must be among the options")


def _plain_text_input(value: Json, at: str) -> Found:
    yield from whole(value, "min_length", at, (0, 3_000))
    yield from whole(value, "max_length", at, (1, 3_000))
    least, most = value.get("min_length", 0), value.get("max_length", 3_000)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Problem(f"{at}/min_length", "invalid_value", "must not be more than max_length")
    yield from string(value, "initial_value", at, most if isinstance(most, int) else 3_000)
    known = _COMMON | {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"}
    yield from only(value, at, known)


def _number_input(value: Json, at: str) -> Found:
    if not isinstance(value.get("is_decimal_allowed"), bool):
        yield missing(at, "is_decimal_allowed")


def _file_input(value: Json, at: str) -> Found:
    yield from whole(value, "max_files", at, (1, 10))


def _workflow_button(value: Json, at: str) -> Found:
    yield from needed_text(value, "text", at, 75, plain=True)
    if not isinstance(value.get("workflow"), dict):
        yield missing(at, "workflow")


def _many(value: Json, at: str) -> Found:
    yield from whole(value, "max_selected_items", at, (1, 100))


def _many_static(value: Json, at: str) -> Found:
    yield from _static_menu(value, at)
    yield from _many(value, at)


_RULES: Mapping[str, Callable[[Json, str], Found]] = MappingProxyType(
    {
        "button": _button,
        "icon_button": _icon_button,
        "feedback_buttons": _feedback_buttons,
        "static_select": _static_menu,
        "external_select": _external_menu,
        "multi_static_select": _many_static,
        "multi_external_select": _many,
        "multi_users_select": _many,
        "multi_conversations_select": _many,
        "multi_channels_select": _many,
        "checkboxes": _choices,
        "radio_buttons": _choices,
        "overflow": _overflow,
        "plain_text_input": _plain_text_input,
        "number_input": _number_input,
        "file_input": _file_input,
        "workflow_button": _workflow_button,
    }
)
