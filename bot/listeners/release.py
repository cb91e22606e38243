"""What serves, for administrators: `/ask models`, and the buttons to promote, hold and roll back."""

import hashlib
import re
from typing import Any

from slack_bolt import Ack, App

from bot import administering, homing, releasing
from bot.blocks.message import note
from bot.click import Click, clicked
from bot.face import Face, say
from bot.heard import spoken
from bot.outbox import Outgoing

_MODELS = "models"
_REFUSAL = "Only administrators see what serves; people ask me questions."


def register(back: App, face: Face) -> None:
    """List models and carry out decisions; this command goes before the one that takes every text for a question."""

    def asks_for_models(body: dict[str, Any]) -> bool:
        return spoken(str(body.get("text") or ""), face.identity).lower() == _MODELS

    @back.command(face.command, matchers=[asks_for_models])
    def models(ack: Ack, body: dict[str, Any]) -> None:
        ack()  # Bolt asks the next listener as long as nobody has
        may = administering.may(face, str(body["user_id"]))
        key = f"models:{hashlib.sha256(str(body['trigger_id']).encode()).hexdigest()[:40]}"
        shown = releasing.models(face.core) if may else note(_REFUSAL)
        say(face, Outgoing(key, shown, response_url=str(body["response_url"]), asker=str(body["user_id"])))

    @back.action(re.compile("^release_"))
    def decide(body: dict[str, Any]) -> None:
        click = clicked(body)
        _decide(face, click)
        if (body.get("view") or {}).get("type") == "home":
            homing.publish(face, click.person, str(body["view"].get("hash") or ""))


def _decide(face: Face, click: Click) -> None:
    refused = releasing.decide(face, click)
    if refused and click.response_url:
        say(face, Outgoing(f"refused:{click.key}", note(refused), response_url=click.response_url))
    if not refused and click.only_you and click.response_url:
        listed = releasing.models(face.core)
        say(face, Outgoing(f"models:{click.key}", listed, response_url=click.response_url, replace=True))
    releasing.redraw(face, click.value)
