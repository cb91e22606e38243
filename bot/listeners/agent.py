"""The agent view: people open it, look at channels beside it, and press its stop button.

A workspace that still has the older pane sends `assistant_thread_*` instead; it gets the same.
"""

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot import prompting, streaming
from bot.face import Face

_MESSAGES = "messages"


def register(back: App, face: Face) -> None:
    """Suggest questions, and remember what people look at."""

    def is_messages_tab(event: dict[str, Any]) -> bool:
        return event.get("tab") == _MESSAGES

    @back.event("app_home_opened", matchers=[is_messages_tab])
    def opened(event: dict[str, Any]) -> None:
        person = str(event["user"])
        if isinstance(event.get("context"), Mapping):
            prompting.remember(face, person, event["context"])
        prompting.offer(face, person, str(event["channel"]))

    @back.event("app_context_changed")
    def looks_elsewhere(body: dict[str, Any]) -> None:
        person = _person(body)
        if person:
            prompting.remember(face, person, body["event"].get("context") or {})

    @back.event("agent_session_stopped")
    def stopped(event: dict[str, Any]) -> None:
        streaming.stop(face, str(event["channel"]), str(event["thread_ts"]))

    @back.event("assistant_thread_started")
    def older_pane_opened(event: dict[str, Any]) -> None:
        thread = event["assistant_thread"]
        prompting.remember(face, str(thread["user_id"]), thread.get("context") or {})
        prompting.offer(face, str(thread["user_id"]), str(thread["channel_id"]), str(thread["thread_ts"]))

    @back.event("assistant_thread_context_changed")
    def older_pane_moved(event: dict[str, Any]) -> None:
        thread = event["assistant_thread"]
        prompting.remember(face, str(thread["user_id"]), thread.get("context") or {})


def _person(body: Mapping[str, Any]) -> str:
    """Return who looks: Slack leaves the person out of some of these events, but names whom it authorised them for."""
    named = body["event"].get("user")
    if named:
        return str(named)
    people = [one for one in body.get("authorizations") or () if not one.get("is_bot")]
    return str(people[0].get("user_id") or "") if people else ""
