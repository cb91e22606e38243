"""Somebody writes to the bot alone: every message is a question."""

from typing import Any

from slack_bolt import App

from bot import addressed
from bot.face import Face

_NEW = frozenset({None, "file_share", "thread_broadcast"})


def register(back: App, face: Face) -> None:
    """Answer direct messages."""

    def is_direct(event: dict[str, Any]) -> bool:
        in_private = event.get("channel_type") == "im" or str(event.get("channel")).startswith("D")
        return in_private and event.get("subtype") in _NEW

    @back.event("message", matchers=[is_direct])
    def direct_message(body: dict[str, Any]) -> None:
        addressed.answer(face, body)
