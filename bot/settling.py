"""A suggestion approved or rejected: its review messages, its author and everybody who got the corrected answer hear
of it, wherever it was decided.

What was decided at another door is caught up with by the upkeep. A mark says that it was told, so that it is told once.
"""

from datetime import timedelta

from bot import reviewing
from bot.blocks import correction as words
from bot.face import Face, tell
from flywheel.curation import corrections
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.model import Correction, CorrectionState
from flywheel.store import corrections as stored
from flywheel.store import marks, reviews, verified
from flywheel.store.reviews import ReviewKind

TOLD_FOR = timedelta(days=2)
"""What was decided longer ago is not told any more."""


def approve(face: Face, correction_id: str, reviewer: str, text: str | None = None) -> bool:
    """Approve a suggestion, in the reviewer's words if given, or turn the first of two keys; return False if refused.

    The reviewer is told why.
    """
    within = reviewing.closed_circle(face, correction_id)
    edited = text is not None and text != _suggested(face, correction_id)
    try:
        made = corrections.vouch(face.core, correction_id, reviewer, text=text, within=within)
    except (NotAllowed, NotFound, InvalidInput) as refusal:
        tell(face, reviewer, str(refusal), f"refused:{correction_id}:{reviewer}")
        return False
    if made is None:
        reviewing.show_decision(face, correction_id)
        tell(face, reviewer, words.first_key(), f"first-key:{correction_id}:{reviewer}")
        return True
    _told(face, correction_id)
    reviewing.spread(face, made)
    reviewing.show_decision(face, correction_id)
    reviewing.tell_author(face, correction_id, words.approved(made.approved_by, edited=edited))
    return True


def reject(face: Face, correction_id: str, reviewer: str) -> bool:
    """Turn a suggestion down; return False if refused. The reviewer is told why."""
    try:
        rejected = corrections.reject(face.core, correction_id, reviewer)
    except (NotAllowed, NotFound) as refusal:
        tell(face, reviewer, str(refusal), f"refused:{correction_id}:{reviewer}")
        return False
    _told(face, correction_id)
    reviewing.show_decision(face, correction_id)
    if rejected:
        reviewing.tell_author(face, correction_id, words.rejected(reviewer))
    return True


def catch_up(face: Face) -> int:
    """Tell of suggestions from the queue that were decided at another door lately; return how many."""
    earliest = face.core.now() - TOLD_FOR
    with face.core.database.read() as db:
        found = [stored.find(db, one.subject) for one in reviews.decided(db, ReviewKind.CORRECTION)]
        decided = [one for one in found if one and one.reviewed_at and one.reviewed_at >= earliest]
        untold = [one for one in decided if marks.find(db, _mark(one.id)) is None]
    for one in untold:
        _tell(face, one)
        _told(face, one.id)
    return len(untold)


def _tell(face: Face, decided: Correction) -> None:
    reviewer = decided.reviewer or ""
    if decided.state is CorrectionState.REJECTED:
        reviewing.show_decision(face, decided.id)
        reviewing.tell_author(face, decided.id, words.rejected(reviewer))
        return
    with face.core.database.read() as db:
        made = verified.of_correction(db, decided.id)
    if made is not None:
        reviewing.spread(face, made)
        reviewing.show_decision(face, decided.id)
        reviewing.tell_author(face, decided.id, words.approved(reviewer))


def _told(face: Face, correction_id: str) -> None:
    with face.core.database.begin() as db:
        marks.add(db, _mark(correction_id), face.core.now().isoformat())


def _mark(correction_id: str) -> str:
    return f"settled:{correction_id}"


def _suggested(face: Face, correction_id: str) -> str:
    with face.core.database.read() as db:
        correction = stored.find(db, correction_id)
    return correction.text if correction else ""
