"""Join the report channel: Slack refuses what is posted where the bot is no member, and a refusal is for good."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

_LOG = logging.getLogger(__name__)


def join(client: WebClient, channel: str) -> None:
    """Join a channel unless the bot is in it. Into a private one it has to be invited; the log says so."""
    try:
        if not client.conversations_info(channel=channel)["channel"].get("is_member"):
            client.conversations_join(channel=channel)
    except SlackApiError as error:
        _LOG.warning("invite the bot to the report channel %s: %s", channel, error.response.get("error"))
