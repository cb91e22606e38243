"""People are deactivated or become guests, channels are shared or closed: what may be read changes at once."""

from typing import Any

from slack_bolt import App

from bot import escalating
from bot.face import Face
from bot.standings import standing_in
from flywheel.ports import Standing
from flywheel.store import audit, channels, members
from flywheel.store.database import Session

_OF_CHANNELS = (
    "channel_shared", "channel_unshared", "channel_archive", "channel_unarchive", "channel_deleted",
)  # fmt: skip


def register(back: App, face: Face) -> None:
    """Follow what people and channels become."""

    @back.event("user_change")
    def changed(event: dict[str, Any]) -> None:
        user = event["user"]
        person, standing = str(user["id"]), standing_in(face.identity.team, user)
        face.left_or_joined(person)
        with face.core.database.begin() as db:
            members.put_standing(db, person, standing)
            if standing is Standing.GONE:
                members.leave_all(db, person)
                _take_off_call(db, face, person)
        if standing is Standing.GONE:
            escalating.pass_on_all(face, person)

    for kind in _OF_CHANNELS:
        back.event(kind)(_look_again(face))


def _take_off_call(db: Session, face: Face, person: str) -> None:
    if any(person in one.experts for one in channels.every(db)):
        channels.forget_expert(db, person)
        audit.put(db, "flywheel", "taken off call", person, face.core.now())


def _look_again(face: Face) -> Any:
    def shared(event: dict[str, Any]) -> None:
        channel = event["channel"]
        face.left_or_joined(str(channel["id"] if isinstance(channel, dict) else channel))

    return shared
