"""What happens to messages: posting, editing, deleting, reacting, joining, leaving.

Every function takes the workspace's lock, changes the state, emits Slack's event objects and tells the page to
look again. A message in an event carries no metadata: Slack shows that only to those who ask with
`include_all_metadata`.
"""

import copy
from typing import Any

from bot.simulator import text
from bot.simulator.channel import Channel, Message, is_reply
from bot.simulator.errors import SlackError
from bot.simulator.people import Kind
from bot.simulator.workspace import Change, Workspace

_MEMBER_KIND = {Kind.CHANNEL: "C"}
_MOST_REACTIONS = 23


def post(workspace: Workspace, channel: Channel, fields: Message) -> Message:
    """Add a message and announce it; raises SlackError thread_not_found for an unknown thread."""
    with workspace.lock:
        message = {
            "type": "message",
            "team": workspace.team.id,
            **fields,
            "ts": workspace.ids.ts(workspace.clock.now()),
        }
        parent = _parent(channel, message)
        if parent is not None:
            message |= {"thread_ts": parent["ts"], "parent_user_id": parent.get("user", "")}
        channel.add(message)
        if message.get("user"):
            channel.read[message["user"]] = message["ts"]
        workspace.emit(as_event(channel, message), channel)
        _look_again(workspace, channel, message)
        return message


def typed(workspace: Workspace, person: str, raw: str) -> Message:
    """Return the fields of a message as a person's client sends them: composed text and rich text."""
    people = {p.name.lower(): p.id for p in workspace.people.values()}
    channels = {c.name.lower(): c.id for c in workspace.channels.values() if c.name}
    stored = text.compose(raw, people, channels)
    blocks = text.rich_text(stored, workspace.ids.fresh("", 5))
    fields: Message = {"user": person, "text": stored, "client_msg_id": workspace.ids.fresh("msg-")}
    return fields | ({"blocks": blocks} if blocks else {})


def edit(workspace: Workspace, channel: Channel, ts: str, changes: Message) -> Message:
    """Change a message and announce message_changed; a key whose new value is None is removed."""
    with workspace.lock:
        message = channel.message(ts)
        before = _public(message)
        for key, value in changes.items():
            if value is None:
                message.pop(key, None)
            else:
                message[key] = value
        now = workspace.ids.ts(workspace.clock.now())
        event = {
            "type": "message",
            "subtype": "message_changed",
            "message": _public(message),
            "previous_message": before,
            **_envelope(channel, now),
        }
        workspace.emit(event, channel)
        _look_again(workspace, channel, message)
        return message


def delete(workspace: Workspace, channel: Channel, ts: str) -> None:
    """Delete a message and announce message_deleted; raises SlackError message_not_found."""
    with workspace.lock:
        message = channel.message(ts)
        before = _public(message)
        channel.remove(ts)
        now = workspace.ids.ts(workspace.clock.now())
        event = {"type": "message", "subtype": "message_deleted", "deleted_ts": ts, "previous_message": before}
        workspace.emit(event | _envelope(channel, now), channel)
        _look_again(workspace, channel, message)


def post_ephemeral(workspace: Workspace, channel: Channel, person: str, fields: Message) -> Message:
    """Show a message to one person; nothing is announced to the app."""
    with workspace.lock:
        message = {"type": "message", **fields, "ts": workspace.ids.ts(workspace.clock.now()), "is_ephemeral": True}
        channel.ephemerals.append((person, message))
        root = message.get("thread_ts", "")
        workspace.tell(Change("message", channel.id, root, person=person))
        if root:
            workspace.tell(Change("thread", channel.id, root, person=person))
        return message


def react(workspace: Workspace, channel: Channel, ts: str, name: str, person: str) -> None:
    """Add a reaction; raises SlackError already_reacted, too_many_reactions or message_not_found."""
    with workspace.lock:
        message = channel.message(ts)
        reactions = message.setdefault("reactions", [])
        found = next((r for r in reactions if r["name"] == name), None)
        if found is None and len(reactions) >= _MOST_REACTIONS:
            raise SlackError("too_many_emoji")
        if found is None:
            found = {"name": name, "users": [], "count": 0}
            reactions.append(found)
        if person in found["users"]:
            raise SlackError("already_reacted")
        found["users"].append(person)
        found["count"] += 1
        _announce_reaction(workspace, channel, message, ("reaction_added", name, person))


def unreact(workspace: Workspace, channel: Channel, ts: str, name: str, person: str) -> None:
    """Take a reaction back; raises SlackError no_reaction or message_not_found."""
    with workspace.lock:
        message = channel.message(ts)
        found = next((r for r in message.get("reactions", []) if r["name"] == name and person in r["users"]), None)
        if found is None:
            raise SlackError("no_reaction")
        found["users"].remove(person)
        found["count"] -= 1
        message["reactions"] = [r for r in message["reactions"] if r["users"]]
        if not message["reactions"]:
            del message["reactions"]
        _announce_reaction(workspace, channel, message, ("reaction_removed", name, person))


def join(workspace: Workspace, channel: Channel, person: str, inviter: str = "") -> bool:
    """Add a member and announce it; False when they were there already."""
    with workspace.lock:
        if person in channel.members:
            return False
        channel.members.append(person)
        extra = {"inviter": inviter} if inviter else {}
        _announce_member(workspace, channel, person, "member_joined_channel", extra)
        post(workspace, channel, _notice("channel_join", person, f"<@{person}> has joined the channel"))
        workspace.tell(Change("state"))
        return True


def leave(workspace: Workspace, channel: Channel, person: str) -> bool:
    """Remove a member and announce it; False when they were not there."""
    with workspace.lock:
        if person not in channel.members:
            return False
        _announce_member(workspace, channel, person, "member_left_channel", {})
        channel.members.remove(person)
        post(workspace, channel, _notice("channel_leave", person, f"<@{person}> has left the channel"))
        workspace.tell(Change("state"))
        return True


def as_event(channel: Channel, message: Message) -> Message:
    """Return the message event Slack sends for a new message."""
    return _public(message) | {"channel": channel.id, "channel_type": channel.kind.value, "event_ts": message["ts"]}


def _public(message: Message) -> Message:
    return copy.deepcopy({k: v for k, v in message.items() if k != "metadata"})


def _envelope(channel: Channel, ts: str) -> dict[str, Any]:
    return {"channel": channel.id, "channel_type": channel.kind.value, "hidden": True, "ts": ts, "event_ts": ts}


def _parent(channel: Channel, message: Message) -> Message | None:
    wanted = message.get("thread_ts")
    if not wanted:
        message.pop("thread_ts", None)
        return None
    if wanted not in channel.messages:
        raise SlackError("thread_not_found")
    found = channel.messages[wanted]
    return channel.messages[found["thread_ts"]] if is_reply(found) else found


def _notice(subtype: str, person: str, said: str) -> Message:
    return {"subtype": subtype, "user": person, "text": said}


def _announce_member(workspace: Workspace, channel: Channel, person: str, kind: str, extra: dict[str, Any]) -> None:
    event = {
        "type": kind,
        "user": person,
        "channel": channel.id,
        "channel_type": _MEMBER_KIND.get(channel.kind, "G"),
        "team": workspace.team.id,
        "event_ts": workspace.ids.ts(workspace.clock.now()),
    }
    workspace.emit(event | extra, channel)


def _announce_reaction(workspace: Workspace, channel: Channel, message: Message, what: tuple[str, str, str]) -> None:
    kind, name, person = what
    event = {
        "type": kind,
        "user": person,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
        "item_user": message.get("user", ""),
        "event_ts": workspace.ids.ts(workspace.clock.now()),
    }
    workspace.emit(event, channel)
    _look_again(workspace, channel, message)


def _look_again(workspace: Workspace, channel: Channel, message: Message) -> None:
    root = message.get("thread_ts", "")
    workspace.tell(Change("message", channel.id, root))
    if root:
        workspace.tell(Change("thread", channel.id, root))
