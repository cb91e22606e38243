"""The secrets that Slack gives out: which kind each is, told by its first letters, and whether Slack takes it.

    xoxb-   a bot token (xoxe.xoxb- where tokens rotate): SLACK_BOT_TOKEN
    xapp-   an app-level token: SLACK_APP_TOKEN
    xoxp-   a person's token: never ours
    signing secret   32 hexadecimal digits; no call can tell whether it is right, only a request from Slack

`setup` asks with these, and `doctor` looks with them, so that both say the same. No function repeats a secret.
"""

import re
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

SECONDS = 6
"""How long one call to Slack may take."""

UNREACHABLE = "Slack cannot be reached"

_KINDS = {
    "xoxb-": "a bot token",
    "xoxe.xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a person's token",
    "xoxe.xoxp-": "a configuration token",
    "xoxa-": "a legacy token",
    "xoxr-": "a refresh token",
}
_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
_REASONS = {
    "invalid_auth": "Slack does not know it",
    "not_authed": "Slack does not know it",
    "account_inactive": "the app was removed from the workspace",
    "token_revoked": "it was revoked",
    "token_expired": "it has expired",
    "not_allowed_token_type": "it is of another kind",
}


def client(token: str, api_url: str) -> WebClient:
    """Return a client that fails soon and tries nothing twice."""
    base = api_url if api_url.endswith("/") else f"{api_url}/"
    return WebClient(token, base_url=base, timeout=SECONDS, retry_handlers=[])


def kind_problem_of_bot_token(token: str) -> str:
    """Return why this cannot be a bot token, empty when it can."""
    return _kind_problem(token, "a bot token", "the bot token starts with xoxb- (OAuth & Permissions)")


def kind_problem_of_app_token(token: str) -> str:
    """Return why this cannot be an app-level token, empty when it can."""
    return _kind_problem(token, "an app-level token", "the app-level token starts with xapp- (Basic Information)")


def problem_of_signing_secret(secret: str) -> str:
    """Return why this cannot be a signing secret, empty when it can."""
    if _kind(secret):
        return f"that is {_kind(secret)}; the signing secret has 32 digits and letters a-f (Basic Information)"
    if not _SIGNING_SECRET.fullmatch(secret):
        return "a signing secret has 32 digits and letters a-f (Basic Information)"
    return ""


def problem_of_app_token(token: str, api_url: str) -> str:
    """Return why Slack opens no connection with an app-level token, empty when it does."""
    problem = kind_problem_of_app_token(token)
    if problem:
        return problem
    try:
        client(token, api_url).apps_connections_open(app_token=token)
    except (SlackClientError, OSError) as error:
        return why(error)
    return ""


def why(error: Exception) -> str:
    """Return in words why a call to Slack failed."""
    if not isinstance(error, SlackApiError):
        return f"{UNREACHABLE} ({type(error).__name__})"
    name = str(error.response.get("error"))
    if name == "missing_scope":
        return f"the scope {error.response.get('needed') or 'connections:write'} is missing"
    return _REASONS.get(name, name)


def granted_scopes(reply: Any) -> frozenset[str]:
    """Return the scopes that Slack names in the headers of a reply; none where the server does not say."""
    listed = header(reply.headers, "x-oauth-scopes")
    return frozenset(one.strip() for one in listed.split(",") if one.strip())


def header(headers: Mapping[str, Any], name: str) -> str:
    """Return a header by its name in lower case; the SDK gives a list where one stands several times."""
    value = {str(key).lower(): given for key, given in headers.items()}.get(name, "")
    return ",".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _kind_problem(token: str, wanted: str, where: str) -> str:
    kind = _kind(token)
    if kind == wanted:
        return ""
    return f"that is {kind}; {where}" if kind else f"that is no token of Slack; {where}"


def _kind(token: str) -> str:
    return next((kind for start, kind in _KINDS.items() if token.startswith(start)), "")
