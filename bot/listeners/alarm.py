"""An administrator has looked at unusual votes. Only they close the notice."""

from typing import Any

from slack_bolt import App

from bot import alarming
from bot.blocks.alarm import SEEN
from bot.click import clicked
from bot.face import Face, tell


def register(back: App, face: Face) -> None:
    """Close alarms."""

    @back.action(SEEN)
    def close(body: dict[str, Any]) -> None:
        click = clicked(body)
        if refused := alarming.close(face, click.value, click.person):
            tell(face, click.person, refused, f"refused:{click.key}")
