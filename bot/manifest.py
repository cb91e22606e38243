"""The Slack app's manifest: what the bot asks Slack for, in both variants.

`manifest.yml` at the top of the repository is the one that people edit; `manifest.json` beside this module is the same
in a form that travels with the package. Over HTTP three kinds of places name the bot's address; nothing else differs.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from flywheel.errors import ConfigurationError

EVENTS_PATH = "/slack/events"
_CREATE = "https://api.slack.com/apps?new_app=1&manifest_json="
LONGEST_LINK = 8_000
"""Characters; longer addresses are cut or refused on the way by some browsers and proxies (RFC 9110 §4.1)."""

Manifest = Mapping[str, Any]


def packaged() -> dict[str, Any]:
    """Return the Socket Mode manifest."""
    found: dict[str, Any] = json.loads(files("bot").joinpath("manifest.json").read_text(encoding="utf-8"))
    return found


def over_http(manifest: Manifest, address: str) -> dict[str, Any]:
    """Return the HTTP variant of a Socket Mode manifest for a bot at `address`, such as `https://bot.example.com`."""
    url = address.rstrip("/") + EVENTS_PATH
    settings, features = manifest["settings"], manifest["features"]
    return {
        **manifest,
        "features": {**features, "slash_commands": [{**one, "url": url} for one in features["slash_commands"]]},
        "settings": {
            **settings,
            "event_subscriptions": {**settings["event_subscriptions"], "request_url": url},
            "interactivity": {**settings["interactivity"], "request_url": url},
            "socket_mode_enabled": False,
        },
    }


def creation_link(manifest: Manifest) -> str:
    """Return the address that opens Slack's "create an app" form with this manifest filled in.

    Raises:
        ConfigurationError: the address would be longer than browsers take.
    """
    link = _CREATE + quote(json.dumps(manifest, separators=(",", ":"), ensure_ascii=False), safe="")
    if len(link) > LONGEST_LINK:
        raise ConfigurationError(f"the manifest makes a link of {len(link)} characters; paste manifest.yml instead")
    return link


def scopes(manifest: Manifest) -> frozenset[str]:
    """Return the bot scopes that a manifest asks for."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def events(manifest: Manifest) -> frozenset[str]:
    """Return the events that a manifest subscribes to."""
    subscriptions = manifest.get("settings", {}).get("event_subscriptions", {})
    return frozenset(subscriptions.get("bot_events", ()))


def lacking(shown: Manifest, *, over_socket: bool) -> list[str]:
    """Return what an app's manifest, as Slack shows it, lacks of ours: events, commands, shortcuts, the way in."""
    ours, settings = packaged(), shown.get("settings", {})
    found = sorted(events(ours) - events(shown))
    found += sorted(_named(ours, "slash_commands", "command") - _named(shown, "slash_commands", "command"))
    found += sorted(_named(ours, "shortcuts", "callback_id") - _named(shown, "shortcuts", "callback_id"))
    if not settings.get("interactivity", {}).get("is_enabled"):
        found.append("interactivity")
    if over_socket and not settings.get("socket_mode_enabled"):
        found.append("Socket Mode")
    return found


def _named(manifest: Manifest, feature: str, key: str) -> frozenset[str]:
    return frozenset(str(one[key]) for one in manifest.get("features", {}).get(feature, ()))
