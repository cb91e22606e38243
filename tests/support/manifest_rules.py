"""Our own rules for the manifest: what Slack's schema lets pass and Slack itself, or a user, would not.

Scopes and events are those of docs.slack.dev (reference/scopes, reference/events, reference/methods); a name that is
not in these tables is refused until somebody has looked it up. `complaints` is pure: a manifest in, sentences out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

Manifest = Mapping[str, Any]

EVENT_SCOPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "agent_session_stopped": frozenset({"chat:write"}),
        "agent_session_title_changed": frozenset({"chat:write"}),
        "app_context_changed": frozenset({"assistant:write"}),
        "app_home_opened": frozenset(),
        "app_mention": frozenset({"app_mentions:read"}),
        "app_uninstalled": frozenset(),
        "assistant_thread_context_changed": frozenset({"assistant:write"}),
        "assistant_thread_started": frozenset({"assistant:write"}),
        "channel_archive": frozenset({"channels:read"}),
        "channel_created": frozenset({"channels:read"}),
        "channel_deleted": frozenset({"channels:read"}),
        "channel_id_changed": frozenset({"channels:read"}),
        "channel_left": frozenset({"channels:read"}),
        "channel_rename": frozenset({"channels:read"}),
        "channel_shared": frozenset({"channels:read"}),
        "channel_unarchive": frozenset({"channels:read"}),
        "channel_unshared": frozenset({"channels:read"}),
        "file_change": frozenset({"files:read"}),
        "file_deleted": frozenset({"files:read"}),
        "group_archive": frozenset({"groups:read"}),
        "group_deleted": frozenset({"groups:read"}),
        "group_left": frozenset({"groups:read"}),
        "group_rename": frozenset({"groups:read"}),
        "group_unarchive": frozenset({"groups:read"}),
        "link_shared": frozenset({"links:read"}),
        "member_joined_channel": frozenset({"channels:read", "groups:read"}),
        "member_left_channel": frozenset({"channels:read", "groups:read"}),
        "message.channels": frozenset({"channels:history"}),
        "message.groups": frozenset({"groups:history"}),
        "message.im": frozenset({"im:history"}),
        "message.mpim": frozenset({"mpim:history"}),
        "reaction_added": frozenset({"reactions:read"}),
        "reaction_removed": frozenset({"reactions:read"}),
        "team_join": frozenset({"users:read"}),
        "tokens_revoked": frozenset(),
        "user_change": frozenset({"users:read"}),
    }
)
"""Every event that may be subscribed to, and the scopes it needs."""

METHOD_SCOPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "agents_sessions_rename": frozenset({"chat:write"}),
        "agents_sessions_setStatus": frozenset({"chat:write"}),
        "apps_connections_open": frozenset(),
        "apps_manifest_export": frozenset(),
        "assistant_threads_setStatus": frozenset({"chat:write"}),
        "assistant_threads_setSuggestedPrompts": frozenset({"assistant:write"}),
        "assistant_threads_setTitle": frozenset({"assistant:write"}),
        "auth_revoke": frozenset(),
        "auth_test": frozenset(),
        "bots_info": frozenset({"users:read"}),
        "chat_appendStream": frozenset({"chat:write"}),
        "chat_delete": frozenset({"chat:write"}),
        "chat_getPermalink": frozenset(),
        "chat_postEphemeral": frozenset({"chat:write"}),
        "chat_postMessage": frozenset({"chat:write"}),
        "chat_startStream": frozenset({"chat:write"}),
        "chat_stopStream": frozenset({"chat:write"}),
        "chat_update": frozenset({"chat:write"}),
        "conversations_history": frozenset({"channels:history", "groups:history", "im:history", "mpim:history"}),
        "conversations_info": frozenset({"channels:read", "groups:read", "im:read", "mpim:read"}),
        "conversations_join": frozenset({"channels:join"}),
        "conversations_list": frozenset({"channels:read", "groups:read"}),
        "conversations_members": frozenset({"channels:read", "groups:read", "im:read", "mpim:read"}),
        "conversations_open": frozenset({"im:write"}),
        "conversations_replies": frozenset({"channels:history", "groups:history", "im:history", "mpim:history"}),
        "files_info": frozenset({"files:read"}),
        "files_upload_v2": frozenset({"files:write"}),
        "reactions_add": frozenset({"reactions:write"}),
        "reactions_get": frozenset({"reactions:read"}),
        "team_info": frozenset({"team:read"}),
        "users_conversations": frozenset({"channels:read", "groups:read", "im:read"}),
        "users_info": frozenset({"users:read"}),
        "users_list": frozenset({"users:read"}),
        "users_lookupByEmail": frozenset({"users:read.email"}),
        "views_open": frozenset(),
        "views_publish": frozenset(),
        "views_push": frozenset(),
        "views_update": frozenset(),
    }
)
"""Every Web API method we may call, by its name in the SDK, and the scopes it needs in the places where we are."""

READ_SCOPES: Mapping[str, str] = MappingProxyType({"files:read": r"url_private", "users:read.email": r"\"email\""})
"""Scopes that change what we may read rather than what we may call, and how our code shows that it reads it."""

FEATURE_SCOPES: Mapping[str, str] = MappingProxyType(
    {"slash_commands": "commands", "shortcuts": "commands", "agent_view": "assistant:write"}
)

KNOWN_SCOPES = frozenset().union(*EVENT_SCOPES.values(), *METHOD_SCOPES.values(), READ_SCOPES, FEATURE_SCOPES.values())

_NAME = re.compile(r"[a-z0-9._-]{1,80}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?")


def complaints(manifest: Manifest) -> list[str]:
    """Return what is wrong, a sentence each; none for a manifest that Slack takes and that is whole."""
    return [*_scopes(manifest), *_events(manifest), *_looks(manifest), *_addresses(manifest)]


def needed_scopes(manifest: Manifest, methods: frozenset[str], source: str) -> frozenset[str]:
    """Return the scopes that events, features, the methods we call and what our source reads ask for."""
    of_events = frozenset().union(*(EVENT_SCOPES.get(one, frozenset()) for one in _list(manifest, "bot_events")))
    of_methods = frozenset().union(*(METHOD_SCOPES[one] for one in methods))
    of_features = {scope for name, scope in FEATURE_SCOPES.items() if manifest["features"].get(name)}
    of_reading = {scope for scope, pattern in READ_SCOPES.items() if re.search(pattern, source)}
    return of_events | of_methods | of_features | of_reading


def _scopes(manifest: Manifest) -> Iterator[str]:
    granted = _list(manifest, "scopes")
    yield from (f"{one} is not a scope we know" for one in granted if one not in KNOWN_SCOPES)
    yield from (f"the scope {one} stands there twice" for one in _repeated(granted))
    for feature, scope in FEATURE_SCOPES.items():
        if manifest["features"].get(feature) and scope not in granted:
            yield f"features.{feature} needs the scope {scope}"


def _events(manifest: Manifest) -> Iterator[str]:
    subscribed, granted = _list(manifest, "bot_events"), frozenset(_list(manifest, "scopes"))
    yield from (f"the event {one} stands there twice" for one in _repeated(subscribed))
    for event in subscribed:
        if event not in EVENT_SCOPES:
            yield f"{event} is not an event we know"
        for scope in sorted(EVENT_SCOPES.get(event, frozenset()) - granted):
            yield f"the event {event} needs the scope {scope}"


def _looks(manifest: Manifest) -> Iterator[str]:
    features, shown = manifest["features"], manifest["display_information"]
    if not _NAME.fullmatch(features["bot_user"]["display_name"]):
        yield "bot_user.display_name may have a-z, 0-9, hyphen, underscore and full stop"
    if not _COLOUR.fullmatch(shown.get("background_color", "#000")):
        yield "background_color is not a colour such as #1d3557"
    if "agent_view" in features and "assistant_view" in features:
        yield "agent_view and assistant_view exclude each other"
    commands = [one["command"] for one in features.get("slash_commands", ())]
    yield from (f"the command {one} stands there twice" for one in _repeated(commands))
    callbacks = [one["callback_id"] for one in features.get("shortcuts", ())]
    yield from (f"the callback_id {one} stands there twice" for one in _repeated(callbacks))


def _addresses(manifest: Manifest) -> Iterator[str]:
    settings = manifest["settings"]
    places = {
        "event_subscriptions.request_url": settings["event_subscriptions"].get("request_url"),
        "interactivity.request_url": settings["interactivity"].get("request_url"),
        **{f"{one['command']} url": one.get("url") for one in manifest["features"].get("slash_commands", ())},
    }
    for place, address in places.items():
        if settings["socket_mode_enabled"] and address:
            yield f"{place} is not used with Socket Mode; take it out"
        if not settings["socket_mode_enabled"] and not address:
            yield f"{place} is missing; over HTTP Slack needs it"
        if address and not address.startswith("https://"):
            yield f"{place} must be https"
    if len({address for address in places.values() if address}) > 1:
        yield "the addresses differ; the bot has one"


def _list(manifest: Manifest, name: str) -> list[str]:
    if name == "scopes":
        return list(manifest["oauth_config"]["scopes"]["bot"])
    return list(manifest["settings"]["event_subscriptions"].get(name, ()))


def _repeated(names: list[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
