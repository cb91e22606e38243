"""Living answers: what Slack shows of the last 90 days is looked at again when a source of it changes.

    a source changes → quiet for five minutes → the answer is checked → it holds, or the message shows the new answer
                                                                         with a note, and the thread hears of it once

Any number of replicas may do this at once: a check is claimed by a row, the amendment, its note and the word to the
thread are one unit of work, and a message that a killed process left as it was is drawn by the next run. Left alone is
an answer in whose place a colleague's correction or another answer stands, or whose thread was deleted. A muted thread
hears nothing; the message in it shows the note.
"""

import logging
from datetime import timedelta

from bot import outbox, readers, showing
from bot.asking import deleted_mark
from bot.blocks.amendment import amendment_intro, amendment_notice
from bot.face import Face
from bot.outbox import Outgoing
from bot.place import Place, standing, take
from flywheel.answering.living import Look, look_again
from flywheel.errors import MembersUnknown, NotFound
from flywheel.learning.unasked import muted_mark
from flywheel.model import Answer
from flywheel.store import answer_checks, answers, marks, questions
from flywheel.store.answer_checks import CheckVerdict, Suspect
from flywheel.store.database import Session

KEPT = timedelta(days=90)
"""How long an answer is looked after."""
QUIET = timedelta(minutes=5)
"""How long a changed document must have been left alone: somebody may be in the middle of rewriting it."""
AT_ONCE = 20
"""Checks in one run; the oldest answers come first, the others with the next run."""

_log = logging.getLogger(__name__)


def amend(face: Face) -> int:
    """Check what may not hold any more, and amend what does not; return how many answers were amended."""
    now = face.core.now()
    with face.core.database.read() as db:
        due = answer_checks.suspects(db, now - KEPT)
    ready = [one for one in due if one.changed_at <= now - QUIET]
    amended = sum(_look(face, one) for one in ready[:AT_ONCE])
    _draw(face)
    return amended


def _look(face: Face, suspect: Suspect) -> bool:
    core = face.core
    with core.database.begin() as db:
        if not answer_checks.claim(db, suspect, core.now()):
            return False
        place = _own_place(db, suspect.answer_id)
        if place is None:
            answer_checks.settle(db, suspect, CheckVerdict.LEFT, {}, core.now())
            return False
    try:
        look = look_again(core, suspect.answer_id, suspect.state)
    except MembersUnknown as error:
        _log.warning("answer %s is looked at again later: %s", suspect.answer_id, error)
        return False  # the claim runs out
    if look is None or look.fresh is None:
        verdict = CheckVerdict.LEFT if look is None else CheckVerdict.HOLDS
        with core.database.begin() as db:
            answer_checks.settle(db, suspect, verdict, {}, core.now())
        return False
    with core.database.begin() as db:
        is_taken = _own_place(db, suspect.answer_id) == place and _take(face, db, (suspect, place), (look, look.fresh))
        verdict = CheckVerdict.AMENDED if is_taken else CheckVerdict.LEFT
        answer_checks.settle(db, suspect, verdict, {"fresh": look.fresh.id}, core.now())
    face.wake()
    return is_taken


def _take(face: Face, db: Session, where: tuple[Suspect, Place], found: tuple[Look, Answer]) -> bool:
    """Have the new answer stand where the old one stood, under its note, and tell the thread."""
    (suspect, place), (look, fresh), now = where, found, face.core.now()
    if not take(db, place, fresh.id, f"{now.timestamp():.6f}"):
        return False
    before = marks.find(db, showing.intro_mark(suspect.answer_id)) or ""
    shared = before.split("\n", 1)[0] if before and not before.startswith("*Updated") else ""
    said = amendment_intro(now, look.was, gone=look.gone)
    marks.put(db, showing.intro_mark(fresh.id), f"{shared}\n{said}".strip())
    question = questions.find(db, fresh.question_id)
    thread = (question.thread_ts or question.message_ts if question else None) or place[1]
    if marks.find(db, muted_mark(place[0], thread)) is not None:  # it wants no word of ours; the message tells
        return True
    told = Outgoing(
        key=f"living:{suspect.answer_id}:{suspect.state[:16]}",
        message=amendment_notice(look.sources, gone=look.gone),
        channel=place[0],
        thread_ts=thread,
    )
    outbox.put(db, told, now)
    return True


def _own_place(db: Session, answer_id: str) -> Place | None:
    """Return where an answer stands, if no correction and no other answer stands there instead."""
    place = answers.posted_at(db, answer_id)
    if place is None or marks.find(db, showing.amended_mark(answer_id)) is not None:
        return None
    answer = answers.find(db, answer_id)
    question = questions.find(db, answer.question_id) if answer else None
    if question is not None and question.thread_ts and _is_deleted(db, place[0], question.thread_ts):
        return None
    shown = standing(db, place)
    return place if shown is not None and shown.id == answer_id else None


def _is_deleted(db: Session, channel: str, ts: str) -> bool:
    return marks.find(db, deleted_mark(channel, ts)) is not None


def _draw(face: Face) -> None:
    """Show the amendments that Slack does not show yet."""
    with face.core.database.read() as db:
        waiting = answer_checks.unshown(db)
    for answer_id, fresh_id in waiting:
        try:
            showing.refresh(face, _fitting(face, fresh_id))
        except MembersUnknown as error:
            _log.warning("answer %s is shown later: %s", fresh_id, error)
            continue
        with face.core.database.begin() as db:
            answer_checks.mark_shown(db, answer_id, face.core.now())


def _fitting(face: Face, fresh_id: str) -> str:
    """Return the answer to show: somebody may have come since it was made who may not read all of it."""
    with face.core.database.read() as db:
        fresh, place = answers.find(db, fresh_id), answers.posted_at(db, fresh_id)
        shown = standing(db, place) if place else None
    if fresh is None or place is None or shown != fresh:
        return fresh_id
    try:
        fit = readers.fitting(face, fresh, place[0])
    except NotFound:  # deleted meanwhile, it stays as it is
        return fresh_id
    with face.core.database.begin() as db:
        if fit.id != fresh.id and take(db, place, fit.id, f"{face.core.now().timestamp():.6f}"):
            marks.put(db, showing.intro_mark(fit.id), marks.find(db, showing.intro_mark(fresh.id)) or "")
    return fit.id
