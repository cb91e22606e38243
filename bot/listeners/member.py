"""People join and leave channels: what they may read changes at once."""

from typing import Any

from slack_bolt import App

from bot.face import Face
from flywheel.store import members


def register(back: App, face: Face) -> None:
    """Follow memberships."""

    @back.event("member_joined_channel")
    def joined(event: dict[str, Any]) -> None:
        _look_again(face, event)
        with face.core.database.begin() as db:
            members.put(db, str(event["channel"]), str(event["user"]), face.core.now())

    @back.event("member_left_channel")
    def left(event: dict[str, Any]) -> None:
        _look_again(face, event)
        with face.core.database.begin() as db:
            members.remove(db, str(event["channel"]), str(event["user"]))


def _look_again(face: Face, event: dict[str, Any]) -> None:
    face.left_or_joined(str(event["user"]))
    face.left_or_joined(str(event["channel"]))
