"""Send a message whose pictures Slack may not know yet.

Slack takes a moment to look at a file that was just uploaded, and refuses blocks that show it until then. A message is
never lost for its picture: after a few seconds it goes without, and says so.
"""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from slack_sdk.errors import SlackApiError

from bot.blocks.message import Message
from bot.blocks.picture import has_pictures, without_pictures

REFUSED_BLOCKS = "invalid_blocks"

_WAITS_SECONDS = (0.5, 1.0, 2.0)
_log = logging.getLogger(__name__)
T = TypeVar("T")


def sent(send: Callable[[Message], T], message: Message) -> T:
    """Return what `send` returns once it takes the message, at last without its pictures.

    Raises:
        SlackApiError: it was refused for another reason, or without pictures too.
    """
    if not has_pictures(message):
        return send(message)
    for wait in _WAITS_SECONDS:
        try:
            return send(message)
        except SlackApiError as error:
            if error.response.get("error") != REFUSED_BLOCKS:
                raise
        time.sleep(wait)
    _log.warning("a message goes without its pictures: Slack does not take them")
    return send(without_pictures(message))
