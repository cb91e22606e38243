"""The Home tab, and on it the choice not to be named as knowing things."""

from typing import Any

from slack_bolt import App

from bot import homing, profiles
from bot.blocks.home import HIDE, SHOW
from bot.click import clicked
from bot.face import Face


def register(back: App, face: Face) -> None:
    """Publish Home when it is opened, and again when the choice changes."""

    def is_home(event: dict[str, Any]) -> bool:
        return bool(event.get("tab", "home") == "home")

    @back.event("app_home_opened", matchers=[is_home])
    def home(event: dict[str, Any]) -> None:
        homing.publish(face, str(event["user"]), str((event.get("view") or {}).get("hash") or ""))

    @back.action(HIDE)
    def hide(body: dict[str, Any]) -> None:
        _choose(face, body, hidden=True)

    @back.action(SHOW)
    def show(body: dict[str, Any]) -> None:
        _choose(face, body, hidden=False)


def _choose(face: Face, body: dict[str, Any], *, hidden: bool) -> None:
    person = clicked(body).person
    profiles.name_or_not(face, person, hidden=hidden)
    homing.publish(face, person, str((body.get("view") or {}).get("hash") or ""))
