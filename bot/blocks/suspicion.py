"""The notice that votes may be pushed. It names people, so it is for administrators alone, and accuses nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.message import Block, Message, context, header, message, section
from bot.blocks.text import inert, person

MOST = 10
"""Suspicions shown in one notice; the others wait in the review queue."""
_RULE = (
    "This is what chance does not explain; there may be a good reason. By itself it changes no label. Ask them, then "
    "close it in `/ask review`."
)


@dataclass(frozen=True, slots=True)
class Suspected:
    """What is unlikely, in words, and whose votes they are."""

    text: str
    persons: tuple[str, ...]


def suspicion_message(found: Sequence[Suspected]) -> Message:
    """Render what is suspected."""
    more = [f"{len(found) - MOST} more wait in `/ask review`."] if len(found) > MOST else []
    blocks = [header("Are votes pushed?"), *map(_section, found[:MOST]), context(_RULE, *more)]
    return message("Are votes pushed? Somebody should look", blocks)


def _section(one: Suspected) -> Block:
    who = ", ".join(person(name) for name in one.persons)
    return section(f"{inert(one.text)}\nVotes of: {who}" if who else inert(one.text))
