"""An answer that somebody stopped while it was being written: what stands is kept, and marked."""

from bot.blocks.message import Message, context, message, note
from bot.blocks.prose import prose

_STOPPED = "Stopped before it was finished. Ask again for the whole answer."


def stopped_message(text: str) -> Message:
    """Render what was written so far, which may be nothing."""
    if not text:
        return note("Stopped. Ask again whenever you like.")
    return message(text, [*prose(text), context(_STOPPED)])
