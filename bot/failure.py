"""What is said when something failed for good: nobody who addressed the bot meets silence."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import opened, outbox, scheduling
from bot.asking import answer_key, fitting, owed_mark
from bot.blocks.limits import clip
from bot.blocks.message import note
from bot.blocks.text import inert
from bot.heard import heard
from bot.identity import Identity
from bot.opened import State
from bot.outgoing import POST_JOB, Outgoing, job_id, stored
from flywheel.errors import MembersUnknown
from flywheel.model import Surface
from flywheel.store import answers, jobs, marks, questions
from flywheel.store.database import Session
from flywheel.store.jobs import Job

_SORRY = "sorry:"
_FAILED = "Sorry, something went wrong on my side and I could not do that. Please try again in a while."
_UNSURE = "Sorry, I could not find out who may read this, so I gave no answer. Please ask again in a while."
_REASONS = {
    "not_in_channel": "I am not a member of that channel. Invite me and try again.",
    "channel_not_found": "I cannot see that channel. Invite me and try again.",
    "is_archived": "that channel is archived.",
    "restricted_action": "posting there is restricted.",
}
_TOO_LATE = "it took too long, and Slack had closed the place for it. Please ask again."


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
        """Store an apology for a job, if there is somebody who waits for it and has heard nothing."""
        apology = self._undelivered(db, job, reason) if job.kind == POST_JOB else self._failed(db, job, reason)
        for one in [apology] if apology is not None else self._unheard(db, job, reason):
            outbox.put(db, one, self._now())

    def _undelivered(self, db: Session, job: Job, reason: str) -> Outgoing | None:
        """Return the word for a message that did not get through; an apology that did not is tried once in private."""
        said = stored(job)
        is_posted = said.answer_id is not None and answers.posted_at(db, said.answer_id) is not None
        if not said.asker or said.person or is_posted:
            return None
        if said.key.startswith(_SORRY):
            return replace(said, key=f"{said.key}:alone"[:240], channel=None, thread_ts=None, response_url=None,
                           finishes=None, person=said.asker)  # fmt: skip
        words = note(f"I could not post my answer: {_why(reason)}")
        excuse = Outgoing(f"{_SORRY}{job.id}"[:240], words, instead_of=job.id)
        begun = opened.find(db, said.finishes) if said.finishes else None
        if begun is None or begun.state is not State.OPEN:
            if reason in _REASONS and _was_pointed_at(db, said):  # nobody but who pointed waits for it
                return replace(said, key=f"{said.key}:alone"[:240], channel=None, thread_ts=None, finishes=None,
                               person=said.asker)  # fmt: skip
            return replace(excuse, person=said.asker)
        return replace(excuse, channel=said.channel, thread_ts=said.thread_ts, finishes=said.finishes, asker=said.asker)

    def _unheard(self, db: Session, job: Job, reason: str) -> list[Outgoing]:
        """Tell administrators what the report channel did not get: a report, an alarm."""
        channel = scheduling.channel_in(db, self._report_channel)
        if job.kind != POST_JOB or channel is None or job.body.get("channel") != channel or job.body.get("thread_ts"):
            return []
        said = note(
            f"I could not post into <#{channel}>: {_why(reason)} It was: {clip(str(job.body['message']['text']), 300)}"
        )
        return [Outgoing(f"{_SORRY}{job.id}:{one}"[:240], said, person=one) for one in sorted(self._admins)]

    def _failed(self, db: Session, job: Job, reason: str) -> Outgoing | None:
        body, key = job.body, f"{_SORRY}{job.id}"[:240]
        words = note(_UNSURE if reason.startswith(MembersUnknown.__name__) else _FAILED)
        if body.get("type") == "event_callback":
            return self._to_asker(db, body, Outgoing(key, words))
        person = (body.get("user") or {}).get("id") or body.get("user_id")
        if body.get("response_url"):
            return Outgoing(key, words, response_url=str(body["response_url"]), asker=str(person or "") or None)
        return Outgoing(key, words, person=str(person)) if person else None

    def _to_asker(self, db: Session, body: Mapping[str, Any], excuse: Outgoing) -> Outgoing | None:
        if (
            body["event"].get("type") not in {"app_mention", "message"}
            or body["event"].get("subtype") == "message_deleted"
        ):
            return None
        said = heard(body, self._identity)
        question = fitting(said.question_id)
        is_owed = said.addressed or marks.find(db, owed_mark(question)) is not None
        if not is_owed or jobs.find(db, job_id(answer_key(question))) is not None:
            return None
        return replace(
            excuse, channel=said.channel, thread_ts=said.reply_to, finishes=question, asker=said.person or None
        )


def _was_pointed_at(db: Session, said: Outgoing) -> bool:
    given = answers.find(db, said.answer_id) if said.answer_id else None
    question = questions.find(db, given.question_id) if given else None
    return question is not None and question.surface is Surface.SHORTCUT


def _why(reason: str) -> str:
    if reason.startswith("response_url"):
        return _TOO_LATE
    return _REASONS.get(reason, f"Slack refused it ({inert(reason)[:100]}).")
