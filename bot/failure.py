"""What is said when something failed for good: nobody who addressed the bot meets silence."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot import outbox
from bot.blocks.message import note
from bot.blocks.text import inert
from bot.heard import heard
from bot.identity import Identity
from bot.outbox import POST_JOB, Outgoing
from flywheel.store.database import Session
from flywheel.store.jobs import Job

_SORRY = "sorry:"
_FAILED = "Sorry, something went wrong on my side and I could not do that. Please try again in a while."
_REASONS = {
    "not_in_channel": "I am not a member of that channel. Invite me and ask again.",
    "channel_not_found": "I cannot see that channel. Invite me and ask again.",
    "is_archived": "that channel is archived.",
    "restricted_action": "posting there is restricted.",
}


class Apology:
    """Says sorry for jobs that were given up."""

    def __init__(self, identity: Identity, now: Callable[[], datetime]) -> None:
        """Know who the bot is, to know who addressed it."""
        self._identity = identity
        self._now = now

    def __call__(self, db: Session, job: Job, reason: str) -> None:
        """Store an apology for a job, if there is somebody who waits for it."""
        apology = self._undelivered(job, reason) if job.kind == POST_JOB else self._failed(job)
        if apology is not None:
            outbox.put(db, apology, self._now())

    def _undelivered(self, job: Job, reason: str) -> Outgoing | None:
        asker = job.body.get("asker")
        if not asker or str(job.body.get("key", "")).startswith(_SORRY):
            return None
        why = _REASONS.get(reason, f"Slack refused it ({inert(reason)[:100]}).")
        return Outgoing(f"{_SORRY}{job.id}"[:240], note(f"I could not post my answer: {why}"), person=str(asker))

    def _failed(self, job: Job) -> Outgoing | None:
        body, key = job.body, f"{_SORRY}{job.id}"[:240]
        if body.get("type") == "event_callback":
            return self._to_asker(body, key)
        if body.get("response_url"):
            return Outgoing(key, note(_FAILED), response_url=str(body["response_url"]))
        person = (body.get("user") or {}).get("id")
        return Outgoing(key, note(_FAILED), person=str(person)) if person else None

    def _to_asker(self, body: Mapping[str, Any], key: str) -> Outgoing | None:
        if (
            body["event"].get("type") not in {"app_mention", "message"}
            or body["event"].get("subtype") == "message_deleted"
        ):
            return None
        said = heard(body, self._identity)
        if not said.addressed:
            return None
        return Outgoing(key, note(_FAILED), channel=said.channel, thread_ts=said.reply_to)
