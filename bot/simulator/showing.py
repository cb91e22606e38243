"""What a person sees: the page's view of the workspace, as JSON. What they may not see is left out."""

from dataclasses import asdict
from typing import Any

from bot.simulator.channel import Channel, Message
from bot.simulator.errors import BadRequest, SlackError
from bot.simulator.simulator import Simulator

Json = dict[str, Any]


def state(simulator: Simulator, me: str) -> Json:
    """Return the team, the people, the conversations and what the app offers."""
    workspace, install = simulator.workspace, simulator.install
    with workspace.lock:
        users = [
            {
                "id": p.id, "name": p.name, "real_name": p.real_name, "title": p.title, "is_bot": p.is_bot,
                "is_admin": p.is_admin, "is_restricted": p.is_restricted, "avatar_color": p.avatar_color,
                "deleted": p.deleted,
            }
            for p in workspace.people.values()
        ]  # fmt: skip
        seen = [c for c in workspace.channels.values() if workspace.may_see(c, me)]
        return {
            "team": {"id": workspace.team.id, "name": workspace.team.name},
            "me": me,
            "users": users,
            "channels": [_channel(channel, me) for channel in seen],
            "commands": [asdict(command) for command in install.commands],
            "shortcuts": [asdict(shortcut) for shortcut in install.shortcuts],
            "bot_user_id": workspace.bot,
            "statuses": [s for s in simulator.sessions.shown() if s["channel"] in {c.id for c in seen}],
            "prompts": [
                {"channel": channel, "thread_ts": thread, **prompts}
                for (channel, thread), prompts in simulator.sessions.prompts.items()
                if channel in {c.id for c in seen}
            ],
            "now": workspace.clock.seconds(),
        }


def messages(simulator: Simulator, channel_id: str, me: str) -> Json:
    """Return a conversation's roots, oldest first, and mark it as read."""
    workspace = simulator.workspace
    with workspace.lock:
        channel = workspace.visible(channel_id, me)
        shown = channel.roots() + [
            m | {"ephemeral": True} for who, m in channel.ephemerals if who == me and "thread_ts" not in m
        ]
        shown.sort(key=_order)
        if channel.messages:
            channel.read[me] = next(reversed(channel.messages))
        return {"messages": [dict(message) for message in shown]}


def thread(simulator: Simulator, channel_id: str, ts: str, me: str) -> Json:
    """Return a thread, root first."""
    workspace = simulator.workspace
    with workspace.lock:
        channel = workspace.visible(channel_id, me)
        try:
            found = channel.thread(ts)
        except SlackError as error:
            raise BadRequest(f"there is no thread {ts}", status=404) from error
        root = found[0]["ts"]
        mine = [m | {"ephemeral": True} for who, m in channel.ephemerals if who == me and m.get("thread_ts") == root]
        return {"messages": [dict(message) for message in sorted([*found, *mine], key=_order)]}


def home(simulator: Simulator, me: str) -> Json:
    """Return the person's Home view."""
    return {"view": simulator.views.home(me)}


def views(simulator: Simulator, me: str) -> Json:
    """Return the person's modals, bottom first."""
    return {"views": simulator.views.stack(me)}


def calls(simulator: Simulator, method: str) -> Json:
    """Return the Web API calls so far."""
    return {"calls": [asdict(record) for record in simulator.journal.calls(method)]}


def deliveries(simulator: Simulator) -> Json:
    """Return what was sent to the app so far."""
    return {"deliveries": [asdict(record) for record in simulator.journal.deliveries()]}


def _order(message: Message) -> str:
    return str(message["ts"])


def _channel(channel: Channel, me: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind.value,
        "is_private": channel.is_private,
        "is_member": me in channel.members,
        "members": list(channel.members),
        "topic": channel.topic,
        "unread": channel.unread(me) if me in channel.members else 0,
    }
