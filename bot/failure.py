"""What is said when something failed for good: nobody who addressed the bot meets silence."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from bot import outbox
from bot.blocks.limits import clip
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
    "not_in_channel": "I am not a member of that channel. Invite me and try again.",
    "channel_not_found": "I cannot see that channel. Invite me and try again.",
    "is_archived": "that channel is archived.",
    "restricted_action": "posting there is restricted.",
}


class Apology:
    """Says sorry for jobs that were given up."""

    def __init__(
        self, identity: Identity, now: Callable[[], datetime], report_channel: str | None, admins: Collection[str]
    ) -> None:
        """Know who the bot is, to know who addressed it, and who hears of what the report channel did not get."""
        self._identity = identity
        self._now = now
        self._report_channel = report_channel
        self._admins = admins

    def __call__(self, db: Session, job: Job, reason: str) -> None:
        """Store an apology for a job, if there is somebody who waits for it."""
        apology = self._undelivered(job, reason) if job.kind == POST_JOB else self._failed(job)
        for one in [apology] if apology is not None else self._unheard(job, reason):
            outbox.put(db, one, self._now())

    def _undelivered(self, job: Job, reason: str) -> Outgoing | None:
        asker = job.body.get("asker")
        if not asker or str(job.body.get("key", "")).startswith(_SORRY):
            return None
        why = _REASONS.get(reason, f"Slack refused it ({inert(reason)[:100]}).")
        return Outgoing(f"{_SORRY}{job.id}"[:240], note(f"I could not post my answer: {why}"), person=str(asker))

    def _unheard(self, job: Job, reason: str) -> list[Outgoing]:
        """Tell administrators what the report channel did not get: a report, an alarm."""
        channel = self._report_channel
        if job.kind != POST_JOB or channel is None or job.body.get("channel") != channel or job.body.get("thread_ts"):
            return []
        why = _REASONS.get(reason, f"Slack refused it ({inert(reason)[:100]}).")
        said = note(f"I could not post into <#{channel}>: {why} It was: {clip(str(job.body['message']['text']), 300)}")
        return [Outgoing(f"{_SORRY}{job.id}:{one}"[:240], said, person=one) for one in sorted(self._admins)]

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
