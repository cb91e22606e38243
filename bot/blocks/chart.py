"""Slack's own charts within a message. A server that does not know them yet refuses the message; it goes without."""

from dataclasses import replace

from bot.blocks.message import Message, context

_KIND = "data_visualization"
_MISSING = "A chart belongs here that this workspace cannot show; the report has it as a picture."


def has_charts(message: Message) -> bool:
    """Tell whether a message holds a chart of Slack's own."""
    return any(block.get("type") == _KIND for block in message.blocks)


def without_charts(message: Message) -> Message:
    """Return a message that says in a line that its charts are missing."""
    kept = [block for block in message.blocks if block.get("type") != _KIND]
    return replace(message, blocks=(*kept, context(_MISSING)))
