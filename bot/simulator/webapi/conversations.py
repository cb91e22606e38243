"""conversations.* and users.conversations."""

from typing import Any

from bot.simulator import posting
from bot.simulator.channel import Channel, Message
from bot.simulator.errors import SlackError
from bot.simulator.people import Kind
from bot.simulator.webapi.call import Call, Json

_TYPES = {
    Kind.CHANNEL: "public_channel",
    Kind.GROUP: "private_channel",
    Kind.IM: "im",
    Kind.MPIM: "mpim",
}


def described(call: Call, channel: Channel) -> Json:
    """Return Slack's conversation object as the bot sees it."""
    bot, shape = call.workspace.bot, channel.kind
    text = {"value": channel.topic, "creator": "", "last_set": 0}
    common: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": shape == Kind.IM,
        "is_mpim": shape == Kind.MPIM,
        "is_channel": shape == Kind.CHANNEL,
        "is_group": shape == Kind.GROUP,
        "is_private": channel.is_private,
        "is_org_shared": False,
        "context_team_id": call.workspace.team.id,
        "updated": channel.created * 1000,
    }
    if shape == Kind.IM:
        return common | {
            "user": next((m for m in channel.members if m != bot), bot),
            "is_user_deleted": False,
            "priority": 0,
        }
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_general": channel.name == "general",
        "is_shared": bool(channel.shared_with),
        "is_ext_shared": bool(channel.shared_with),
        "is_pending_ext_shared": False,
        "connected_team_ids": list(channel.shared_with),
        "is_member": bot in channel.members,
        "creator": "",
        "topic": text,
        "purpose": text,
        "num_members": len(channel.members),
    }


def info(call: Call) -> Json:
    """conversations.info"""
    channel = call.conversation()
    call.need(f"{channel.kind.scope_prefix}:read")
    return {"channel": described(call, channel)}


def listed(call: Call) -> Json:
    """conversations.list"""
    known = [c for c in call.workspace.channels.values() if not c.is_private or call.workspace.bot in c.members]
    return _listing(call, known)


def of_user(call: Call) -> Json:
    """users.conversations"""
    user = call.text("user") or call.workspace.bot
    call.workspace.person(user)
    bot = call.workspace.bot
    known = [
        c for c in call.workspace.channels.values() if user in c.members and (not c.is_private or bot in c.members)
    ]
    return _listing(call, known)


def members(call: Call) -> Json:
    """conversations.members"""
    channel = call.conversation()
    call.need(f"{channel.kind.scope_prefix}:read")
    page, cursor = call.page(list(channel.members))
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def join(call: Call) -> Json:
    """conversations.join"""
    channel = call.conversation()
    if channel.kind != Kind.CHANNEL:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    joined = posting.join(call.workspace, channel, call.workspace.bot)
    reply: Json = {"channel": described(call, channel)}
    if not joined:
        reply |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return reply


def leave(call: Call) -> Json:
    """conversations.leave"""
    channel = call.conversation()
    if channel.kind in (Kind.IM, Kind.MPIM):
        raise SlackError("method_not_supported_for_channel_type")
    left = posting.leave(call.workspace, channel, call.workspace.bot)
    return {} if left else {"not_in_channel": True}


def opened(call: Call) -> Json:
    """conversations.open"""
    if call.has("channel"):
        return {"channel": described(call, call.joined())}
    users = [user.strip() for user in call.required("users", "users_list_not_supplied").split(",")]
    workspace = call.workspace
    before = len(workspace.channels)
    channel = workspace.open_dm([workspace.bot, *users])
    shown: Json = described(call, channel) if call.flag("return_im") else {"id": channel.id}
    again = {"no_op": True, "already_open": True} if len(workspace.channels) == before else {}
    return {"channel": shown} | again


def history(call: Call) -> Json:
    """conversations.history"""
    channel = call.joined()
    call.need(f"{channel.kind.scope_prefix}:history")
    found = [m for m in channel.roots() if _within(call, m)]
    page, cursor = call.page(found[::-1])
    return _messages(call, page, cursor)


def replies(call: Call) -> Json:
    """conversations.replies"""
    channel = call.joined()
    call.need(f"{channel.kind.scope_prefix}:history")
    thread = channel.thread(call.timestamp("ts", "thread_not_found"))
    found = [m for m in thread if m["ts"] == thread[0]["ts"] or _within(call, m)]
    page, cursor = call.page(found, default=1000)
    return _messages(call, page, cursor)


def _listing(call: Call, channels: list[Channel]) -> Json:
    types = {part.strip() for part in call.text("types", "public_channel").split(",")}
    wanted = [kind for kind, name in _TYPES.items() if name in types]
    if len(wanted) != len(types):
        raise SlackError("invalid_types")
    for kind in wanted:
        call.need(f"{kind.scope_prefix}:read")
    hide = call.flag("exclude_archived")
    found = [c for c in channels if c.kind in wanted and not (hide and c.archived)]
    page, cursor = call.page(found)
    return {"channels": [described(call, c) for c in page], "response_metadata": {"next_cursor": cursor}}


def _within(call: Call, message: Message) -> bool:
    oldest, latest = _padded(call.text("oldest", "0")), _padded(call.text("latest") or "9999999999")
    ts, inclusive = _padded(message["ts"]), call.flag("inclusive")
    return oldest < ts < latest or (inclusive and ts in (oldest, latest))


def _padded(ts: str) -> tuple[int, int]:
    seconds, _, fraction = ts.partition(".")
    if not seconds.isdecimal() or (fraction and not fraction.isdecimal()):
        raise SlackError("invalid_ts_oldest")
    return int(seconds), int(fraction.ljust(6, "0")[:6] or 0)


def _messages(call: Call, page: list[Any], cursor: str) -> Json:
    hidden = () if call.flag("include_all_metadata") else ("metadata",)
    shown = [{k: v for k, v in m.items() if k not in hidden} for m in page]
    return {
        "messages": shown,
        "has_more": bool(cursor),
        "pin_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }
