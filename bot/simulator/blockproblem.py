"""One thing wrong with blocks, and the smallest checks the rules are made of.

Every check is a generator of problems; `at` is the JSON pointer of the thing being checked. Limits are those of
Slack's Block Kit reference.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Surface(StrEnum):
    """Where blocks appear."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Problem:
    """What Slack would refuse, and where."""

    pointer: str
    code: str
    message: str


Found = Iterator[Problem]


def string(holder: Json, key: str, at: str, most: int, *, required: bool = False) -> Found:
    """Check a plain string field of 1 to `most` characters."""
    value = holder.get(key)
    if value is None:
        if required:
            yield missing(at, key)
        return
    if not isinstance(value, str):
        yield Problem(f"{at}/{key}", "invalid_type", "must be a string")
    elif len(value) > most:
        yield Problem(f"{at}/{key}", "too_long", f"must be less than {most + 1} characters")
    elif required and not value:
        yield Problem(f"{at}/{key}", "too_short", "must be more than 0 characters")


def needed_text(holder: Json, key: str, at: str, most: int, *, plain: bool = False) -> Found:
    """Like `text`, for a field that must be there."""
    if holder.get(key) is None:
        yield missing(at, key)
    yield from text(holder, key, at, most, plain=plain)


def text(holder: Json, key: str, at: str, most: int, *, plain: bool = False) -> Found:
    """Check a text object of 1 to `most` characters, `plain` allowing plain_text only; nothing is fine too."""
    value, here = holder.get(key), f"{at}/{key}"
    if value is None:
        return
    if not isinstance(value, dict):
        yield Problem(here, "invalid_type", "must be a text object")
        return
    yield from text_object(value, here, most, plain=plain)


def text_object(value: Json, at: str, most: int, *, plain: bool = False) -> Found:
    """Check one text object."""
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if value.get("type") not in kinds:
        yield Problem(
            f"{at}/type", "invalid_type", f"unsupported type: {value.get('type')}, expected {' or '.join(kinds)}"
        )
    yield from string(value, "text", at, most, required=True)
    allowed = {"type", "text", "emoji"} if value.get("type") == "plain_text" else {"type", "text", "verbatim"}
    yield from only(value, at, allowed)


def items(holder: Json, key: str, at: str, most: int, *, least: int = 1) -> Found:
    """Check that a field is a list of `least` to `most` objects; the caller checks each."""
    value, here = holder.get(key), f"{at}/{key}"
    if value is None:
        yield missing(at, key)
    elif not isinstance(value, list):
        yield Problem(here, "invalid_type", "must be an array")
    elif len(value) > most:
        yield Problem(here, "too_many", f"no more than {most} items allowed")
    elif len(value) < least:
        yield Problem(here, "too_few", f"must have at least {least} items")


def children(holder: Json, key: str) -> list[tuple[str, Json]]:
    """Return the objects of a list field with their pointers' ends; anything else is left to `items`."""
    value = holder.get(key)
    entries = value if isinstance(value, list) else []
    return [
        (f"/{key}/{index}", entry if isinstance(entry, dict) else {"type": None}) for index, entry in enumerate(entries)
    ]


def one_of(holder: Json, key: str, at: str, allowed: Collection[Any], *, required: bool = False) -> Found:
    """Check a field that takes one of a few values."""
    value = holder.get(key)
    if value is None and not required:
        return
    if value not in allowed:
        listed = ", ".join(sorted(map(str, allowed)))
        yield Problem(f"{at}/{key}", "invalid_value", f"must be one of: {listed}")


def only(holder: Json, at: str, allowed: Collection[str]) -> Found:
    """Check that an object has no fields Slack does not know."""
    for key in holder:
        if key not in allowed:
            yield Problem(at, "unknown_field", f"invalid additional property: {key}")


def whole(holder: Json, key: str, at: str, bounds: tuple[int, int]) -> Found:
    """Check a whole number within bounds, if there is one."""
    value = holder.get(key)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not bounds[0] <= value <= bounds[1]:
        yield Problem(f"{at}/{key}", "invalid_value", f"must be an integer from {bounds[0]} to {bounds[1]}")


def missing(at: str, key: str) -> Problem:
    """Say that a required field is not there."""
    return Problem(at, "missing_field", f"missing required field: {key}")
