"""Which answer a message shows now, where people had a question looked up again.

The first answer takes its place when it is posted. A later one takes it by the time of the tap that asked for it, so
that of two people who tap at once the last one wins, whichever answer is ready first.
"""

from flywheel.model import Answer
from flywheel.store import answers, marks
from flywheel.store.database import Session

Place = tuple[str, str]
"""The channel and ts of a message."""


def take(db: Session, place: Place, answer_id: str, stamp: str) -> bool:
    """Have an answer stand at a place; return False when a later tap has it already. `stamp` is Slack's, in seconds."""
    held = marks.find(db, _mark(place))
    if held is not None and float(held.split()[0]) > float(stamp):
        return False
    marks.put(db, _mark(place), f"{stamp} {answer_id}")
    answers.mark_posted(db, answer_id, *place)
    return True


def standing(db: Session, place: Place) -> Answer | None:
    """Return the answer that stands at a place, or None where there is none."""
    held = marks.find(db, _mark(place))
    return answers.find(db, held.split()[1]) if held else answers.by_post(db, *place)


def _mark(place: Place) -> str:
    return f"standing:{place[0]}:{place[1]}"
