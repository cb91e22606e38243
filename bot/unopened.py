"""A form that could not be opened. Slack gives it three seconds; who asked for it is told to ask again."""

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.blocks.message import note
from bot.face import Face, say
from bot.outbox import Outgoing

_LOG = logging.getLogger(__name__)
_OVERTAKEN = frozenset({"hash_conflict", "not_found", "exchanged_trigger_id"})
"""The view was changed, closed or opened meanwhile: whoever looks sees what is newer."""
_SAID = "I was too slow for Slack and could not open that. Please try again."


def tell_unopened(face: Face, error: Exception, body: Mapping[str, Any]) -> None:
    """Log why a form was not opened, and tell the person who waits for it."""
    if isinstance(error, SlackApiError) and error.response.get("error") in _OVERTAKEN:
        _LOG.info("a form was changed or closed meanwhile: %s", error.response.get("error"))
        return
    _LOG.error("a form could not be opened", exc_info=error)
    trigger, person = str(body.get("trigger_id") or ""), body.get("user_id") or (body.get("user") or {}).get("id")
    if body.get("type") == "view_submission" or not trigger or not person:
        return
    key, url = f"unopened:{hashlib.sha256(trigger.encode()).hexdigest()[:40]}", body.get("response_url")
    if url:
        say(face, Outgoing(key, note(_SAID), response_url=str(url)))
    else:
        say(face, Outgoing(key, note(_SAID), person=str(person)))
