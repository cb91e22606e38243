"""The parts of a long answer that stand before the message with its buttons, once another answer takes its place.

They stay in order: a part can be changed or deleted where it stands, but none can be put in. So an answer with more
parts than stand there is posted anew, and the old one goes.
"""

from collections.abc import Iterator, Sequence
from itertools import count

from slack_sdk.errors import SlackApiError

from bot import showing
from bot.asking import answer_key
from bot.blocks.message import Message
from bot.face import Face
from bot.outgoing import job_id
from bot.place import Place
from flywheel.store import jobs, marks
from flywheel.store.database import Session

_GONE = frozenset({"message_not_found", "channel_not_found", "is_archived", "cant_delete_message"})


def standing(db: Session, place: Place, question_id: str) -> list[Place]:
    """Return where the parts before a message stand, the first one first; `question_id` is that of its first answer."""
    kept = marks.find(db, _mark(place))
    if kept is not None:
        return [(place[0], ts) for ts in kept.split()]
    return list(_posted(db, question_id))


def change(face: Face, place: Place, there: Sequence[Place], wanted: Sequence[Message]) -> None:
    """Show these parts where others stand, and delete what is left over; there are no more of them than stand there."""
    for where, part in zip(there, wanted, strict=False):
        showing.update(face, where, part)
    for where in there[len(wanted) :]:
        delete(face, where)
    if there:
        with face.core.database.begin() as db:
            marks.put(db, _mark(place), " ".join(ts for _, ts in there[: len(wanted)]))


def delete(face: Face, place: Place) -> None:
    """Delete a message of the bot's; one that is gone stays gone."""
    try:
        face.client.chat_delete(channel=place[0], ts=place[1])
    except SlackApiError as error:
        if error.response.get("error") not in _GONE:
            raise


def _posted(db: Session, question_id: str) -> Iterator[Place]:
    for number in count(1):
        job = jobs.find(db, job_id(f"{answer_key(question_id)}#{number}"))
        if job is None or "ts" not in job.result:
            return
        yield str(job.result["channel"]), str(job.result["ts"])


def _mark(place: Place) -> str:
    return f"parts:{place[0]}:{place[1]}"
