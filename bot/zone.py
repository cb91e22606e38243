"""The team's time zone: FLYWHEEL_TIMEZONE, else the one in the Slack profile of an administrator, else UTC.

Slack keeps a zone for every person and none for the workspace; the administrators are who read the reports. They are
asked in the order of their ids, so that every process comes to the same zone.
"""

import logging
from http.client import HTTPException
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.settings import Settings
from flywheel.errors import ConfigurationError
from flywheel.jobs import time_zone

_LOG = logging.getLogger(__name__)
_UTC = "UTC"


def team_zone(settings: Settings, client: WebClient | None) -> ZoneInfo:
    """Return the team's time zone.

    Raises:
        ConfigurationError: FLYWHEEL_TIMEZONE names no zone.
    """
    if settings.flywheel_timezone is not None:
        return time_zone(settings.flywheel_timezone)
    if client is None:
        return time_zone(_UTC)
    for person in sorted(settings.admins):
        try:
            return time_zone(str(client.users_info(user=person)["user"]["tz"]))
        except (SlackClientError, OSError, HTTPException, KeyError, ConfigurationError) as error:
            _LOG.info("the time zone of %s is not known: %s", person, type(error).__name__)
    return time_zone(_UTC)
