"""What `flywheel setup` asks for, checked at once with Slack and the language model.

Each `accept_…` takes what somebody typed and returns what to keep, or raises `ConfigurationError` with a sentence that
says what is wrong with it and where the right one stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import manifest
from bot.checks import models, tokens
from flywheel.errors import ConfigurationError
from flywheel.gateways.openai_chat import OpenAIChat

_APP_OF_TOKEN = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]+")
_MOST_PAGES = 5
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace whose bot token works."""

    token: str
    client: WebClient
    team: str
    bot: str
    app: str


def accept_address(text: str) -> str:
    """Return the public address of the bot, without a path."""
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise ConfigurationError("the address is https:// and a host, such as https://bot.example.com")
    return f"https://{parts.netloc}"


def open_workspace(token: str, api_url: str) -> Workspace:
    """Return the workspace of a bot token that has every scope."""
    problem = tokens.kind_problem_of_bot_token(token)
    if problem:
        raise ConfigurationError(problem)
    client = tokens.client(token, api_url)
    try:
        me = client.auth_test()
        granted = tokens.granted_scopes(me)
        missing = sorted(manifest.scopes(manifest.packaged()) - granted) if granted else []
        if missing:
            raise ConfigurationError(f"the app lacks {', '.join(missing)}: paste the manifest again and reinstall it")
        app = client.bots_info(bot=str(me["bot_id"]))["bot"]
    except (SlackClientError, OSError) as error:
        raise ConfigurationError(tokens.why(error)) from error
    return Workspace(token, client, str(me["team"]), str(me["user"]), str(app.get("app_id", "")))


def accept_app_token(token: str, workspace: Workspace) -> str:
    """Return an app-level token with which Socket Mode works, and which is this app's."""
    problem = tokens.problem_of_app_token(token, workspace.client.base_url)
    if problem:
        raise ConfigurationError(problem)
    named = _APP_OF_TOKEN.match(token)
    if named and workspace.app and named.group(1) != workspace.app:
        raise ConfigurationError(f"that token is of the app {named.group(1)}; the bot token is of {workspace.app}")
    return token


def accept_signing_secret(secret: str) -> str:
    """Return a signing secret of the right form; only a request from Slack shows whether it is the right one."""
    problem = tokens.problem_of_signing_secret(secret)
    if problem:
        raise ConfigurationError(problem)
    return secret


def administrators(workspace: Workspace) -> dict[str, str]:
    """Return the workspace's own administrators, names by user id, from its first thousand people."""
    people = _people(workspace.client)
    return {
        str(one["id"]): str(one.get("real_name") or one.get("name") or one["id"])
        for one in people
        if (one.get("is_admin") or one.get("is_owner")) and not one.get("deleted") and not one.get("is_bot")
    }


def accept_admins(text: str, workspace: Workspace) -> str:
    """Return user ids, separated by commas, of people given by their ids or e-mail addresses."""
    named = [one.strip().lstrip("@") for one in text.split(",") if one.strip()]
    if not named:
        raise ConfigurationError("name at least one person, by user id or e-mail address")
    return ",".join(dict.fromkeys(_person(workspace.client, one) for one in named))


def accept_report_channel(text: str, workspace: Workspace) -> str:
    """Return the id of a channel that the bot is in; a public one it joins. Empty for none."""
    if not text:
        return ""
    client = workspace.client
    try:
        channel = text if _CHANNEL_ID.fullmatch(text) else _channel_named(client, text.lstrip("#"))
        info: Any = client.conversations_info(channel=channel)["channel"]
        if not info.get("is_member"):
            client.conversations_join(channel=channel)
    except SlackApiError as error:
        invite = f"write /invite @{workspace.bot} in the channel and try again"
        raise ConfigurationError(f"the bot cannot see {text}; {invite}") from error
    except (SlackClientError, OSError) as error:
        raise ConfigurationError(tokens.why(error)) from error
    return channel


def check_language_model(base_url: str, key: str, model: str) -> None:
    """Ask a language model one short question."""
    problem = models.ask_once(OpenAIChat(model, key, base_url or None))
    if problem:
        raise ConfigurationError(problem)


def _people(client: WebClient) -> Iterator[dict[str, Any]]:
    cursor = ""
    for _ in range(_MOST_PAGES):
        try:
            page = client.users_list(limit=_PAGE, cursor=cursor or None)
        except (SlackClientError, OSError) as error:
            raise ConfigurationError(tokens.why(error)) from error
        yield from page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _person(client: WebClient, named: str) -> str:
    try:
        found: Any = client.users_lookupByEmail(email=named) if "@" in named else client.users_info(user=named)
    except SlackApiError as error:
        raise ConfigurationError(f"Slack knows nobody as {named}; give a user id or an e-mail address") from error
    except (SlackClientError, OSError) as error:
        raise ConfigurationError(tokens.why(error)) from error
    person = found["user"]
    if person.get("is_bot") or person.get("deleted"):
        raise ConfigurationError(f"{named} is no person who is active in the workspace")
    return str(person["id"])


def _channel_named(client: WebClient, name: str) -> str:
    cursor = ""
    while True:
        types = "public_channel,private_channel"
        page = client.conversations_list(types=types, exclude_archived=True, limit=_PAGE, cursor=cursor or None)
        for channel in page["channels"]:
            if channel.get("name") == name:
                return str(channel["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            raise ConfigurationError(f"there is no channel #{name} that the bot can see")
