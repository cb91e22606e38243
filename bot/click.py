"""A use of a button or a menu: who, on what, where, and where to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.heard import moment


@dataclass(frozen=True, slots=True)
class Click:
    """A click.

    `value` is the id that the button or the chosen option carries; `only_you` tells that the message is ephemeral.
    """

    person: str
    action: str
    value: str
    stamp: str
    trigger: str
    channel: str | None = None
    message_ts: str | None = None
    thread_ts: str | None = None
    response_url: str | None = None
    only_you: bool = False

    @property
    def at(self) -> datetime:
        """When it happened."""
        return moment(self.stamp)

    @property
    def key(self) -> str:
        """What makes it this click."""
        return f"{self.message_ts}:{self.person}:{self.action}:{self.stamp}"


def clicked(body: Mapping[str, Any]) -> Click:
    """Return the click in a block_actions payload."""
    action = body["actions"][0]
    container = body.get("container") or {}
    message = body.get("message") or {}
    return Click(
        person=str(body["user"]["id"]),
        action=str(action["action_id"]),
        value=str(action.get("value") or (action.get("selected_option") or {}).get("value") or ""),
        stamp=str(action["action_ts"]),
        trigger=str(body.get("trigger_id") or ""),
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        message_ts=container.get("message_ts"),
        thread_ts=message.get("thread_ts") or container.get("thread_ts"),
        response_url=body.get("response_url"),
        only_you=bool(container.get("is_ephemeral")),
    )
