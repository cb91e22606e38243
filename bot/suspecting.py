"""Tell each administrator of votes that may be pushed, once. The notice names people, so it goes to nobody else."""

import hashlib
from datetime import timedelta

from bot import outbox
from bot.blocks.suspicion import Suspected, suspicion_message
from bot.face import Face
from bot.outbox import Outgoing
from flywheel.measurement.gaming import WHAT
from flywheel.store import marks, reviews
from flywheel.store.reviews import ReviewItem, ReviewKind

TOLD_FOR = timedelta(days=2)
"""What was found longer ago is not announced: it waits in the review queue."""


def announce(face: Face) -> int:
    """Tell the administrators of what they were not told of; return how many suspicions that are."""
    now = face.core.now()
    with face.core.database.read() as db:
        waiting = [one for one in reviews.waiting(db, ReviewKind.ALARM) if one.detail.get("what") == WHAT]
        untold = [one for one in waiting if one.at >= now - TOLD_FOR and marks.find(db, _mark(one)) is None]
    if not untold or not face.core.admins:
        return 0
    made = suspicion_message([_suspected(one) for one in untold])
    key = hashlib.sha256(",".join(one.id for one in untold).encode()).hexdigest()[:24]
    with face.core.database.begin() as db:
        fresh = sum(marks.add(db, _mark(one), now.isoformat()) for one in untold)
        for person in sorted(face.core.admins) if fresh else ():
            outbox.put(db, Outgoing(f"suspicion:{key}:{person}", made, person=person), now)
    face.wake()
    return fresh


def _suspected(item: ReviewItem) -> Suspected:
    persons = item.detail.get("persons")
    names = tuple(str(one) for one in persons) if isinstance(persons, list) else ()
    return Suspected(str(item.detail["reason"]), names)


def _mark(item: ReviewItem) -> str:
    return f"told:{item.id}"
