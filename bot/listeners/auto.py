"""People talk in a channel: in auto mode a question of theirs may be answered, and anybody may have a thread muted.

Registered before what answers a mention, because "mute" and "please stop" are no questions.
"""

from typing import Any

from slack_bolt import App

from bot import muting, unasked
from bot.blocks.unasked import MUTE
from bot.click import clicked
from bot.face import Face
from bot.heard import heard

_NEW = frozenset({None, "file_share"})
_CHANNELS = frozenset({None, "channel", "group"})


def register(back: App, face: Face) -> None:
    """Listen to what is said to nobody in particular."""

    def wants_quiet(event: dict[str, Any]) -> bool:
        return event.get("subtype") in _NEW and bool(event.get("thread_ts")) and muting.is_wanted(face, event)

    def is_unaddressed(event: dict[str, Any]) -> bool:
        is_first = event.get("subtype") in _NEW and event.get("thread_ts") in {None, event.get("ts")}
        in_channel = event.get("channel_type") in _CHANNELS and not str(event.get("channel")).startswith("D")
        return is_first and in_channel and f"<@{face.identity.user}" not in str(event.get("text", ""))

    @back.event("app_mention", matchers=[wants_quiet])
    @back.event("message", matchers=[wants_quiet])
    def mute(body: dict[str, Any]) -> None:
        said = heard(body, face.identity)
        muting.mute(face, said.channel, said.thread, said.person)

    @back.event("message", matchers=[is_unaddressed])
    def talk(body: dict[str, Any]) -> None:
        unasked.hear(face, heard(body, face.identity))

    @back.action(MUTE)
    def mute_by_button(body: dict[str, Any]) -> None:
        click = clicked(body)
        if click.channel and (click.thread_ts or click.message_ts):
            muting.mute(face, click.channel, str(click.thread_ts or click.message_ts), click.person)
