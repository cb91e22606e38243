"""What people say where nobody asked the bot is not kept: once a message is dealt with, its words go from its job.

Surprising: edits and deletions bring the words of a message too, the old ones and the new.
"""

from collections.abc import Mapping
from typing import Any

from bot.worker import Handler
from flywheel.core import Core
from flywheel.store import questions, unasked
from flywheel.store.jobs import Job

_PRIVATE = "im"


def forgetful(core: Core, handle: Handler, job: Job) -> Mapping[str, Any] | None:
    """Handle a job, then take the words out of it if it brought a message that was no question to the bot."""
    result = handle(job)
    event = job.body.get("event")
    if isinstance(event, Mapping) and event.get("type") == "message" and event.get("channel_type") != _PRIVATE:
        ts = str((event.get("message") or event.get("previous_message") or event).get("ts"))
        with core.database.read() as db:
            is_question = questions.by_message(db, str(event.get("channel")), ts) is not None
        if not is_question:
            with core.database.begin() as db:
                unasked.forget_text(db, job.id)
    return result
