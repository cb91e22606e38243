"""What an app says at a response_url: a new message, or a change of the one that was clicked.

The default is an ephemeral message for the person who acted. Ephemerals can be changed only here.
"""

from typing import Any

from bot.simulator import posting
from bot.simulator.channel import Channel, Message
from bot.simulator.simulator import Simulator
from bot.simulator.triggers import Origin
from bot.simulator.webapi import content
from bot.simulator.webapi.call import Call
from bot.simulator.workspace import Change


def respond(simulator: Simulator, origin: Origin, body: dict[str, Any]) -> None:
    """Carry out one response; raises SlackError as chat.postMessage would."""
    workspace = simulator.workspace
    channel = workspace.channel(origin.channel)
    call = Call(simulator, "response_url", body)
    with workspace.lock:
        if call.flag("delete_original"):
            _delete(simulator, channel, origin)
            return
        fields = content.content(call) | content.by_bot(workspace)
        if call.flag("replace_original") and origin.message_ts:
            _replace(simulator, channel, origin, fields)
            return
        thread = call.text("thread_ts") or (origin.thread_ts if origin.message_ts else "")
        if thread:
            fields["thread_ts"] = thread
        if call.text("response_type", "ephemeral") == "in_channel":
            posting.post(workspace, channel, fields)
        else:
            posting.post_ephemeral(workspace, channel, origin.person, fields)


def _delete(simulator: Simulator, channel: Channel, origin: Origin) -> None:
    if not origin.is_ephemeral:
        posting.delete(simulator.workspace, channel, origin.message_ts)
        return
    channel.ephemerals = [(p, m) for p, m in channel.ephemerals if m["ts"] != origin.message_ts]
    _look_again(simulator, channel, origin)


def _replace(simulator: Simulator, channel: Channel, origin: Origin, fields: Message) -> None:
    changes = {"blocks": None} | fields
    if not origin.is_ephemeral:
        edited = {"user": simulator.workspace.bot, "ts": simulator.workspace.ids.ts(simulator.workspace.clock.now())}
        posting.edit(simulator.workspace, channel, origin.message_ts, changes | {"edited": edited})
        return
    for _, message in channel.ephemerals:
        if message["ts"] == origin.message_ts:
            message.update({key: value for key, value in changes.items() if value is not None})
            if changes["blocks"] is None:
                message.pop("blocks", None)
    _look_again(simulator, channel, origin)


def _look_again(simulator: Simulator, channel: Channel, origin: Origin) -> None:
    simulator.workspace.tell(Change("message", channel.id, person=origin.person))
    if origin.thread_ts:
        simulator.workspace.tell(Change("thread", channel.id, origin.thread_ts, person=origin.person))
