"""A message as text alone, for a server that takes none of its blocks: all it says, and the titles of its sources."""

from collections.abc import Iterator
from typing import Any

from bot.blocks.answer import CITATION
from bot.blocks.message import Block, Message
from bot.blocks.text import inert, plain

_PARSED = "mrkdwn"
_LETTERS = frozenset({"plain_text", "text", "raw_text"})
_WITHOUT_WORDS = frozenset({"actions", "context_actions", "image", "divider"})
LONGEST = 12_000
"""Characters; Slack cuts what is posted at 40,000 (docs.slack.dev, chat.postMessage)."""


def in_words(message: Message) -> Message:
    """Return a message without blocks; buttons go, the labels of its sources stay."""
    lines = [line for block in message.blocks for line in _lines(block)]
    return Message("\n".join(lines)[:LONGEST] or message.text)


def _lines(block: Block) -> Iterator[str]:
    if block["type"] == "table":
        yield from (" | ".join("".join(_texts(cell)) for cell in row) for row in block["rows"])
    elif block["type"] in _WITHOUT_WORDS:
        sources = [one for one in block.get("elements", ()) if str(one.get("action_id", "")).startswith(f"{CITATION}_")]
        yield from ("".join(_texts(one["text"])) for one in sources)
    elif said := "".join(_texts(block)):
        yield said


def _texts(part: Any) -> Iterator[str]:
    """Yield the texts in a block, markup as it is and everything else inert."""
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        kind, text = part.get("type"), part.get("text")
        if isinstance(text, str) and kind == _PARSED:
            yield text
        elif isinstance(text, str) and kind in _LETTERS:
            yield inert(plain(text))
        else:
            for name in ("text", "fields", "elements"):
                yield from _texts(part.get(name))
