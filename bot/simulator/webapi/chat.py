"""chat.postMessage, update, delete, postEphemeral and getPermalink."""

from bot.simulator import posting
from bot.simulator.channel import Channel, Message
from bot.simulator.errors import RateLimited, SlackError
from bot.simulator.people import Kind
from bot.simulator.webapi import content
from bot.simulator.webapi.call import Call, Json

_LONGEST_UPDATE = 4_000


def post(call: Call) -> Json:
    """chat.postMessage"""
    channel = destination(call)
    _limit(call, channel)
    fields = content.content(call) | content.by_bot(call.workspace)
    _repeat(call, channel)
    if call.text("client_msg_id"):
        fields["client_msg_id"] = call.text("client_msg_id")
    if call.text("thread_ts"):
        fields["thread_ts"] = answerable(call, channel)
        if call.flag("reply_broadcast"):
            fields["subtype"] = "thread_broadcast"
    message = posting.post(call.workspace, channel, fields)
    call.simulator.sessions.say_status(channel.id, message.get("thread_ts", ""), "")
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def update(call: Call) -> Json:
    """chat.update"""
    channel, ts = call.joined(), call.timestamp("ts")
    message = _own(call, channel, ts, "cant_update_message")
    if call.simulator.sessions.streaming(channel.id, ts):
        raise SlackError("streaming_state_conflict")
    if len(call.text("text")) > _LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    changes = content.content(call)
    if not call.text("text") and not call.has("markdown_text"):
        changes["text"] = message.get("text", "")
    changes["edited"] = {"user": call.workspace.bot, "ts": call.workspace.ids.ts(call.workspace.clock.now())}
    updated = posting.edit(call.workspace, channel, ts, changes)
    return {"channel": channel.id, "ts": ts, "text": updated["text"], "message": updated}


def delete(call: Call) -> Json:
    """chat.delete"""
    channel, ts = call.joined(), call.timestamp("ts")
    _own(call, channel, ts, "cant_delete_message")
    posting.delete(call.workspace, channel, ts)
    return {"channel": channel.id, "ts": ts}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral"""
    channel = call.joined()
    user = call.required("user", "user_not_in_channel")
    if user not in channel.members or call.workspace.person(user).deleted:
        raise SlackError("user_not_in_channel")
    fields = content.content(call) | content.by_bot(call.workspace)
    if call.text("thread_ts"):
        fields["thread_ts"] = call.timestamp("thread_ts", "invalid_thread_ts")
    message = posting.post_ephemeral(call.workspace, channel, user, fields)
    return {"message_ts": message["ts"]}


def permalink(call: Call) -> Json:
    """chat.getPermalink"""
    channel, ts = call.conversation(), call.timestamp("message_ts")
    return {"channel": channel.id, "permalink": call.simulator.permalink(channel, ts)}


def destination(call: Call) -> Channel:
    """Return where a message goes: a conversation the bot may write to, or the direct one with a person named by id.

    Raises SlackError channel_not_found, not_in_channel or is_archived.
    """
    name = call.required("channel", "channel_not_found")
    workspace = call.workspace
    if name in workspace.people:
        return workspace.open_dm([workspace.bot, name])
    channel = _by_name(call, name) or call.conversation()
    public = channel.kind == Kind.CHANNEL and "chat:write.public" in call.simulator.install.scopes
    if workspace.bot not in channel.members and not public:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def answerable(call: Call, channel: Channel) -> str:
    """Return the thread a message goes into; raises SlackError thread_not_found or cannot_reply_to_message."""
    ts = call.timestamp("thread_ts", "invalid_thread_ts")
    if ts in channel.messages:
        return ts
    if any(message["ts"] == ts for _, message in channel.ephemerals):
        raise SlackError("cannot_reply_to_message")
    raise SlackError("thread_not_found")


def _by_name(call: Call, name: str) -> Channel | None:
    wanted = name.removeprefix("#")
    found = [c for c in call.workspace.channels.values() if c.name == wanted and c.kind == Kind.CHANNEL]
    return found[0] if found else None


def _own(call: Call, channel: Channel, ts: str, code: str) -> Message:
    message = channel.message(ts)
    if message.get("bot_id") != call.workspace.team.bot_id:
        raise SlackError(code)
    return message


def _repeat(call: Call, channel: Channel) -> None:
    given = call.text("client_msg_id")
    if given and any(m.get("client_msg_id") == given for m in channel.messages.values()):
        raise SlackError("duplicate_message")


def _limit(call: Call, channel: Channel) -> None:
    wait = call.simulator.limiter.wait(channel.id, call.workspace.clock.seconds())
    if wait:
        raise RateLimited(wait)
