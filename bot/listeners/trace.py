"""Why this answer?: its trace, for the person who asks."""

from typing import Any

from slack_bolt import App

from bot import tracing
from bot.blocks.route import WHY
from bot.click import clicked
from bot.face import Face


def register_front(front: App, face: Face) -> None:
    """Open the trace at once."""

    @front.action(WHY)
    def open_trace(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        face.client.views_open(trigger_id=click.trigger, view=tracing.view(face, click.value, click.person))
