"""assistant.threads.* and agents.sessions.*: what an agent shows besides messages."""

from typing import Any

from bot.simulator.channel import Channel
from bot.simulator.errors import SlackError
from bot.simulator.people import Kind
from bot.simulator.webapi.call import Call, Json
from bot.simulator.workspace import Change

_LONGEST_TITLE = 200
_MOST_LOADING_MESSAGES = 10
_STATES = ("processing", "active", "suspended", "closed")


def set_status(call: Call) -> Json:
    """assistant.threads.setStatus"""
    channel, thread = _thread(call, "channel_id")
    loading = call.structure("loading_messages", "invalid_arguments")
    if isinstance(loading, list) and len(loading) > _MOST_LOADING_MESSAGES:
        raise SlackError(
            "invalid_arguments", messages=["[ERROR] no more than 10 items [json-pointer:/loading_messages]"]
        )
    call.simulator.sessions.say_status(channel.id, thread, call.text("status"))
    return {}


def set_title(call: Call) -> Json:
    """assistant.threads.setTitle"""
    channel, thread = _thread(call, "channel_id")
    call.simulator.sessions.titles[channel.id, thread] = call.required("title")
    return {}


def set_prompts(call: Call) -> Json:
    """assistant.threads.setSuggestedPrompts"""
    channel = call.joined("channel_id")
    if channel.kind != Kind.IM:
        raise SlackError("channel_not_found")
    prompts = call.structure("prompts", "invalid_arguments")
    if not isinstance(prompts, list) or not all(_is_prompt(prompt) for prompt in prompts):
        raise SlackError("invalid_arguments", messages=["[ERROR] must be titles and messages [json-pointer:/prompts]"])
    place = (channel.id, call.text("thread_ts"))
    call.simulator.sessions.prompts[place] = {"title": call.text("title"), "prompts": prompts}
    call.workspace.tell(Change("message", channel.id))
    return {}


def session_status(call: Call) -> Json:
    """agents.sessions.setStatus"""
    channel, thread = _session(call)
    state = call.required("status")
    if state not in _STATES:
        raise SlackError("invalid_arguments", messages=["[ERROR] unknown status [json-pointer:/status]"])
    sessions = call.simulator.sessions
    sessions.states[channel.id, thread] = state
    if call.text("title"):
        _rename(call, channel, thread)
    sessions.say_status(channel.id, thread, "is thinking…" if state == "processing" else "")
    reply: Json = {"status": state, "agent_session": _described(call, channel, thread)}
    events = call.simulator.install.events
    if events is not None and "agent_session_stopped" not in events:
        reply["warning"] = "missing_agent_session_stopped_event_subscription"
    return reply


def rename(call: Call) -> Json:
    """agents.sessions.rename"""
    channel, thread = _session(call)
    call.required("title")
    _rename(call, channel, thread)
    return {"title": call.text("title"), "agent_session": _described(call, channel, thread)}


def _rename(call: Call, channel: Channel, thread: str) -> None:
    title = call.text("title")
    if len(title) > _LONGEST_TITLE:
        raise SlackError(
            "invalid_arguments", messages=["[ERROR] must be less than 201 characters [json-pointer:/title]"]
        )
    call.simulator.sessions.titles[channel.id, thread] = title


def _described(call: Call, channel: Channel, thread: str) -> Json:
    sessions = call.simulator.sessions
    title = sessions.titles.get((channel.id, thread), "")
    return {
        "channel_id": channel.id,
        "thread_ts": thread,
        "title": title,
        "status": sessions.states.get((channel.id, thread), ""),
    }


def _thread(call: Call, name: str) -> tuple[Channel, str]:
    channel = call.joined(name)
    ts = call.timestamp("thread_ts", "invalid_thread_ts")
    if ts not in channel.messages:
        raise SlackError("invalid_thread_ts")
    return channel, channel.messages[ts].get("thread_ts", ts)


def _session(call: Call) -> tuple[Channel, str]:
    if call.text("thread_ts"):
        return _thread(call, "channel_id")
    return call.joined("channel_id"), ""


def _is_prompt(prompt: Any) -> bool:
    if isinstance(prompt, str):
        return bool(prompt)
    return isinstance(prompt, dict) and bool(prompt.get("title")) and bool(prompt.get("message"))
