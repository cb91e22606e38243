"""Emoji on answers. Some are votes (see `DEFAULT_REACTIONS`); all are stored."""

from datetime import timedelta
from typing import Any

from slack_bolt import App

from bot import showing, unasked
from bot.face import Face
from bot.heard import moment
from bot.outbox import Paced
from bot.place import standing
from flywheel.model import Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.signals.votes import VOTE

_SETTLED = timedelta(seconds=10)
_MOMENT = timedelta(seconds=1)


def register(back: App, face: Face) -> None:
    """Store reactions."""

    @back.event("reaction_added")
    def added(event: dict[str, Any]) -> None:
        _note(face, event, SignalKind.REACTION_ADDED)

    @back.event("reaction_removed")
    def removed(event: dict[str, Any]) -> None:
        _note(face, event, SignalKind.REACTION_REMOVED)


def _note(face: Face, event: dict[str, Any], kind: SignalKind) -> None:
    item, person, name = event.get("item") or {}, str(event.get("user")), str(event.get("reaction")).split("::")[0]
    if item.get("type") != "message" or person == face.identity.user:
        return
    with face.core.database.read() as db:
        answer = standing(db, (str(item["channel"]), str(item["ts"])))
    if answer is None:
        _come_again(face, event)
        return
    meaning = face.reactions.get(name)
    detail = {"reaction": name, **({VOTE: meaning} if meaning else {})}
    stamp = str(event["event_ts"])
    key = signal_key(kind, answer.id, person, f"{name}:{stamp}")
    if record(face.core, Signal(key, answer.id, kind, person, moment(stamp), detail)) and meaning:
        unasked.learn(face, answer.id)
        showing.refresh(face, answer.id)


def _come_again(face: Face, event: dict[str, Any]) -> None:
    """Wait a moment where the bot may have posted this very message and not yet noted where it stands."""
    now = face.core.now()
    if event.get("item_user") in {face.identity.user, None} and now - moment(str(event["event_ts"])) < _SETTLED:
        raise Paced(now + _MOMENT)
