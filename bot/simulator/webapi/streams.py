"""chat.startStream, appendStream and stopStream: a message that grows.

Chunks: markdown_text adds text, task_update adds or changes a task card (its `details` and `output` grow, the rest
is replaced), plan_update names the plan, blocks adds blocks.
"""

from typing import Any

from bot.simulator import posting, text
from bot.simulator.blockcheck import Surface, problems
from bot.simulator.errors import SlackError
from bot.simulator.people import Kind
from bot.simulator.sessions import Stream
from bot.simulator.webapi import chat, content
from bot.simulator.webapi.call import Call, Json
from bot.simulator.workspace import Change

_LONGEST_CHUNK = 12_000
_MOST_BLOCKS = 50
_GROWING = ("details", "output")


def start(call: Call) -> Json:
    """chat.startStream"""
    channel = chat.destination(call)
    fields = content.by_bot(call.workspace) | {"text": "", "thread_ts": chat.answerable(call, channel)}
    if channel.kind != Kind.IM:
        for name in ("team_id", "user_id"):
            call.required(f"recipient_{name}", f"missing_recipient_{name}")
        call.workspace.person(call.text("recipient_user_id"))
    chunks = _chunks(call)
    message = posting.post(call.workspace, channel, fields | {"streaming_state": "in_progress"})
    stream = call.simulator.sessions.start(channel.id, message)
    call.simulator.sessions.states[channel.id, message["thread_ts"]] = "processing"
    call.simulator.sessions.say_status(channel.id, message["thread_ts"], "")
    _grow(stream, chunks)
    _show(call, channel.id, message, stream)
    return {"channel": channel.id, "ts": message["ts"]}


def append(call: Call) -> Json:
    """chat.appendStream"""
    channel, ts = call.joined(), call.timestamp("ts")
    stream, message = _open(call, channel.id, ts)
    chunks = _chunks(call)
    if not chunks:
        raise SlackError("no_text")
    _grow(stream, chunks)
    _show(call, channel.id, message, stream)
    return {"channel": channel.id, "ts": ts}


def stop(call: Call) -> Json:
    """chat.stopStream"""
    channel, ts = call.joined(), call.timestamp("ts")
    stream, message = _open(call, channel.id, ts)
    final = content.blocks(call, "blocks")
    about = content.metadata(call) if call.has("metadata") else message.get("metadata")
    _grow(stream, _chunks(call))
    stream.blocks += final
    shown = content.with_ids(call.workspace, stream.rendered())
    call.simulator.sessions.finish(channel.id, ts)
    call.simulator.sessions.states[channel.id, message["thread_ts"]] = call.text("session_status", "active")
    changes = {"text": text.normalise(stream.text), "blocks": shown, "metadata": about, "streaming_state": None}
    final_message = posting.edit(call.workspace, channel, ts, changes)
    return {"channel": channel.id, "ts": ts, "message": final_message}


def _open(call: Call, channel_id: str, ts: str) -> tuple[Stream, Json]:
    message = call.workspace.channel(channel_id).message(ts)
    if message.get("bot_id") != call.workspace.team.bot_id:
        raise SlackError("message_not_owned_by_app")
    return call.simulator.sessions.stream(channel_id, ts), message


def _chunks(call: Call) -> list[Json]:
    given = call.structure("chunks", "invalid_chunks")
    chunks = list(given) if isinstance(given, list) else []
    if given is not None and not isinstance(given, list):
        raise SlackError("invalid_chunks")
    if call.text("markdown_text"):
        chunks.insert(0, {"type": "markdown_text", "text": call.text("markdown_text")})
    for chunk in chunks:
        _check(chunk)
    return chunks


def _check(chunk: Any) -> None:
    kind = chunk.get("type") if isinstance(chunk, dict) else None
    if kind == "markdown_text" and isinstance(chunk.get("text"), str):
        if len(chunk["text"]) > _LONGEST_CHUNK:
            raise SlackError("msg_too_long")
    elif kind == "task_update" and chunk.get("id") and chunk.get("title"):
        if chunk.get("status", "pending") not in ("pending", "in_progress", "complete", "error"):
            raise SlackError("invalid_chunks")
    elif kind == "blocks" and isinstance(chunk.get("blocks"), list):
        if len(chunk["blocks"]) > _MOST_BLOCKS:
            raise SlackError("msg_blocks_too_many")
        content.refuse("invalid_blocks", problems(chunk["blocks"], Surface.MESSAGE))
    elif kind != "plan_update" or not chunk.get("title"):
        raise SlackError("invalid_chunks")


def _grow(stream: Stream, chunks: list[Json]) -> None:
    for chunk in chunks:
        if chunk["type"] == "markdown_text":
            stream.text += chunk["text"]
        elif chunk["type"] == "plan_update":
            stream.plan_title = chunk["title"]
        elif chunk["type"] == "blocks":
            stream.blocks += chunk["blocks"]
        else:
            _update_task(stream, chunk)


def _update_task(stream: Stream, chunk: Json) -> None:
    card = stream.tasks.setdefault(chunk["id"], {"type": "task_card", "task_id": chunk["id"], "status": "pending"})
    for key in ("title", "status", "sources"):
        if key in chunk:
            card[key] = chunk[key]
    for key in _GROWING:
        if chunk.get(key):
            card[key] = card.get(key, "") + chunk[key] if isinstance(chunk[key], str) else chunk[key]


def _show(call: Call, channel_id: str, message: Json, stream: Stream) -> None:
    with call.workspace.lock:
        message["text"] = text.normalise(stream.text)
        message["blocks"] = stream.rendered()
    call.workspace.tell(Change("thread", channel_id, message["thread_ts"]))
