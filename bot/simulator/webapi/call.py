"""One Web API call: its arguments, and the checks every method needs.

Arguments come from the query, a form or a JSON body, merged; structures may be JSON strings. The accessors take
care of that, and refuse with Slack's error codes.
"""

import json
import re
from typing import Any

from bot.simulator.channel import Channel
from bot.simulator.errors import SlackError
from bot.simulator.simulator import Simulator
from bot.simulator.workspace import Workspace

Json = dict[str, Any]
_TS = re.compile(r"\d{1,12}\.\d{6}")


class Call:
    """The arguments of one call by the app."""

    def __init__(self, simulator: Simulator, method: str, args: Json) -> None:
        self.simulator = simulator
        self.method = method
        self.args = args

    @property
    def workspace(self) -> Workspace:
        """The workspace the call is about."""
        return self.simulator.workspace

    def has(self, name: str) -> bool:
        """Whether an argument was given, even empty."""
        return self.args.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Return a text argument."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str, code: str = "invalid_arguments") -> str:
        """Return a text argument that must be there; raises SlackError `code`."""
        value = self.text(name)
        if not value:
            raise SlackError(code, messages=[f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes/no argument; Slack reads 1, "1" and "true" as yes."""
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number in [1, most]; raises SlackError invalid_limit."""
        value = self.text(name) or str(default)
        if not value.isdecimal() or not int(value) >= 1:
            raise SlackError("invalid_limit")
        return min(int(value), most)

    def structure(self, name: str, code: str) -> Any:
        """Return a JSON argument, decoded if it came as text, None if it was not given; raises SlackError `code`."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise SlackError(code) from error

    def timestamp(self, name: str, code: str = "message_not_found") -> str:
        """Return a message timestamp; raises SlackError `code` when it is missing or malformed."""
        value = self.text(name)
        if not _TS.fullmatch(value):
            raise SlackError(code)
        return value

    def need(self, scope: str) -> None:
        """Raise SlackError missing_scope unless the app has this scope."""
        if scope not in self.simulator.install.scopes:
            provided = ",".join(sorted(self.simulator.install.scopes))
            raise SlackError("missing_scope", extra={"needed": scope, "provided": provided})

    def conversation(self, name: str = "channel") -> Channel:
        """Return a conversation the bot may know of; raises SlackError channel_not_found for all others."""
        channel = self.workspace.channel(self.required(name, "channel_not_found"))
        if channel.is_private and self.workspace.bot not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def joined(self, name: str = "channel") -> Channel:
        """Return a conversation the bot is in; raises SlackError not_in_channel."""
        channel = self.conversation(name)
        if self.workspace.bot not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def page(self, entries: list[Any], default: int = 100, most: int = 1000) -> tuple[list[Any], str]:
        """Return one page of `entries` and the next cursor, empty at the end; raises SlackError invalid_cursor."""
        limit, cursor = self.number("limit", default, most), self.text("cursor")
        if cursor and not re.fullmatch(r"from:\d+", cursor):
            raise SlackError("invalid_cursor")
        start = int(cursor.removeprefix("from:")) if cursor else 0
        more = start + limit < len(entries)
        return entries[start : start + limit], f"from:{start + limit}" if more else ""
