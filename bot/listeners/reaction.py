"""Emoji on answers. Some are votes (see `DEFAULT_REACTIONS`); all are stored."""

from typing import Any

from slack_bolt import App

from bot import showing
from bot.face import Face
from bot.heard import moment
from flywheel.model import Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.signals.votes import VOTE
from flywheel.store import answers


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
        answer = answers.by_post(db, str(item["channel"]), str(item["ts"]))
    if answer is None:
        return
    meaning = face.reactions.get(name)
    detail = {"reaction": name, **({VOTE: meaning} if meaning else {})}
    stamp = str(event["event_ts"])
    key = signal_key(kind, answer.id, person, f"{name}:{stamp}")
    if record(face.core, Signal(key, answer.id, kind, person, moment(stamp), detail)) and meaning:
        showing.refresh(face, answer.id)
