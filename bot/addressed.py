"""A message put to the bot, from wherever it was said: what is made of it before it is answered, and after.

Surprising: `app_mention` and `message` tell different things of the same message, and either may come first; here both
become the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import asking, prompting, rooms
from bot.blocks.pointed import too_long
from bot.face import Face, say
from bot.heard import LONGEST_QUESTION, Heard, heard
from bot.outbox import Outgoing
from flywheel.model import Surface


def answer(face: Face, body: Mapping[str, Any]) -> None:
    """Answer the message of an event where it was said; what is far too long gets a sentence instead."""
    event = body["event"]
    said = _placed(face, heard(body, face.identity), str(event.get("channel_type") or ""))
    context = event.get("app_context")
    if isinstance(context, Mapping):
        prompting.remember(face, said.person, context)
    if said.is_too_long:
        key = f"long:{said.channel}:{said.ts}"
        note = too_long(LONGEST_QUESTION)
        say(face, Outgoing(key, note, channel=said.channel, thread_ts=said.reply_to, asker=said.person))
        return
    said = prompting.located(face, said)
    asking.answer(face, said)
    if said.surface is Surface.DIRECT and said.text:
        prompting.name_session(face, said)


def _placed(face: Face, said: Heard, told: str) -> Heard:
    if said.surface is Surface.DIRECT:
        return said
    return replace(said, surface=Surface.GROUP) if rooms.is_group(face, said.channel, told) else said
