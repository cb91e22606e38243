"""Somebody names the bot in a channel. Slack sends an `app_mention` and a `message`; whichever is first counts."""

from typing import Any

from slack_bolt import App

from bot import addressed
from bot.face import Face

_NEW = frozenset({None, "file_share", "thread_broadcast"})


def register(back: App, face: Face) -> None:
    """Answer mentions."""

    def is_new(event: dict[str, Any]) -> bool:
        return event.get("subtype") in _NEW

    def names_the_bot(event: dict[str, Any]) -> bool:
        return is_new(event) and f"<@{face.identity.user}" in str(event.get("text", ""))

    @back.event("app_mention", matchers=[is_new])
    @back.event("message", matchers=[names_the_bot])
    def mention(body: dict[str, Any]) -> None:
        addressed.answer(face, body)
