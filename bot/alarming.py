"""Tell every administrator of bursts of votes, within minutes and once, and what the notice shows when one has looked.

The notice names people, so it goes to each administrator alone; each sees the questions and sources they may read.
"""

import hashlib
from datetime import date, datetime, timedelta

from bot import outbox, showing
from bot.blocks.alarm import MOST, Rise, What, alarm_message
from bot.blocks.message import Message
from bot.face import Face
from bot.outbox import Outgoing
from flywheel.curation import review_queue
from flywheel.curation.bursts import Burst
from flywheel.errors import NotAllowed, NotFound
from flywheel.knowledge.access import audience_of
from flywheel.model import Audience
from flywheel.store import answers, jobs, marks, passages, questions, reviews
from flywheel.store.database import Session
from flywheel.store.reviews import ReviewItem, ReviewKind, ReviewState

TOLD_FOR = timedelta(days=2)
"""Alarms of older days, which a turn can find, are not announced: they wait in the review queue."""
_BETWEEN = ","
_WHAT = {
    Burst.PERSON: What.PERSON,
    Burst.ANSWER: What.ANSWER,
    Burst.PASSAGE: What.SOURCE,
    Burst.FLIPS: What.TURNED,
}


def announce(face: Face) -> int:
    """Raise the alarms that are due and tell the administrators of those they were not told of; return how many."""
    review_queue.raise_alarms(face.core)
    now = face.core.now()
    with face.core.database.read() as db:
        due = [one for one in reviews.waiting(db, ReviewKind.ALARM) if _is_news(one, now)]
        untold = [one for one in due if marks.find(db, _mark(one)) is None]
    if not untold or not face.core.admins:
        return 0
    value = _BETWEEN.join(one.id for one in sorted(untold, key=_striking)[:MOST])
    notices = {person: _notice(face, value, person) for person in sorted(face.core.admins)}
    with face.core.database.begin() as db:
        fresh = [marks.add(db, _mark(one), now.isoformat()) for one in untold]
        for person, notice in notices.items() if any(fresh) else ():
            outbox.put(db, Outgoing(f"{_key(value)}{person}", notice, person=person), now)
    face.wake()
    return sum(fresh)


def close(face: Face, value: str, person: str) -> str:
    """Close the alarms of a notice and show it in everybody's; return why it was refused, else an empty string."""
    with face.core.database.read() as db:
        standing = _named(db, value)
    try:
        for one in standing:
            if one.state is ReviewState.OPEN:
                review_queue.decide(face.core, one.id, person, review_queue.SEEN)
    except (NotAllowed, NotFound) as refusal:
        return str(refusal)
    with face.core.database.read() as db:
        posted = [one for one in jobs.beginning(db, f"post:{_key(value)}") if one.result]
    for job in posted:
        notice = _notice(face, value, str(job.body["person"]))
        showing.update(face, (str(job.result["channel"]), str(job.result["ts"])), notice)
    return ""


def _notice(face: Face, value: str, reader: str) -> Message:
    audience = audience_of(face.core.directory, reader, None)
    with face.core.database.read() as db:
        items = _named(db, value)
        rises = [_rise(db, one, audience) for one in items]
        waiting = [one for one in reviews.waiting(db, ReviewKind.ALARM) if _is_burst(one)]
    is_closed = all(one.state is ReviewState.DECIDED for one in items)
    seen_by = next((one.reviewer for one in items if is_closed and one.reviewer), "")
    shown = {one.id for one in items}
    return alarm_message(rises, value, others=sum(one.id not in shown for one in waiting), seen_by=seen_by)


def _rise(db: Session, item: ReviewItem, reader: Audience) -> Rise:
    what, detail = _WHAT[Burst(str(item.detail["what"]))], item.detail
    told, answer_id = "", ""
    if what is What.ANSWER:
        told = _question(db, item.subject, reader)
        answer_id = item.subject if told else ""
    if what is What.SOURCE:
        told = next((hit.title for hit in passages.hits(db, [item.subject], reader)), "")
    count, usual, voters = int(str(detail["count"])), float(str(detail["usual"])), int(str(detail.get("voters", 1)))
    return Rise(what, item.subject, _day(item), count, usual, voters, told, answer_id)


def _question(db: Session, answer_id: str, reader: Audience) -> str:
    """Return the question of an answer that the reader could have read where it was given, else an empty string."""
    answer = answers.find(db, answer_id)
    question = questions.find(db, answer.question_id) if answer else None
    return question.text if question and question.audience.labels <= reader.labels else ""


def _named(db: Session, value: str) -> list[ReviewItem]:
    return [one for name in value.split(_BETWEEN) if (one := reviews.find(db, name)) is not None]


def _is_news(item: ReviewItem, now: datetime) -> bool:
    return _is_burst(item) and _day(item) >= (now - TOLD_FOR).date()


def _is_burst(item: ReviewItem) -> bool:
    """Tell it from what the watch puts up, which it announces itself."""
    return item.detail.get("what") in _WHAT


def _day(item: ReviewItem) -> date:
    return date.fromisoformat(str(item.detail["day"]))


def _striking(item: ReviewItem) -> float:
    """Return what puts those first that exceed the usual most."""
    return -float(str(item.detail["count"])) / float(str(item.detail["usual"]))


def _mark(item: ReviewItem) -> str:
    return f"told:{item.id}"


def _key(value: str) -> str:
    return f"alarm:{hashlib.sha256(value.encode()).hexdigest()[:24]}:"
