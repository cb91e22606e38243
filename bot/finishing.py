"""Put an answer into the message that was begun for it: end its stream, then replace all it shows.

Both calls may be repeated, so a process that ends between them loses nothing. The second gives the message its key,
like every other one of ours: what carries a key shows all that it should. Where Slack never said that the message was
begun, it is looked for: it is ours, came after the question, and carries no key.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.message import Message
from bot.opened import Opened, is_placed
from flywheel.store.database import Database

_ENDED = frozenset({"message_not_in_streaming_state", "stopped_by_user", "unknown_method", "not_allowed_token_type"})
_LOST = frozenset({"message_not_found", "cant_update_message", "message_not_owned_by_app", "edit_window_closed"})
_HIDDEN = frozenset({"missing_scope", "no_permission", "not_in_channel", "channel_not_found", "thread_not_found"})
_UNCHANGEABLE = frozenset({"block_mismatch"})
"""Why a streamed message cannot become the finished answer: it goes, and the answer is posted instead."""
_LONGEST_UPDATE = 3_900
_LOOKED_AT = 200
_log = logging.getLogger(__name__)


def end_stream(client: WebClient, begun: Opened) -> bool:
    """End a message's stream if it has one; return False where the message is gone.

    Raises:
        SlackApiError: it was refused for another reason.
    """
    try:
        client.chat_stopStream(channel=begun.channel, ts=begun.ts, session_status="active")
    except SlackApiError as error:
        name = error.response.get("error")
        if name in _LOST:
            return False
        if name not in _ENDED:
            raise
    return True


def replaced(client: WebClient, begun: Opened, message: Message, metadata: Mapping[str, Any]) -> bool:
    """Show a message in the place of what was streamed; return False where that is gone, or had to go.

    Raises:
        SlackApiError: it was refused for another reason.
    """
    try:
        client.chat_update(
            channel=begun.channel,
            ts=begun.ts,
            text=message.text[:_LONGEST_UPDATE],
            blocks=list(message.blocks),
            metadata=dict(metadata),
            parse="none",
        )
    except SlackApiError as error:
        name = error.response.get("error")
        if name in _UNCHANGEABLE:
            client.chat_delete(channel=begun.channel, ts=begun.ts)
        elif name not in _LOST:
            raise
        return False
    return True


def located(client: WebClient, begun: Opened, database: Database) -> Opened:
    """Return the opened message with the place it stands at; without one where Slack never began it, or hides it.

    Raises:
        SlackApiError: the thread cannot be read.
    """
    if begun.ts:
        return begun
    try:
        page: Any = client.conversations_replies(
            channel=begun.channel, ts=begun.thread, oldest=begun.asked, include_all_metadata=True, limit=_LOOKED_AT
        )
    except SlackApiError as error:
        if error.response.get("error") not in _HIDDEN:
            raise
        return begun
    ours = [message for message in page["messages"] if message.get("user") == begun.by and not message.get("metadata")]
    later = [str(message["ts"]) for message in ours if float(message["ts"]) > float(begun.asked)]
    with database.read() as db:
        found = next((ts for ts in later if not is_placed(db, begun.channel, ts)), "")
    return replace(begun, ts=found)


def clear_status(client: WebClient, begun: Opened) -> None:
    """Show nothing more under the question: an update does not clear it as a new message does. It is cosmetic."""
    try:
        client.assistant_threads_setStatus(channel_id=begun.channel, thread_ts=begun.thread, status="")
    except (SlackClientError, OSError, HTTPException) as error:
        _log.info("the status could not be cleared: %s", error)
