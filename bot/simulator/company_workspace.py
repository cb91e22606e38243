"""A workspace described by `company.yaml` in a folder.

    name: Northwind            team_id: T1            admins: [U1]
    people:    [{id, name, real_name, title, email, guest}]
    channels:  [{id, name, private, topic, members: [U1, …], bot: true}]
    talk:      [{channel, by, minutes_ago, text, replies: [{by, text}, …]}]     replies a minute apart

The bot itself is added by the loader; `bot: true` puts it into a channel. Nobody is told of the talk: it was there
before the bot came.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from bot.simulator import posting
from bot.simulator.channel import ChannelSpec
from bot.simulator.clock import Clock
from bot.simulator.people import Kind, Person
from bot.simulator.workspace import Team, Workspace


def load(folder: Path, now: Callable[[], datetime], rng: Random | None = None) -> Workspace:
    """Build the workspace that `folder`/company.yaml describes.

    Raises FileNotFoundError without that file, and ValueError naming what is wrong in it.
    """
    described = yaml.safe_load((folder / "company.yaml").read_text(encoding="utf-8"))
    if not isinstance(described, dict) or not described.get("people"):
        raise ValueError("company.yaml must describe people and channels")
    admins = set(described.get("admins", ()))
    name = str(described.get("name", "Company"))
    team = Team(str(described.get("team_id", "T1")), name, "-".join(name.lower().split()))
    people = [_person(entry, admins) for entry in described["people"]]
    bot = Person(team.bot_user_id, "flywheel", "Flywheel", "Answers questions", is_bot=True)
    known = {person.id for person in people}
    channels = [_channel(entry, known, bot.id) for entry in described.get("channels", ())]
    rng = rng or Random()  # noqa: S311 - ids, not secrets
    workspace = Workspace(team, [*people, bot], channels, clock=Clock(now), rng=rng)
    for entry in sorted(described.get("talk", ()), key=lambda one: -int(one["minutes_ago"])):
        _say(workspace, entry, now())
    return workspace


def _say(workspace: Workspace, entry: dict[str, Any], now: datetime) -> None:
    channel = workspace.channel(str(entry["channel"]))
    at = now - timedelta(minutes=int(entry["minutes_ago"]))
    root = ""
    for one in (entry, *entry.get("replies", ())):
        said = posting.typed(workspace, workspace.person(str(one["by"])).id, str(one["text"]))
        said |= {"type": "message", "team": workspace.team.id, "ts": workspace.ids.ts(at)}
        channel.add(said | ({"thread_ts": root} if root else {}))
        root, at = root or said["ts"], at + timedelta(minutes=1)
    channel.read = dict.fromkeys(channel.members, max(channel.messages))


def _person(entry: dict[str, Any], admins: set[str]) -> Person:
    for key in ("id", "name", "real_name"):
        if not entry.get(key):
            raise ValueError(f"company.yaml: a person without {key}: {entry}")
    return Person(
        str(entry["id"]),
        str(entry["name"]),
        str(entry["real_name"]),
        str(entry.get("title", "")),
        str(entry.get("email", f"{entry['name']}@example.com")),
        is_admin=entry["id"] in admins,
        is_restricted=bool(entry.get("guest", False)),
    )


def _channel(entry: dict[str, Any], known: set[str], bot: str) -> ChannelSpec:
    members = [str(member) for member in entry.get("members", ())]
    strangers = sorted(set(members) - known)
    if strangers:
        raise ValueError(f"company.yaml: channel {entry.get('name')} names unknown people: {', '.join(strangers)}")
    if entry.get("bot"):
        members.append(bot)
    kind = Kind.GROUP if entry.get("private") else Kind.CHANNEL
    return ChannelSpec(str(entry["id"]), str(entry["name"]), kind, tuple(members), str(entry.get("topic", "")))
