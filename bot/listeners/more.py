"""The button under "There is more that only you can see": shows it to the one who asked."""

from typing import Any

from slack_bolt import App

from bot import private
from bot.blocks.private import SHOW
from bot.click import clicked
from bot.face import Face


def register(back: App, face: Face) -> None:
    """Show what only the asker may read."""

    @back.action(SHOW)
    def show(body: dict[str, Any]) -> None:
        private.show(face, clicked(body))
