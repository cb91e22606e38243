"""Every message and view that the bot can show, made from the types of what its builder takes.

A builder is a function of `bot.blocks` that returns a Message or is named `…_view`. Surprising: nobody lists them, so a
new one is under test from the day it is written. One value stands for each type: texts are the sample's, optional
things are there where flags are set, a collection has one member.
"""

import importlib
import inspect
import pkgutil
import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import bot.blocks
from bot.blocks.message import Message

MOMENT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
ORDINARY = "How do I get on the VPN?"
EXTREME = ":tada: *Now* <@U1> :fire: " + "W" * 400 + "\n" + "a word or two, " * 300
_BUILT_FROM_OTHERS = frozenset({"message", "note"})
_OUR_WORDS = {
    "head": "Summary of this thread",
    "said": "Saved.",
    "notice": "Saved.",
    "small": "Two messages.",
    "command": "/ask",
}
"""Parameters that take markup of our own, and no text of others."""

_IDS = {
    "file": "F1",
    "file_id": "F1",
    "url": "https://wiki.example/vpn",
    "channel": "C1",
    "thread_ts": "1.0",
    "ts": "1.0",
    "item": "i1",
}
_ID = re.compile(r"(?:\w+_)?(?:id|url)|about|mark|value|file|channel|thread_ts|ts|item")
_PERSON = re.compile(r"person|asker|expert|reviewer|author|approver|owner|bot_user|(?:\w+_)?by|who|reader|keys|experts")
"""Names of parameters and fields that hold what no person writes."""

Made = tuple[str, Any]


def everything(text: str, *, flag: bool) -> Iterator[Made]:
    """Yield (name, Message or view) of every builder, with a text in every place of one and flags all set alike."""
    for found in pkgutil.iter_modules(bot.blocks.__path__):
        module = importlib.import_module(f"bot.blocks.{found.name}")
        for name, build in vars(module).items():
            if inspect.isfunction(build) and build.__module__ == module.__name__ and _is_builder(name, build):
                yield f"{found.name}.{name}", build(**_arguments(build, text, flag=flag))


def _is_builder(name: str, build: Callable[..., Any]) -> bool:
    hints = get_type_hints(build)
    returns = hints.pop("return", None)
    changes_another = Message in hints.values()
    is_own = not name.startswith("_") and name not in _BUILT_FROM_OTHERS
    return is_own and not changes_another and (returns is Message or name.endswith("_view"))


def _arguments(build: Callable[..., Any], text: str, *, flag: bool) -> dict[str, Any]:
    hints = {name: kind for name, kind in get_type_hints(build).items() if name != "return"}
    return {name: _named(name, kind, text, flag=flag) for name, kind in hints.items()}


def _named(name: str, kind: Any, text: str, *, flag: bool) -> Any:
    """Return a value for a parameter or a field, which is an id or our own words where its name says so."""
    if _ID.fullmatch(name) or _PERSON.fullmatch(name):
        text = _IDS.get(name, "https://wiki.example/vpn" if name.endswith("url") else "a1")
        text = "U1" if _PERSON.fullmatch(name) else text
    return _value(kind, _OUR_WORDS.get(name, text), flag=flag)


def _value(kind: Any, text: str, *, flag: bool) -> Any:
    """Return a value of a type."""
    plain = {str: text, int: 3, float: 0.5, bool: flag, datetime: MOMENT, date: MOMENT.date(), Any: text, object: text}
    if kind in plain:
        return plain[kind]
    if get_origin(kind) is not None or isinstance(kind, types.UnionType):
        return _collection(kind, text, flag=flag)
    if issubclass(kind, Enum):
        return next(iter(kind))
    assert isinstance(kind, type)
    assert is_dataclass(kind), kind
    hints = get_type_hints(kind)
    return kind(**{one.name: _named(one.name, hints[one.name], text, flag=flag) for one in fields(kind)})


def _collection(kind: Any, text: str, *, flag: bool) -> Any:
    origin, inner = get_origin(kind), [one for one in get_args(kind) if one not in (type(None), Ellipsis)]
    if origin is Union or isinstance(kind, types.UnionType):
        return _value(inner[0], text, flag=flag) if flag or type(None) not in get_args(kind) else None
    made = [_value(one, text, flag=flag) for one in inner]
    if issubclass(origin, Mapping):
        return {made[0]: made[1]}
    if origin is frozenset:
        return frozenset(made)
    return tuple(made)
