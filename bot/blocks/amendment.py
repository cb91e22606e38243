"""What stands above an answer that took the place of one that no longer held, and what the thread is told."""

from datetime import datetime

from bot.blocks.limits import clip
from bot.blocks.message import Message, note
from bot.blocks.text import inert, when

_LONGEST_QUOTE = 300


def amendment_intro(at: datetime, was: str, *, gone: bool) -> str:
    """Return the line above the new answer; `was` is what the old one said and its source does not, empty if secret."""
    if gone:
        return f"*Updated {when(at)}:* the source of the answer that stood here is gone. Do not rely on what it said."
    before = f" Before, the answer was: “{inert(clip(was, _LONGEST_QUOTE))}”" if was else ""
    return f"*Updated {when(at)}:* a source of this answer has changed.{before}"


def amendment_notice(sources: tuple[str, ...], *, gone: bool) -> Message:
    """Return the word to those who follow the thread."""
    if gone:
        return note("My answer above no longer holds: its source is gone. Please do not rely on it.")
    named = ", ".join(f"“{inert(clip(one, 80))}”" for one in sources[:3])
    changed = f"{named} {'has' if len(sources) < 2 else 'have'} changed" if named else "a source has changed"
    return note(f"I have updated my answer above, because {changed}.")
