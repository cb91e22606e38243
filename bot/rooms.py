"""What sort of conversation a channel id stands for. Slack says so with most events, not with an `app_mention`.

What was told or asked once is remembered: a conversation stays what it is. Surprising: the first letter of an id does
not tell; group direct messages begin with C, older ones with G, as do older private channels.
"""

import logging
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.face import Face
from flywheel.store import marks

_log = logging.getLogger(__name__)
_GROUP = "mpim"
_OTHER = "channel"


def is_group(face: Face, channel: str, told: str = "") -> bool:
    """Tell whether a conversation is a direct message of several people; `told` is its kind where the event says it.

    Where Slack cannot be asked, it counts as a channel, which changes nothing but how the question is counted.
    """
    with face.core.database.read() as db:
        known = marks.find(db, _mark(channel))
    if known is None:
        known = _kind(told) if told else _asked(face, channel)
        if known is not None:
            with face.core.database.begin() as db:
                marks.put(db, _mark(channel), known)
    return known == _GROUP


def name_of(face: Face, channel: str) -> str:
    """Return a channel's name without its `#`; empty where it has none or Slack does not tell."""
    try:
        return str(face.client.conversations_info(channel=channel)["channel"].get("name") or "")
    except (SlackClientError, OSError, HTTPException) as error:
        _log.info("the name of %s is not known: %s", channel, error)
        return ""


def takes_posts(face: Face, channel: str) -> bool:
    """Tell whether the bot is in a conversation and may post there.

    Raises:
        SlackClientError, OSError, HTTPException: Slack cannot say.
    """
    try:
        found = face.client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        if error.response.get("error") in {"channel_not_found", "missing_scope", "not_in_channel"}:
            return False
        raise
    is_in = bool(found.get("is_im") or found.get("is_mpim") or found.get("is_member"))
    return is_in and not (found.get("is_archived") or found.get("is_read_only") or found.get("is_frozen"))


def _asked(face: Face, channel: str) -> str | None:
    try:
        found = face.client.conversations_info(channel=channel)["channel"]
    except (SlackClientError, OSError, HTTPException) as error:
        _log.info("what sort of conversation %s is, is not known: %s", channel, error)
        return None
    return _GROUP if found.get("is_mpim") else _OTHER


def _kind(told: str) -> str:
    return _GROUP if told == _GROUP else _OTHER


def _mark(channel: str) -> str:
    return f"room:{channel}"
