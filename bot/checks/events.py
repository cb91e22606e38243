"""Which events reach the bot. A bot token cannot ask Slack what the app subscribed to, so there are two ways to know.

    asked      with SLACK_CONFIG_TOKEN (an app configuration token, valid for twelve hours) Slack shows the manifest
    observed   without it: what stands in the bot's conversations since it started must have arrived, kind by kind

The second is honest, not complete: what nobody has done since the start is neither well nor missing.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot import arrivals, manifest
from bot.arrivals import EVERY, START, Refusal
from bot.checks import machine, tokens
from bot.checks.finding import Finding, Patient, fault, hint
from bot.settings import Settings
from flywheel.errors import FlywheelError
from flywheel.store.database import Database

_WRITE_TO_IT = "start the bot, write it a direct message, run flywheel doctor again"
_REAPPLY = "paste manifest.yml again under App Manifest, then reinstall the app"
_SETTLED = timedelta(seconds=10)
"""A message younger than this may still be on its way."""

_TYPES = ("im", "mpim", "public_channel", "private_channel")
_MOST_CONVERSATIONS = 6
"""Of each type: all looks together have 20 seconds."""

_MOST_MESSAGES = 30
_BY_PEOPLE = frozenset({None, "file_share", "thread_broadcast"})
_ACTS = ("command", "block_actions", "view_submission", "message_action", "shortcut")

_REFUSALS = MappingProxyType(
    {
        Refusal.SIGNATURE: (
            "signing secret",
            "requests come that another secret signed",
            "copy the signing secret from Basic Information into SLACK_SIGNING_SECRET",
        ),
        Refusal.CLOCK: ("clock", "Slack's requests were refused for their time", "set this machine's clock (NTP)"),
    }
)

Expected = dict[str, datetime]
"""Kinds of events that must have come, each with the newest moment at which it must have."""


def look_at_events(patient: Patient) -> Iterator[Finding]:
    """See whether every event arrives that should."""
    settings = patient.settings
    if settings.slack_bot_token is None:
        return
    client = tokens.client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        if settings.slack_config_token is not None:
            yield _asked(client, settings)
        yield from _observed(patient, client)
    except (SlackClientError, OSError) as error:
        yield hint("events", f"not known: {tokens.why(error)}", "see the other lines; then run flywheel doctor again")


def _asked(client: WebClient, settings: Settings) -> Finding:
    assert settings.slack_config_token is not None
    app = client.bots_info(bot=str(client.auth_test()["bot_id"]))["bot"]["app_id"]
    shown = client.apps_manifest_export(token=settings.slack_config_token.get_secret_value(), app_id=str(app))
    over_socket = settings.slack_app_token is not None
    lacking = manifest.lacking(shown["manifest"], over_socket=over_socket)
    if lacking:
        return fault("subscriptions", f"missing: {', '.join(lacking)}", _REAPPLY)
    return Finding("subscriptions", "all there, says Slack")


def _observed(patient: Patient, client: WebClient) -> Iterator[Finding]:
    settings = patient.settings
    if settings.database_url is None and not (settings.home / "flywheel.db").exists():
        yield _nothing_yet()
        return
    database = Database(settings.database)
    try:
        if database.behind():
            yield _nothing_yet()
            return
        started, heard = arrivals.last(database, START), _heard(database)
        refused = list(_refusals(database, started, heard))
    except FlywheelError as error:
        yield hint("events", f"not known: {error}", "see the line of the database")
        return
    finally:
        database.close()
    yield from refused
    if refused:
        return  # what was refused is no event that Slack does not send
    if started is None:
        yield _nothing_yet()
        return
    expected = _that_ran(patient, heard, _expected(client, started, patient.now()))
    yield _compared(expected, heard)


def _heard(database: Database) -> dict[str, datetime]:
    kinds = [*sorted(manifest.events(manifest.packaged())), *_ACTS]
    found = {kind: arrivals.last(database, kind) for kind in kinds}
    return {kind: moment for kind, moment in found.items() if moment is not None}


def _refusals(database: Database, started: datetime | None, heard: Mapping[str, datetime]) -> Iterator[Finding]:
    """Judge requests that were refused since the start: somebody else's, if ours came after them."""
    accepted = max((one for one in heard.values() if started is None or one >= started), default=None)
    for refusal, (part, state, advice) in _REFUSALS.items():
        refused = arrivals.last(database, refusal.value)
        if refused is None or (started is not None and refused < started):
            continue
        if accepted is None or refused > accepted + EVERY:
            yield fault(part, f"{state}, last about {refused:%Y-%m-%d %H:%M} UTC", advice)


def _expected(client: WebClient, started: datetime, now: datetime) -> Expected:
    """Return what must have arrived, by what stands in the conversations."""
    me = str(client.auth_test()["user_id"])
    expected: Expected = {}
    for conversation in _conversations(client):
        channel, since = conversation["id"], f"{started.timestamp():.6f}"
        page = client.conversations_history(channel=channel, oldest=since, limit=_MOST_MESSAGES)
        for message in page["messages"]:
            at = datetime.fromtimestamp(float(message["ts"]), UTC)
            for kind in _kinds(message, conversation, me) if at < now - _SETTLED else ():
                expected[kind] = max(at, expected.get(kind, at))
    return expected


def _conversations(client: WebClient) -> Iterator[Mapping[str, Any]]:
    for kind in _TYPES:
        page = client.users_conversations(types=kind, exclude_archived=True, limit=_MOST_CONVERSATIONS)
        yield from page["channels"][:_MOST_CONVERSATIONS]


def _kinds(message: Mapping[str, Any], conversation: Mapping[str, Any], me: str) -> Iterator[str]:
    """Yield the events that a message and the reactions on it must have caused, as far as people did it."""
    if any(user != me for one in message.get("reactions", ()) for user in one.get("users", ())):
        yield "reaction_added"
    if message.get("bot_id") or message.get("user") == me or message.get("subtype") not in _BY_PEOPLE:
        return
    yield _message_kind(conversation)
    if f"<@{me}" in str(message.get("text", "")) and not conversation.get("is_im"):
        yield "app_mention"


def _message_kind(conversation: Mapping[str, Any]) -> str:
    if conversation.get("is_im"):
        return "message.im"
    if conversation.get("is_mpim"):
        return "message.mpim"
    return "message.groups" if conversation.get("is_private") else "message.channels"


def _that_ran(patient: Patient, heard: Mapping[str, datetime], expected: Expected) -> Expected:
    """Leave out what happened when nobody can say that the bot was running: not now, and nothing arrived later."""
    if machine.is_serving(patient.settings):
        return expected
    newest = max(heard.values(), default=None)
    return {kind: at for kind, at in expected.items() if newest is not None and at <= newest}


def _compared(expected: Expected, heard: Mapping[str, datetime]) -> Finding:
    missing = sorted(kind for kind, at in expected.items() if kind not in heard or heard[kind] < at - EVERY)
    if missing:
        state = f"{', '.join(missing)} did not arrive, though people did what causes it"
        return fault("events", state, _REAPPLY)
    if not heard:
        return _nothing_yet()
    return Finding("events", f"arrived lately: {', '.join(sorted(heard))}")


def _nothing_yet() -> Finding:
    return hint("events", "nothing has arrived yet", _WRITE_TO_IT)
