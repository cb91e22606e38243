"""The message in which a question's answer will stand, while the answer is not there yet.

    open     somebody has begun it; where it stands is known as soon as Slack has said so
    done     the answer, or the apology, stands in it
    gone     it could not be kept: what there is to say is posted as a new message

Only the first who opens it ever writes into it; every later attempt at the same question finds it open and leaves the
writing alone. It is a mark, so it outlives the process; no text is kept in it.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from flywheel.store import marks
from flywheel.store.database import Session


class State(StrEnum):
    """How far an opened message is."""

    OPEN = "open"
    DONE = "done"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that was begun in a thread, by the bot's user; `ts` is empty while Slack has not said where it stands.

    `asked` is the timestamp of the question.
    """

    channel: str
    thread: str
    asked: str
    by: str
    ts: str = ""
    state: State = State.OPEN


def open_for(db: Session, question_id: str, opened: Opened) -> bool:
    """Note that the answer's message is about to be begun; return False when somebody has begun it before."""
    return marks.add(db, _name(question_id), json.dumps(asdict(opened)))


def find(db: Session, question_id: str) -> Opened | None:
    """Return the message that was begun for a question, or None."""
    stored = marks.find(db, _name(question_id))
    if stored is None:
        return None
    fields = json.loads(stored)
    return Opened(**{**fields, "state": State(fields["state"])})


def place(db: Session, question_id: str, opened: Opened, ts: str) -> bool:
    """Note where the message stands; return False when somebody has given it up meanwhile."""
    now = find(db, question_id)
    if now is None or now.state is not State.OPEN:
        return False
    marks.put(db, _name(question_id), json.dumps({**asdict(opened), "ts": ts}))
    marks.put(db, _place(opened.channel, ts), question_id)
    return True


def settle(db: Session, question_id: str, opened: Opened, state: State) -> None:
    """Note that the message is done or gone."""
    marks.put(db, _name(question_id), json.dumps({**asdict(opened), "state": state}))
    marks.remove(db, [_place(opened.channel, opened.ts)])


def is_placed(db: Session, channel: str, ts: str) -> bool:
    """Tell whether a message is known to be one that somebody has begun and not finished."""
    return marks.find(db, _place(channel, ts)) is not None


def _name(question_id: str) -> str:
    return f"opened:{question_id}"


def _place(channel: str, ts: str) -> str:
    return f"opened-at:{channel}:{ts}"
