"""Read a channel's history from Slack, a page at a time, until what is kept agrees with it.

    pass   from a moment on up to when it began: the first after opting in, later ones to catch up with what was missed
    step   one call to Slack, a job of its own, which stores a page and the next step in one unit of work

A process killed anywhere goes on with the step it was at. Steps come two seconds apart and go last among all jobs.
Where Slack says to wait (once a minute for some apps, 15 messages at a time) the pass waits and nothing else does. What
is kept and not in the history any more was deleted while nobody listened, and goes.

Of a thread that began before the pass does, Slack shows its newer replies only where one of them was sent to the
channel as well: that thread is read. The others come as events from the day on which the channel is opted in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError

from bot import noting
from bot.blocks.message import note
from bot.blocks.text import inert, when
from bot.face import Face, tell
from bot.outbox import Paced, Refused, translate
from flywheel.store import channels, documents, followed, jobs, talk
from flywheel.store.database import Session
from flywheel.store.followed import Followed
from flywheel.store.jobs import Job, NewJob

STEP_JOB = "talk_history"
TOLD_JOB = "talk_read"
PAUSE = timedelta(seconds=2)
"""Between two calls: 30 a minute of the 50 that Slack allows (Tier 3), so that others have room."""

_PAGE = 200
_SMALL_PAGE = 15
"""The most that Slack gives apps outside of its marketplace at once (docs.slack.dev, rate limits, May 2025)."""
_LESS = frozenset({"invalid_limit", "invalid_arguments"})
_PRIORITY = -20
_LOOK_AGAIN = timedelta(seconds=10)
_SKEW_SECONDS = 60
_DONE_KEPT = timedelta(hours=1)
_GONE = frozenset({"thread_not_found", "message_not_found"})
_WHY = {
    "not_in_channel": "I am not in it any more.",
    "channel_not_found": "I cannot see it any more.",
    "missing_scope": "I am not allowed to read the history of such channels.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a pass stands; all moments are Slack timestamps.

    `began` is when the pass did, `latest` the oldest message of the channel read so far, `threads` those of its page
    still to be read, and `after` how far the first of them has been. `person` hears of the end, `is_whole` says that
    everything since the channel was opted in is read. `limit` is how many messages are asked for at once.
    """

    channel: str
    run: str
    since: str
    began: str
    latest: str
    number: int = 0
    threads: tuple[str, ...] = ()
    after: str = ""
    is_last: bool = False
    is_whole: bool = True
    person: str = ""
    limit: int = _PAGE


def start(db: Session, now: datetime, known: Followed, since: datetime, person: str | None = None) -> None:
    """Begin a pass over a channel, of all that is to be read where `person` is given; one that is under way ends.

    `person` hears of the end; an empty one is nobody.
    """
    began = f"{now.timestamp():.6f}"
    followed.put(db, replace(known, run=began))
    first = Step(
        known.channel, began, f"{since.timestamp():.6f}", began, began, is_whole=person is not None, person=person or ""
    )
    _enqueue(db, first, now)


def is_under_way(db: Session, channel: str) -> bool:
    """Tell whether a pass over a channel is under way."""
    return jobs.are_waiting(db, f"{STEP_JOB}:{channel}:")


def take_step(face: Face, job: Job) -> None:
    """Read one page.

    Raises:
        Paced, Unclear: Slack is busy or away; the step is tried again.
    """
    step = _step(job.body)
    with face.core.database.read() as db:
        known = followed.find(db, step.channel)
    if known is None or known.run != step.run:
        return
    try:
        step, page = _fitting_page(face, step)
    except Refused as refused:
        if not step.threads or str(refused) not in _GONE:
            _give_up(face, step, known, str(refused))
            return
        page = {"messages": []}
    _take(face, step, page)
    face.wake()


def tell_read(face: Face, job: Job) -> None:
    """Tell who opted a channel in that its history has been read, once its documents are made.

    Raises:
        Paced: they are not all made yet.
    """
    channel, person = str(job.body["channel"]), str(job.body["person"])
    with face.core.database.read() as db:
        if jobs.are_waiting(db, noting.day_jobs(channel)):
            raise Paced(face.core.now() + _LOOK_AGAIN)
        since, known = channels.find(db, channel).read_since, followed.find(db, channel)
        if since is None or known is None:
            return
        messages, threads = talk.count(db, channel), sum(1 for _ in documents.in_source(db, known.source))
    said = (
        f"I have read <#{channel}> back to {when(since, '{date_long}')}: {_some(messages, 'message')} in "
        f"{_some(threads, 'conversation')}. My answers can use them now, and new messages follow by themselves."
    )
    tell(face, person, note(said), f"read:{channel}:{job.body['run']}")


def _fitting_page(face: Face, step: Step) -> tuple[Step, Mapping[str, Any]]:
    """Return a page, and the step with the limit that Slack took: some servers give few messages at once."""
    try:
        return step, _page(face, step)
    except Refused as refused:
        if str(refused) not in _LESS or step.limit <= _SMALL_PAGE:
            raise
    less = replace(step, limit=_SMALL_PAGE)
    return less, _page(face, less)


def _page(face: Face, step: Step) -> Mapping[str, Any]:
    client, wanted = face.client, dict[str, Any](channel=step.channel, limit=step.limit)
    try:
        if step.threads:
            after = step.after or step.since
            return _data(client.conversations_replies(ts=step.threads[0], oldest=after, latest=step.began, **wanted))
        return _data(client.conversations_history(oldest=step.since, latest=step.latest, **wanted))
    except (SlackClientError, OSError, HTTPException) as error:
        raise translate(error, face.core.now()) from error


def _take(face: Face, step: Step, page: Mapping[str, Any]) -> None:
    """Store a page, drop what is kept and not on it, and go on."""
    messages, now = list(page["messages"]), face.core.now()
    notes = noting.read(face, step.channel, messages)
    present = {one.ts for one in notes if one.said is not None}
    after, before = _covered(step, page, messages)
    with face.core.database.begin() as db:
        known = followed.find(db, step.channel)
        if known is None or known.run != step.run:
            return
        jobs.prune(db, STEP_JOB, now - _DONE_KEPT)  # each carries the threads of its page
        days = noting.keep(db, step.channel, notes)
        kept = talk.within(db, step.channel, step.threads[0] if step.threads else None, after, before)
        days |= talk.drop(db, step.channel, set(kept) - present)
        noting.make_anew(db, face, step.channel, days)
        going_on = _next(step, page, messages)
        if going_on is None:
            _finish(db, face, step, known)
        else:
            _enqueue(db, going_on, now + PAUSE)


def _covered(step: Step, page: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return between which moments a page is complete; clocks differ, so what is very new is left alone."""
    more = bool(page.get("has_more")) and bool(messages)
    settled = f"{float(step.began) - _SKEW_SECONDS:.6f}"
    if step.threads:
        return step.after or step.since, str(messages[-1]["ts"]) if more else settled
    return str(messages[-1]["ts"]) if more else step.since, min(step.latest, settled, key=float)


def _next(step: Step, page: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> Step | None:
    """Return the step after this one, or None when the pass is done."""
    more, number = bool(page.get("has_more")) and bool(messages), step.number + 1
    if step.threads and more:
        return replace(step, number=number, after=str(messages[-1]["ts"]))
    if step.threads:
        left = replace(step, number=number, threads=step.threads[1:], after="")
    else:
        threads = tuple(dict.fromkeys(filter(None, (_thread_of(step, one) for one in messages))))
        latest = str(messages[-1]["ts"]) if messages else step.latest
        left = replace(step, number=number, threads=threads, latest=latest, is_last=not more)
    return None if left.is_last and not left.threads else left


def _thread_of(step: Step, message: Mapping[str, Any]) -> str:
    """Return which thread a message says is to be read: its own, or an older one that it was sent from."""
    if message.get("reply_count"):
        return str(message["ts"])
    root = str(message.get("thread_ts") or message["ts"])
    return root if float(root) < float(step.since) else ""


def _finish(db: Session, face: Face, step: Step, known: Followed) -> None:
    began, now = float(step.began), face.core.now()
    followed.put(db, replace(known, reached=began, whole=began if step.is_whole else known.whole))
    if step.person:
        body = {"channel": step.channel, "run": step.run, "person": step.person}
        jobs.enqueue(db, NewJob(f"{TOLD_JOB}:{step.channel}:{step.run}", TOLD_JOB, body, _PRIORITY), now)


def _give_up(face: Face, step: Step, known: Followed, reason: str) -> None:
    if step.person:
        why = _WHY.get(reason, f"Slack refused it ({inert(reason)[:100]}).")
        said = f"I could not read all of #{inert(known.name)}: {why} What I had read until then stays."
        tell(face, step.person, note(said), f"read:{step.channel}:{step.run}")


def _enqueue(db: Session, step: Step, run_at: datetime) -> None:
    body = asdict(step) | {"threads": list(step.threads)}
    job_id = f"{STEP_JOB}:{step.channel}:{step.run}:{step.number}"
    jobs.enqueue(db, NewJob(job_id, STEP_JOB, body, _PRIORITY, run_at), run_at)


def _step(body: Mapping[str, Any]) -> Step:
    return Step(**{**body, "threads": tuple(body["threads"])})


def _data(answer: Any) -> Mapping[str, Any]:
    return dict(answer.data)


def _some(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
