"""files.*: the three-step upload and what became of it."""

from typing import Any

from bot.simulator import posting, text
from bot.simulator.channel import Channel
from bot.simulator.errors import SlackError
from bot.simulator.filestore import StoredFile
from bot.simulator.webapi import content
from bot.simulator.webapi.call import Call, Json

_LARGEST_BYTES = 1_000_000_000
_LONGEST_ALT = 1_000


def upload_url(call: Call) -> Json:
    """files.getUploadURLExternal"""
    name, length = call.required("filename", "missing_argument"), call.required("length", "missing_argument")
    if not length.isdecimal() or int(length) == 0:
        raise SlackError("invalid_arguments", messages=["[ERROR] must be greater than 0 [json-pointer:/length]"])
    if int(length) > _LARGEST_BYTES:
        raise SlackError("file_upload_size_restricted")
    alt = call.text("alt_txt")
    if len(alt) > _LONGEST_ALT:
        raise SlackError("alt_txt_too_large")
    stored = call.simulator.files.reserve(name, alt, call.workspace.bot, int(call.workspace.clock.seconds()))
    return {"upload_url": f"{call.simulator.base_url}/upload/{stored.id}", "file_id": stored.id}


def complete(call: Call) -> Json:
    """files.completeUploadExternal"""
    given = call.structure("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: files"])
    files = [_uploaded(call, entry) for entry in given]
    places = [_place(call, name) for name in _channels(call)]
    blocks = content.blocks(call, "blocks")
    for stored in files:
        stored.completed = True
    for channel in places:
        comment = text.normalise(call.text("initial_comment"))
        fields = content.by_bot(call.workspace) | {"subtype": "file_share", "text": comment}
        fields["files"] = [stored.as_file(call.simulator.base_url) for stored in files]
        if blocks:
            fields["blocks"] = blocks
        if call.text("thread_ts"):
            fields["thread_ts"] = call.timestamp("thread_ts", "invalid_thread_ts")
        posting.post(call.workspace, channel, fields)
    return {"files": [described(call, stored) for stored in files]}


def info(call: Call) -> Json:
    """files.info"""
    stored = call.simulator.files.file(call.required("file", "file_not_found"))
    return {"file": described(call, stored), "comments": [], "response_metadata": {"next_cursor": ""}}


def described(call: Call, stored: StoredFile) -> Json:
    """Return Slack's file object with the messages that show it."""
    shares: Json = {}
    for channel in call.workspace.channels.values():
        side = shares.setdefault("private" if channel.is_private else "public", {})
        found = [m for m in channel.messages.values() if any(f["id"] == stored.id for f in m.get("files", ()))]
        if found:
            side[channel.id] = [
                {"ts": m["ts"], **({"thread_ts": m["thread_ts"]} if "thread_ts" in m else {})} for m in found
            ]
    return stored.as_file(call.simulator.base_url, {side: by for side, by in shares.items() if by})


def _uploaded(call: Call, entry: Any) -> StoredFile:
    stored = call.simulator.files.file(str(entry.get("id", "")) if isinstance(entry, dict) else "")
    if stored.content is None or stored.completed:
        raise SlackError("file_not_found")
    stored.title = str(entry.get("title") or stored.name)
    return stored


def _channels(call: Call) -> list[str]:
    listed = call.text("channels")
    return [name for name in (call.text("channel_id"), *listed.split(",")) if name]


def _place(call: Call, channel_id: str) -> Channel:
    channel = call.workspace.channel(channel_id)
    if call.workspace.bot not in channel.members:
        raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
    return channel
