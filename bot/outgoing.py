"""A message on its way, as it is stored until it is sent.

A message that is too long for one goes as several jobs, each after the one before it; only the last carries buttons,
shows the answer in the ledger and has somebody who hears of it when it cannot be delivered.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.blocks.message import Message
from flywheel.store import jobs
from flywheel.store.database import Session
from flywheel.store.jobs import Job, NewJob

POST_JOB = "post"
_POST_PRIORITY = 30


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way, to a channel or thread, to a person, or to a `response_url` (seen by one person).

    `key` is its natural key. `answer_id` is the answer it shows; `shows` is one of which it is a part, or which only
    one person sees. `asker` hears of it when it cannot be delivered. `traceparent` is the stage that said it.
    `finishes` is the question whose opened message it takes the place of, where one was opened. `after` is the job that
    must be done before. `instead_of` is the job that was given up: when its message stands after all, this one is
    dropped.
    """

    key: str
    message: Message
    channel: str | None = None
    thread_ts: str | None = None
    person: str | None = None
    response_url: str | None = None
    replace: bool = False
    answer_id: str | None = None
    asker: str | None = None
    traceparent: str = ""
    finishes: str | None = None
    after: str = ""
    shows: str | None = None
    instead_of: str = ""


def put(db: Session, outgoing: Outgoing, now: datetime) -> bool:
    """Store a message to be sent, each of its parts; return False when its key was stored before."""
    said, shows = outgoing.message, outgoing.answer_id or outgoing.shows
    last = replace(outgoing, message=replace(said, before=()))
    before = [replace(one, fleeting=said.fleeting) for one in said.before]
    parts = [
        replace(last, key=f"{outgoing.key}#{number}", message=part, answer_id=None, asker=None, shows=shows)
        for number, part in enumerate(before, 1)
    ]
    first, *rest = [*parts, last]
    chain = [first, *(replace(one, replace=False, finishes=None) for one in rest)]
    followed = [replace(later, after=job_id(earlier.key)) for earlier, later in pairwise(chain)]
    return [_enqueue(db, one, now) for one in (first, *followed)][-1]


def stored(job: Job) -> Outgoing:
    """Return the message that a job sends."""
    body = dict(job.body)
    message = body.pop("message")
    return Outgoing(message=Message(message["text"], tuple(message["blocks"])), **body)


def without_words(job: Job) -> Mapping[str, Any] | None:
    """Return what is kept of a job whose message is sent: None for all of it, less for a fleeting message."""
    message = job.body.get("message") if job.kind == POST_JOB else None
    if not isinstance(message, Mapping) or not message.get("fleeting"):
        return None
    return {**job.body, "message": asdict(Message(""))}


def job_id(key: str) -> str:
    """Return the id of the job that sends the message with a key."""
    return f"post:{key}"


def _enqueue(db: Session, outgoing: Outgoing, now: datetime) -> bool:
    return jobs.enqueue(db, NewJob(job_id(outgoing.key), POST_JOB, asdict(outgoing), _POST_PRIORITY), now)
