"""Slack's rules for each type of block."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.simulator.blockproblem import (
    Found,
    Json,
    Problem,
    Surface,
    children,
    items,
    missing,
    needed_text,
    one_of,
    only,
    string,
    text,
    text_object,
)
from bot.simulator.chartrules import chart, data_table, table
from bot.simulator.elementrules import ACCESSORIES, ACTIONS, CONTEXT_ACTIONS, INPUTS, element, image

LONGEST_MARKDOWN = 12_000
_EVERYWHERE = frozenset(Surface)
_MESSAGES = frozenset({Surface.MESSAGE})
_MODALS = frozenset({Surface.MODAL})
_RICH_PARTS = frozenset({"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"})

SURFACES: Mapping[str, frozenset[Surface]] = MappingProxyType(
    {
        "actions": _EVERYWHERE,
        "alert": _MODALS,
        "card": _MESSAGES,
        "carousel": _MESSAGES,
        "container": _EVERYWHERE,
        "context": _EVERYWHERE,
        "context_actions": _MESSAGES,
        "data_table": _MESSAGES,
        "data_visualization": _EVERYWHERE,
        "divider": _EVERYWHERE,
        "header": _EVERYWHERE,
        "image": _EVERYWHERE,
        "input": _EVERYWHERE,
        "markdown": _MESSAGES,
        "plan": _MESSAGES,
        "rich_text": _EVERYWHERE,
        "section": _EVERYWHERE,
        "table": _MESSAGES,
        "task_card": _MESSAGES,
        "video": _EVERYWHERE,
    }
)


def block(value: Json, at: str) -> Found:
    """Check one block of a known type."""
    yield from string(value, "block_id", at, 255)
    yield from _RULES[value["type"]](value, at)


def _section(value: Json, at: str) -> Found:
    if not value.get("text") and not value.get("fields"):
        yield Problem(at, "missing_field", "must provide either text or fields")
    yield from text(value, "text", at, 3_000)
    if "fields" in value:
        yield from items(value, "fields", at, 10)
        for end, field in children(value, "fields"):
            yield from text_object(field, at + end, 2_000)
    if isinstance(value.get("accessory"), dict):
        yield from element(value["accessory"], f"{at}/accessory", ACCESSORIES)
    elif "accessory" in value:
        yield Problem(f"{at}/accessory", "invalid_type", "must be an object")
    yield from only(value, at, ("type", "block_id", "text", "fields", "accessory", "expand"))


def _header(value: Json, at: str) -> Found:
    yield from needed_text(value, "text", at, 150, plain=True)
    yield from only(value, at, ("type", "block_id", "text"))


def _context(value: Json, at: str) -> Found:
    yield from items(value, "elements", at, 10)
    for end, part in children(value, "elements"):
        if part.get("type") == "image":
            yield from image(part, at + end)
        else:
            yield from text_object(part, at + end, 3_000)
    yield from only(value, at, ("type", "block_id", "elements"))


def _actions(value: Json, at: str) -> Found:
    yield from _elements(value, at, 25, ACTIONS)


def _context_actions(value: Json, at: str) -> Found:
    yield from _elements(value, at, 5, CONTEXT_ACTIONS)


def _elements(value: Json, at: str, most: int, allowed: frozenset[str]) -> Found:
    yield from items(value, "elements", at, most)
    seen: set[str] = set()
    for end, part in children(value, "elements"):
        yield from element(part, at + end, allowed)
        name = part.get("action_id")
        if isinstance(name, str) and name in seen:
            yield Problem(f"{at}{end}/action_id", "duplicate", f"`action_id` must be unique within its block: {name}")
        seen.add(str(name))
    yield from only(value, at, ("type", "block_id", "elements"))


def _image(value: Json, at: str) -> Found:
    yield from image(value, at)
    yield from text(value, "title", at, 2_000, plain=True)


def _input(value: Json, at: str) -> Found:
    yield from needed_text(value, "label", at, 2_000, plain=True)
    yield from text(value, "hint", at, 2_000, plain=True)
    if isinstance(value.get("element"), dict):
        yield from element(value["element"], f"{at}/element", INPUTS)
    else:
        yield missing(at, "element")
    yield from only(value, at, ("type", "block_id", "label", "hint", "element", "optional", "dispatch_action"))


def _divider(value: Json, at: str) -> Found:
    yield from only(value, at, ("type", "block_id"))


def _markdown(value: Json, at: str) -> Found:
    yield from string(value, "text", at, LONGEST_MARKDOWN, required=True)
    yield from only(value, at, ("type", "block_id", "text"))


def _rich_text(value: Json, at: str) -> Found:
    yield from items(value, "elements", at, 1_000)
    for end, part in children(value, "elements"):
        yield from one_of(part, "type", at + end, _RICH_PARTS, required=True)


def _video(value: Json, at: str) -> Found:
    yield from needed_text(value, "title", at, 199, plain=True)
    for key in ("alt_text", "thumbnail_url", "video_url"):
        yield from string(value, key, at, 3_000, required=True)


def _alert(value: Json, at: str) -> Found:
    yield from needed_text(value, "text", at, 3_000)
    yield from one_of(value, "level", at, ("default", "info", "warning", "error", "success"))


def _card(value: Json, at: str) -> Found:
    if not any(value.get(key) for key in ("title", "body", "hero_image", "actions")):
        yield Problem(at, "missing_field", "must provide title, body, hero_image or actions")
    yield from text(value, "title", at, 150)
    yield from text(value, "subtitle", at, 150)
    yield from text(value, "body", at, 200)
    for end, part in children(value, "actions"):
        yield from element(part, at + end, frozenset({"button"}))


def _carousel(value: Json, at: str) -> Found:
    yield from items(value, "elements", at, 10)
    for end, part in children(value, "elements"):
        if part.get("type") == "card":
            yield from block(part, at + end)
        else:
            yield Problem(at + end, "unsupported_type", f"unsupported type: {part.get('type')}")


def _container(value: Json, at: str) -> Found:
    yield from text(value, "title", at, 150, plain=True)
    yield from text(value, "subtitle", at, 150)
    yield from one_of(value, "width", at, ("narrow", "standard", "wide", "full"))
    yield from items(value, "child_blocks", at, 10)
    for end, part in children(value, "child_blocks"):
        if part.get("type") in SURFACES and part.get("type") != "container":
            yield from block(part, at + end)
        else:
            yield Problem(at + end, "unsupported_type", f"unsupported type: {part.get('type')}")


def _task_card(value: Json, at: str) -> Found:
    yield from string(value, "task_id", at, 255, required=True)
    yield from string(value, "title", at, 256, required=True)
    yield from one_of(value, "status", at, ("pending", "in_progress", "complete", "error"))


def _plan(value: Json, at: str) -> Found:
    yield from string(value, "title", at, 256, required=True)
    for end, part in children(value, "tasks"):
        yield from _task_card(part, at + end)


_RULES: Mapping[str, Callable[[Json, str], Found]] = MappingProxyType(
    {
        "actions": _actions,
        "alert": _alert,
        "card": _card,
        "carousel": _carousel,
        "container": _container,
        "context": _context,
        "context_actions": _context_actions,
        "data_table": data_table,
        "data_visualization": chart,
        "divider": _divider,
        "header": _header,
        "image": _image,
        "input": _input,
        "markdown": _markdown,
        "plan": _plan,
        "rich_text": _rich_text,
        "section": _section,
        "table": table,
        "task_card": _task_card,
        "video": _video,
    }
)
