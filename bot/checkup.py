"""Ask Slack whether the tokens, scopes and invitations are as the bot needs them."""

from collections.abc import Iterator

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.settings import Settings

NEEDED_SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "reactions:read",
        "users:read",
    ]
)
_SECONDS = 10

Line = tuple[str, str, str]
"""What was looked at, how it is, and what to do; the last is empty when it is well."""


def check_slack(settings: Settings) -> Iterator[Line]:
    """Yield one line for each thing that Slack can tell."""
    assert settings.slack_bot_token is not None
    client = WebClient(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, timeout=_SECONDS)
    try:
        me = client.auth_test()
    except (SlackApiError, SlackRequestError, OSError) as error:
        reason = error.response["error"] if isinstance(error, SlackApiError) else type(error).__name__
        yield "Slack token", str(reason), "copy the bot token (xoxb-…) from OAuth & Permissions into SLACK_BOT_TOKEN"
        return
    yield "Slack token", f"{me['user']} in {me['team']}", ""
    yield _scopes({name.lower(): value for name, value in me.headers.items()}.get("x-oauth-scopes", ""))
    yield from _delivery(settings, client)
    if settings.flywheel_report_channel:
        yield _report_channel(client, settings.flywheel_report_channel)


def _scopes(granted: object) -> Line:
    listed = granted if isinstance(granted, str) else ",".join(str(one) for one in granted or ())  # type: ignore[attr-defined]
    missing = sorted(NEEDED_SCOPES - {one.strip() for one in listed.split(",")}) if listed else []
    if missing:
        return "Slack scopes", f"missing: {', '.join(missing)}", "apply manifest.yml again and reinstall the app"
    return "Slack scopes", "all there" if listed else "the server does not say", ""


def _delivery(settings: Settings, client: WebClient) -> Iterator[Line]:
    if settings.slack_app_token is not None:
        try:
            client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
        except SlackApiError as error:
            yield "Socket Mode", str(error.response["error"]), "make an app-level token with connections:write"
            return
        yield "Socket Mode", "a connection can be opened", ""
    elif settings.slack_signing_secret is None:
        yield "Slack events", "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set", "set one of them"
    else:
        yield "Slack events", "signed requests at /slack/events", ""


def _report_channel(client: WebClient, channel: str) -> Line:
    try:
        info = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        return "report channel", str(error.response["error"]), f"invite the bot to {channel}, or correct its id"
    if not info.get("is_member"):
        return "report channel", "the bot is not a member", f"invite the bot: /invite @flywheel in {channel}"
    return "report channel", f"#{info.get('name', channel)}", ""
