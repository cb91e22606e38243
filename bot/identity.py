"""Who the bot is in its workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from flywheel.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Identity:
    """The team, and the bot's user and bot ids in it; `url` is the workspace's address, with a slash at its end."""

    team: str
    user: str
    bot: str = ""
    url: str = ""

    def wrote(self, message: Mapping[str, Any]) -> bool:
        """Tell whether the bot itself, or any other bot, wrote a message."""
        return bool(message.get("bot_id")) or message.get("user") == self.user


def whoami(client: WebClient) -> Identity:
    """Ask Slack who the token belongs to.

    Raises:
        ConfigurationError: the token is wrong, or Slack cannot be reached.
    """
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        raise ConfigurationError(f"SLACK_BOT_TOKEN is not accepted: {error.response.get('error')}") from error
    except OSError as error:
        raise ConfigurationError(f"Slack cannot be reached at {client.base_url}: {error}") from error
    address = str(answer.get("url") or "")
    url = address if not address or address.endswith("/") else f"{address}/"
    return Identity(str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id") or ""), url)
