"""The team's time zone: what is set, else what Slack says of an administrator, else UTC."""

from typing import Any

import pytest

from bot.outbox import slack_client
from bot.settings import Settings
from bot.zone import team_zone
from flywheel.errors import ConfigurationError
from tests.integration.bot.world import People, install_at


def settings(**given: Any) -> Settings:
    return Settings.model_validate({"flywheel_admins": "U1,U999", "flywheel_timezone": None, **given})


def test_what_is_set_counts(people: People) -> None:
    client = slack_client(install_at("").bot_token, f"{people.url}/api/")

    assert team_zone(settings(flywheel_timezone="Asia/Tokyo"), client).key == "Asia/Tokyo"


def test_else_what_slack_says_of_an_administrator(people: People) -> None:
    client = slack_client(install_at("").bot_token, f"{people.url}/api/")

    assert team_zone(settings(), client).key == "Europe/Berlin"


def test_an_administrator_that_slack_does_not_know_is_passed_over(people: People) -> None:
    client = slack_client(install_at("").bot_token, f"{people.url}/api/")

    assert team_zone(settings(flywheel_admins="U0,U1"), client).key == "Europe/Berlin"


def test_without_a_workspace_it_is_utc() -> None:
    assert team_zone(settings(), None).key == "UTC"


def test_while_slack_does_not_answer_it_is_utc() -> None:
    assert team_zone(settings(), slack_client("xoxb-1", "http://127.0.0.1:9/api/")).key == "UTC"


def test_a_zone_that_is_none_is_said() -> None:
    with pytest.raises(ConfigurationError, match="FLYWHEEL_TIMEZONE"):
        team_zone(settings(flywheel_timezone="Mars/Olympus"), None)
