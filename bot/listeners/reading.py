"""What happens in channels that are read, besides all that anybody else makes of it."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot import reading
from bot.face import Face


def register(back: App, face: Face) -> None:
    """Follow every event that tells of a channel; the other listeners hear it all the same."""

    @back.middleware
    def follow(body: dict[str, Any], next: Callable[[], Any]) -> Any:  # noqa: A002 - Bolt gives it by this name
        event = body.get("event")
        if isinstance(event, dict):
            reading.follow(face, event)
        return next()

    def nothing_more() -> None:
        """Do nothing: `follow` did."""

    for kind in ("channel_left", "channel_rename", "group_deleted", "group_left", "group_rename"):
        back.event(kind)(nothing_more)
