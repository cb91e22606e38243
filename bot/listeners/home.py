"""The Home tab."""

from typing import Any

from slack_bolt import App

from bot.blocks.home import home_view
from bot.face import Face
from flywheel.store import questions


def register(back: App, face: Face) -> None:
    """Publish Home when it is opened."""

    def is_home(event: dict[str, Any]) -> bool:
        return bool(event.get("tab", "home") == "home")

    @back.event("app_home_opened", matchers=[is_home])
    def home(event: dict[str, Any]) -> None:
        person = str(event["user"])
        with face.core.database.read() as db:
            recent = questions.recent_of(db, person)
        face.client.views_publish(user_id=person, view=home_view(face.identity.user, face.command, recent))
