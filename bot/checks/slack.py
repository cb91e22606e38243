"""Slack, as far as it answers: the tokens, their scopes, the clock, Socket Mode, and where the bot is a member."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import manifest, scheduling
from bot.checks import tokens
from bot.checks.finding import Finding, Patient, fault
from bot.settings import Settings
from flywheel.errors import ConfigurationError
from flywheel.store.database import Database

MOST_SKEW = timedelta(seconds=60)
"""Slack's own requests are refused from 300 seconds on (`ingress.CLOCK_SKEW_SECONDS`); a minute is early enough."""

_REAPPLY = "paste manifest.yml again under App Manifest, then reinstall the app"
_NETWORK = "check the network, a proxy (HTTPS_PROXY) and SLACK_API_URL"
_ANEW = "choose another report channel (/flywheel report, or FLYWHEEL_REPORT_CHANNEL)"
_INVITE = "invite the bot: write /invite @flywheel in the channel"


def look_at_slack(patient: Patient) -> Iterator[Finding]:
    """See whether Slack takes the bot token, and what it says with it."""
    settings = patient.settings
    if settings.slack_bot_token is None:
        yield Finding("Slack", "not configured; flywheel run serves /v1 alone (flywheel setup connects a workspace)")
        return
    yield from _delivery(settings)
    token = settings.slack_bot_token.get_secret_value()
    problem = tokens.kind_problem_of_bot_token(token)
    if problem:
        yield fault("bot token", f"SLACK_BOT_TOKEN: {problem}", "copy the bot token into SLACK_BOT_TOKEN")
        return
    client = tokens.client(token, settings.slack_api_url)
    try:
        me = client.auth_test()
    except (SlackClientError, OSError) as error:
        problem = tokens.why(error)
        advice = "copy the bot token (xoxb-…) from OAuth & Permissions into SLACK_BOT_TOKEN"
        yield fault("bot token", f"SLACK_BOT_TOKEN: {problem}", _unless_unreachable(problem, advice))
        return
    yield Finding("bot token", f"{me['user']} in {me['team']}")
    yield _scopes(tokens.granted_scopes(me))
    yield from _clock(patient, tokens.header(me.headers, "date"))
    yield from _places(client, _reporting(settings))


def _delivery(settings: Settings) -> Iterator[Finding]:
    if settings.slack_app_token is not None:
        problem = tokens.problem_of_app_token(settings.slack_app_token.get_secret_value(), settings.slack_api_url)
        advice = "copy an app-level token with connections:write into SLACK_APP_TOKEN"
        if problem:
            yield fault("Socket Mode", f"SLACK_APP_TOKEN: {problem}", _unless_unreachable(problem, advice))
        else:
            yield Finding("Socket Mode", "a connection can be opened")
    elif settings.slack_signing_secret is None:
        advice = "set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
        yield fault("Slack's way in", "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set", advice)
    else:
        problem = tokens.problem_of_signing_secret(settings.slack_signing_secret.get_secret_value())
        if problem:
            advice = "copy the signing secret from Basic Information into SLACK_SIGNING_SECRET"
            yield fault("signing secret", f"SLACK_SIGNING_SECRET: {problem}", advice)
        else:
            yield Finding("signing secret", "well formed; the first request from Slack shows whether it is right")


def _scopes(granted: frozenset[str]) -> Finding:
    if not granted:
        return Finding("scopes", "the server does not say")
    missing = sorted(manifest.scopes(manifest.packaged()) - granted)
    if missing:
        return fault("scopes", f"missing: {', '.join(missing)}", _REAPPLY)
    return Finding("scopes", "all there")


def _clock(patient: Patient, date: str) -> Iterator[Finding]:
    try:
        skew = patient.now() - parsedate_to_datetime(date)
    except ValueError:
        yield Finding("clock", "the server does not say its time")
        return
    if abs(skew) > MOST_SKEW:
        direction = "ahead of" if skew > timedelta(0) else "behind"
        state = f"{abs(skew).total_seconds():.0f} seconds {direction} Slack's"
        yield fault("clock", state, "set this machine's clock (NTP); Slack's requests are refused from 300 seconds on")
        return
    yield Finding("clock", f"within {MOST_SKEW.total_seconds():.0f} seconds of Slack's")


def _places(client: WebClient, report_channel: str | None) -> Iterator[Finding]:
    try:
        mine = client.users_conversations(types="public_channel,private_channel", exclude_archived=True, limit=200)
    except (SlackClientError, OSError) as error:
        yield fault("channels", tokens.why(error), "see the other lines; then run flywheel doctor again")
        return
    channels = mine["channels"]
    if channels:
        yield Finding("channels", f"the bot is in {_named(channels)}")
    else:
        yield fault("channels", "the bot is in no channel", _INVITE)
    if report_channel:
        yield _report_channel(client, report_channel)


def _reporting(settings: Settings) -> str | None:
    """Return the channel that administrators chose in Slack, else the environment's."""
    if settings.database_url is None and not (settings.home / "flywheel.db").exists():
        return settings.flywheel_report_channel
    database = Database(settings.database)
    try:
        return settings.flywheel_report_channel if database.behind() else _chosen(database, settings)
    except ConfigurationError:  # the look at the database says so
        return settings.flywheel_report_channel
    finally:
        database.close()


def _chosen(database: Database, settings: Settings) -> str | None:
    return scheduling.channel(database, settings.flywheel_report_channel)


def _report_channel(client: WebClient, channel: str) -> Finding:
    try:
        info: Any = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        problem = "the bot cannot see it" if tokens.why(error) == "channel_not_found" else tokens.why(error)
        return fault("report channel", f"{channel}: {problem}", f"{_INVITE}, or {_ANEW}")
    except (SlackClientError, OSError) as error:
        return fault("report channel", tokens.why(error), "run flywheel doctor again")
    if info.get("is_archived"):
        return fault("report channel", f"#{info.get('name', channel)} is archived", _ANEW)
    if not info.get("is_member"):
        return fault("report channel", f"the bot is not in #{info.get('name', channel)}", _INVITE)
    return Finding("report channel", f"#{info.get('name', channel)}")


def _named(channels: list[dict[str, Any]]) -> str:
    names = [f"#{one.get('name', one['id'])}" for one in channels[:3]]
    return ", ".join(names) + (f" and {len(channels) - 3} more" if len(channels) > 3 else "")


def _unless_unreachable(problem: str, advice: str) -> str:
    return _NETWORK if problem.startswith(tokens.UNREACHABLE) else advice
