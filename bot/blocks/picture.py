"""Pictures within a message: uploaded before, shown by their file's id."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.blocks import limits
from bot.blocks.message import Block, Message, context
from bot.blocks.text import plain

MOST = 4
"""Pictures that one answer shows."""

_MISSING = "A picture belongs here that could not be shown. Its source is below."


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of an answer. `file_id` is empty where it could not be uploaded."""

    file_id: str
    alt: str


def picture_blocks(pictures: Sequence[Shown]) -> list[Block]:
    """Return an image for each uploaded picture, and one line for those that are missing."""
    shown = [_image(one) for one in pictures if one.file_id]
    return [*shown, *([context(_MISSING)] if len(shown) < len(pictures) else [])]


def has_pictures(message: Message) -> bool:
    """Tell whether a message shows an uploaded picture."""
    return any("slack_file" in block for block in message.blocks)


def file_ids(message: Message) -> list[str]:
    """Return the ids of the uploaded pictures that a message shows."""
    return [str(block["slack_file"]["id"]) for block in message.blocks if "slack_file" in block]


def without_pictures(message: Message) -> Message:
    """Return a message that says in a line what its pictures would have shown."""
    kept: list[Block] = []
    for block in message.blocks:
        if "slack_file" not in block:
            kept.append(block)
        elif context(_MISSING) not in kept:
            kept.append(context(_MISSING))
    return replace(message, blocks=tuple(kept))


def _image(picture: Shown) -> Block:
    alt = limits.clip(plain(picture.alt), limits.ALT_TEXT) or "A picture from the sources"
    return {"type": "image", "slack_file": {"id": picture.file_id}, "alt_text": alt}
