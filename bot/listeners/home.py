"""The Home tab, and on it the choice not to be named as knowing things."""

from typing import Any

from slack_bolt import App

from bot import profiles
from bot.blocks.home import HIDE, SHOW, home_view
from bot.click import clicked
from bot.face import Face
from flywheel.store import profiles as stored
from flywheel.store import questions


def register(back: App, face: Face) -> None:
    """Publish Home when it is opened, and again when the choice changes."""

    def is_home(event: dict[str, Any]) -> bool:
        return bool(event.get("tab", "home") == "home")

    @back.event("app_home_opened", matchers=[is_home])
    def home(event: dict[str, Any]) -> None:
        _publish(face, str(event["user"]))

    @back.action(HIDE)
    def hide(body: dict[str, Any]) -> None:
        _choose(face, clicked(body).person, hidden=True)

    @back.action(SHOW)
    def show(body: dict[str, Any]) -> None:
        _choose(face, clicked(body).person, hidden=False)


def _choose(face: Face, person: str, *, hidden: bool) -> None:
    profiles.name_or_not(face, person, hidden=hidden)
    _publish(face, person)


def _publish(face: Face, person: str) -> None:
    with face.core.database.read() as db:
        recent, hidden = questions.recent_of(db, person), stored.is_hidden(db, person)
    view = home_view(face.identity.user, face.command, recent, hidden=hidden)
    face.client.views_publish(user_id=person, view=view)
