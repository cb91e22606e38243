"""Take messages of a channel that is read into the store, and have their day made anew.

    note     what a message object comes to: something said, a question to the bot, or nothing that is kept
    day job  makes the documents of a channel's day anew; there is one for each minute in which something changed

Names are looked up before the unit of work: those of profiles first, then Slack's own.
"""

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.face import Face
from bot.outbox import Paced
from flywheel.knowledge.slack_days import bring_up_to_date
from flywheel.knowledge.slack_markup import said
from flywheel.store import channels, jobs, profiles, talk
from flywheel.store.database import Session
from flywheel.store.jobs import Job, NewJob
from flywheel.store.talk import Said, State

DAY_JOB = "talk_day"
WAIT = timedelta(minutes=1)
"""How long changes of a day are gathered before its documents are made anew."""

_GRACE = timedelta(seconds=20)
_AGAIN = timedelta(seconds=2)
_PRIORITY = -10  # questions, clicks and messages go first


@dataclass(frozen=True, slots=True)
class Note:
    """What a message comes to; `said` is None for a question to the bot and for what is not kept."""

    ts: str
    said: Said | None = None
    asked: bool = False


def read(face: Face, channel: str, messages: Iterable[Mapping[str, Any]]) -> list[Note]:
    """Return what messages come to, in their order."""
    name_of = _names(face)
    return [_note(face, channel, one, name_of) for one in messages]


def keep(db: Session, channel: str, notes: Sequence[Note]) -> set[str]:
    """Store what is to be kept, where the channel is read and from when on; return the days that have changed."""
    since = channels.find(db, channel).read_since
    if since is None:
        return set()
    silent = talk.forgotten(db, {one.said.person for one in notes if one.said is not None})
    days: set[str] = set()
    for one in notes:
        if one.asked:
            day = talk.set_aside(db, channel, one.ts, State.ASKED)
            days |= {day} if day else set()
        elif one.said is not None and one.said.person not in silent and float(one.ts) >= since.timestamp():
            days |= {one.said.day} if talk.put(db, one.said) else set()
    return days


def make_anew(db: Session, face: Face, channel: str, days: Iterable[str]) -> None:
    """Have the documents of these days made anew, in a minute; whatever else changes until then is in them too."""
    now = face.core.now()
    window = int(now.timestamp() // WAIT.total_seconds())
    run_at = now + WAIT + _GRACE
    for day in sorted(days):
        job = NewJob(f"{day_jobs(channel)}{day}:{window}", DAY_JOB, {"channel": channel, "day": day}, _PRIORITY, run_at)
        jobs.enqueue(db, job, now)


def day_jobs(channel: str) -> str:
    """Return what the ids of a channel's day jobs begin with."""
    return f"{DAY_JOB}:{channel}:"


class DayMaker:
    """Runs day jobs, one at a time, so that encoding leaves room for questions."""

    def __init__(self, face: Face) -> None:
        """Have nothing to do."""
        self._face = face
        self._busy = threading.Lock()
        self._free_at: datetime | None = None

    def __call__(self, job: Job) -> None:
        """Make a day anew. Raises Paced while another one is being made: the days that wait come one by one."""
        if not self._busy.acquire(blocking=False):
            now = self._face.core.now()
            self._free_at = max(self._free_at or now, now) + _AGAIN
            raise Paced(self._free_at)
        try:
            bring_up_to_date(self._face.core, str(job.body["channel"]), str(job.body["day"]))
        finally:
            self._busy.release()


def _note(face: Face, channel: str, raw: Mapping[str, Any], name_of: Callable[[str], str]) -> Note:
    ts, is_person = str(raw.get("ts")), not face.identity.wrote(raw)
    if is_person and re.search(rf"<@{face.identity.user}[>|]", str(raw.get("text") or "")):
        return Note(ts, asked=True)
    return Note(ts, said(raw, channel, name_of) if is_person else None)


def _names(face: Face) -> Callable[[str], str]:
    known: dict[str, str] = {}

    def name_of(person: str) -> str:
        if person not in known:
            with face.core.database.read() as db:
                profile, is_gone = profiles.find(db, person), bool(talk.forgotten(db, [person]))
            named = profile.name if profile is not None else ""
            known[person] = talk.GONE if is_gone else named or face.name_of(person)
        return known[person]

    return name_of
