"""Keep quiet in a thread: whoever is in it may ask for that, by a button or in words. A mention is still answered."""

import re
from collections.abc import Mapping
from typing import Any

from bot import unasked
from bot.blocks.unasked import muted_thread
from bot.face import Face, say
from bot.heard import spoken
from bot.outbox import Outgoing
from flywheel.learning.unasked import muted_mark
from flywheel.store import answers, marks

_WORDS = re.compile(
    r"(?:(?:please|pls|ok|okay|hey|bot|flywheel|can you|could you|would you)[, ]+)*"
    r"(?:mute(?: (?:this|the|yourself|bot)(?: thread)?)?(?: here)?|stop(?: (?:it|that|answering|replying|talking"
    r"|posting)(?: (?:here|in this thread|to this))?)?|(?:be|keep|stay) quiet(?: (?:here|in this thread))?|shut up"
    r"|(?:don'?t|do not|no need to) (?:answer|reply|respond)(?: (?:here|in this thread|anymore|any more))?"
    r"|leave us alone|go away)(?:[, ]+(?:please|pls|bot|flywheel|thanks|thank you|now))*[.! ]*",
    re.IGNORECASE,
)


def is_wanted(face: Face, event: Mapping[str, Any]) -> bool:
    """Tell whether a reply in a thread has the bot keep quiet: said to it, or where it has spoken."""
    raw = str(event.get("text") or "")
    if not _WORDS.fullmatch(spoken(raw, face.identity).strip(" ,:")):
        return False
    channel, thread_ts = str(event.get("channel")), str(event.get("thread_ts"))
    return f"<@{face.identity.user}" in raw or bool(_answers(face, channel, thread_ts))


def mute(face: Face, channel: str, thread_ts: str, who: str) -> None:
    """Keep quiet in a thread from now on, say so once, and learn from it."""
    with face.core.database.begin() as db:
        is_new = marks.add(db, muted_mark(channel, thread_ts), who)
    if is_new:
        key = f"muted:{channel}:{thread_ts}"
        say(face, Outgoing(key, muted_thread(who), channel=channel, thread_ts=thread_ts))
    for answer_id in _answers(face, channel, thread_ts)[:1]:
        unasked.learn(face, answer_id)


def _answers(face: Face, channel: str, thread_ts: str) -> list[str]:
    with face.core.database.read() as db:
        root = answers.by_post(db, channel, thread_ts)
        return [one.id for one in [*([root] if root else []), *answers.in_thread(db, channel, thread_ts)]]
