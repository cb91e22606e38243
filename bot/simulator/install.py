"""The app as installed in the workspace: its tokens, its addresses, what it may do and what it offers.

`transport` decides how the workspace reaches the app: signed HTTP posts to `request_url`, or Socket Mode.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DEFAULT_SCOPES = frozenset(
    [
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "emoji:read",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
        "users:read.email",
    ]
)


class Transport(StrEnum):
    """How the workspace reaches the app."""

    HTTP = "http"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `command` starts with a slash."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut; `type` is "message" or "global"."""

    type: str
    callback_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AppInstall:
    """One app in one workspace.

    `events` lists the events the app subscribed to by their names in a manifest (`message.channels`), None
    meaning all its scopes allow. `ack_seconds` is how long
    the workspace waits for an answer (Slack: 3). `rate_limited` switches the one-message-per-second limit on.
    `manifest` is what `apps.manifest.export` returns to the holder of the `config_token`.
    """

    bot_token: str = "xoxb-simulator"  # noqa: S105 - a workspace that exists only on this machine
    app_token: str = "xapp-simulator"  # noqa: S105 - the same
    signing_secret: str = "simulator-signing-secret"  # noqa: S105 - the same
    transport: Transport = Transport.HTTP
    request_url: str = ""
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: frozenset[str] = DEFAULT_SCOPES
    events: frozenset[str] | None = None
    ack_seconds: float = 3.0
    rate_limited: bool = False
    home_enabled: bool = True
    config_token: str = "xoxe.xoxp-simulator"  # noqa: S105 - the same
    manifest: Mapping[str, Any] = field(default_factory=dict)
