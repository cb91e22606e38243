"""Everything that nobody handles: acknowledged, so that Slack does not deliver it again. Registered last."""

import re
from typing import Any

from slack_bolt import App

_ANYTHING = re.compile(".*", re.DOTALL)


def register(app: App) -> None:
    """Acknowledge what is left."""

    def nothing(ack: Any) -> None:
        ack()

    for listen in (app.event, app.action, app.command, app.view, app.shortcut):
        listen(_ANYTHING)(nothing)
