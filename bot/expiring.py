"""Who is told that an approved answer has lost its support, and what the message shows after a decision."""

import re

from bot import outbox, showing
from bot.blocks.expiry import expiry_message
from bot.face import Face
from bot.outbox import Outgoing
from flywheel.curation import expiry
from flywheel.errors import NotAllowed, NotFound
from flywheel.knowledge.access import audience_of
from flywheel.model import VerifiedAnswer
from flywheel.store import jobs, origins, verified

_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")


def notify(face: Face) -> int:
    """Let answers whose support has changed expire, and ask their reviewers once each; return how many are waiting."""
    expiry.expire(face.core)
    waiting = expiry.waiting(face.core)
    for answer in waiting:
        people = _reviewers(face, answer)
        with face.core.database.begin() as db:
            for person in sorted(people):
                told = Outgoing(f"{_key(answer.id)}{person}", expiry_message(answer), person=person)
                outbox.put(db, told, face.core.now())
    if waiting:
        face.wake()
    return len(waiting)


def decide(face: Face, verified_id: str, reviewer: str, *, kept: bool) -> str:
    """Carry out a decision and show it in every notice; return why it was refused, else an empty string."""
    act = expiry.keep if kept else expiry.drop
    try:
        act(face.core, verified_id, reviewer)
    except (NotAllowed, NotFound) as refusal:
        return str(refusal)
    _show(face, verified_id)
    return ""


def _show(face: Face, verified_id: str) -> None:
    with face.core.database.read() as db:
        answer = verified.find(db, verified_id)
        posted = jobs.beginning(db, f"post:{_key(verified_id)}")
    for job in posted if answer is not None else ():
        if job.result and answer is not None:
            shown = expiry_message(answer, expiry.decision(face.core, verified_id))
            showing.update(face, (str(job.result["channel"]), str(job.result["ts"])), shown)


def _reviewers(face: Face, answer: VerifiedAnswer) -> frozenset[str]:
    """Return those who answer for it, are Slack users and may still read it; the administrators where there is none."""
    owners = {one for one in expiry.owners(face.core, answer.id) if _SLACK_ID.fullmatch(one)}
    return frozenset(one for one in owners if _may_read(face, one, answer)) or frozenset(
        one for one in face.core.admins if _may_read(face, one, answer)
    )


def _may_read(face: Face, person: str, answer: VerifiedAnswer) -> bool:
    audience = audience_of(face.core.directory, person, None)
    with face.core.database.read() as db:
        return origins.readable(db, answer.id, audience) is not None


def _key(verified_id: str) -> str:
    return f"expired:{verified_id}:"
