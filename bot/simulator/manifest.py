"""The app as its manifest describes it: scopes, events, slash commands and shortcuts.

With it the simulator offers exactly what the real workspace would, so a scope forgotten in the manifest is missed
here too.
"""

from collections.abc import Mapping
from typing import Any

from bot.simulator.install import AppInstall, Command, Shortcut


def installed(manifest: Mapping[str, Any]) -> AppInstall:
    """Return the app of a Slack manifest (version 2, decoded), with the simulator's own tokens."""
    features = manifest.get("features", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", ())
    return AppInstall(
        commands=tuple(_command(entry) for entry in features.get("slash_commands", ())),
        shortcuts=tuple(
            Shortcut(entry["type"], entry["callback_id"], entry["name"]) for entry in features.get("shortcuts", ())
        ),
        scopes=frozenset([*scopes.get("bot", ()), *scopes.get("bot_optional", ())]),
        events=frozenset(events),
        home_enabled=bool(features.get("app_home", {}).get("home_tab_enabled")),
        manifest=manifest,
    )


def _command(entry: Mapping[str, Any]) -> Command:
    return Command(
        entry["command"],
        entry.get("description", ""),
        entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape")),
    )
