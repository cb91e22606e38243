"""reactions.*"""

import re

from bot.simulator import posting
from bot.simulator.channel import Channel
from bot.simulator.errors import SlackError
from bot.simulator.webapi.call import Call, Json


def add(call: Call) -> Json:
    """reactions.add"""
    channel, ts = _target(call)
    posting.react(call.workspace, channel, ts, _name(call), call.workspace.bot)
    return {}


def remove(call: Call) -> Json:
    """reactions.remove"""
    channel, ts = _target(call)
    posting.unreact(call.workspace, channel, ts, _name(call), call.workspace.bot)
    return {}


def found(call: Call) -> Json:
    """reactions.get"""
    channel, ts = _target(call)
    return {"type": "message", "channel": channel.id, "message": channel.message(ts)}


def _target(call: Call) -> tuple[Channel, str]:
    channel = call.joined()
    if not call.text("timestamp"):
        raise SlackError("no_item_specified")
    return channel, call.timestamp("timestamp", "bad_timestamp")


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not re.fullmatch(r"[a-z0-9_+'\-]+(?:::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    return name
