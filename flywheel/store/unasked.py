"""What auto mode did in a channel: the answers nobody had asked the bot for, and claims on the day's number of them.

A *claim* is the right to one unasked answer, taken before it is written; the claims of a channel and a day are taken
one after another, by however many workers, so that a cap holds. Claims name the message and its writer, and go with the
next day's first. Of messages that were looked at and left alone only counts are kept, by *decision*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, cast, select, update

from flywheel.model import Surface
from flywheel.store import marks
from flywheel.store.database import Session
from flywheel.store.guest_tables import ChannelSettingRow
from flywheel.store.insertion import insert_new
from flywheel.store.question_tables import AnswerRow, QuestionRow
from flywheel.store.work_tables import JobRow, MarkRow

_COUNT = "unasked-count:"
_UNPRICED = "unpriced"
_SAID = {"text": "", "blocks": [], "attachments": [], "files": []}
_VERSIONS = ("message", "previous_message")


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish to answer a message unasked; `day` is the team's day, as in 2026-11-18."""

    channel: str
    day: str
    question_id: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """An unasked answer, as judging it needs it; `usage` is what a language model took."""

    answer_id: str
    confidence: float
    at: datetime
    thread_ts: str
    usage: Mapping[str, Any] | None


def others(db: Session, wish: Claim) -> Sequence[Claim]:
    """Return the day's other claims in the channel, and let nobody else claim until the unit of work ends."""
    lock = f"unasked-lock:{wish.channel}"
    insert_new(db, MarkRow, {"name": lock, "value": ""})
    db.execute(select(MarkRow.name).where(MarkRow.name == lock).with_for_update())
    found = [_claim(wish, row) for row in db.scalars(_beginning(_claims(wish.channel, wish.day)))]
    return [one for one in found if one.question_id != wish.question_id]


def claim(db: Session, wish: Claim) -> None:
    """Take the right to answer; claims of other days in the channel are forgotten."""
    today = _claims(wish.channel, wish.day)
    stale = [row.name for row in db.scalars(_beginning(_claims(wish.channel, ""))) if not row.name.startswith(today)]
    marks.remove(db, stale)
    marks.put(db, today + wish.question_id, f"{wish.person} {wish.at.isoformat()}")


def given(db: Session, channel: str, since: datetime) -> list[Given]:
    """Return the unasked answers of a channel since a moment, oldest first."""
    wanted = (
        select(AnswerRow, QuestionRow.thread_ts, QuestionRow.message_ts)
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .where(QuestionRow.channel == channel, QuestionRow.surface == Surface.AUTO.value)
        .where(AnswerRow.answered_at >= since)
        .order_by(AnswerRow.answered_at, AnswerRow.id)
    )
    return [
        Given(row.id, row.confidence, row.answered_at, str(thread_ts or message_ts or ""), row.usage)
        for row, thread_ts, message_ts in db.execute(wanted)
    ]


def spend(db: Session, wish: Claim, usage: Mapping[str, object]) -> None:
    """Note what a language model took for a message that was then left alone."""
    others(db, wish)  # one after another
    name, cost = _spent(wish), usage.get("cost")
    before = marks.find(db, name)
    if not isinstance(cost, int | float) or before == _UNPRICED:
        marks.put(db, name, _UNPRICED)
    else:
        marks.put(db, name, str(float(before or 0) + cost))


def cost(db: Session, wish: Claim, since: datetime) -> float | None:
    """Return what the day's unasked answers in a channel cost, in US dollars; None where it cannot be known.

    `since` is when the day began.
    """
    noted = marks.find(db, _spent(wish)) or "0"
    used = [one.usage for one in given(db, wish.channel, since) if one.usage]
    told = [one["cost"] for one in used if one.get("cost") is not None]
    return None if noted == _UNPRICED or len(told) < len(used) else sum(told) + float(noted)


def count(db: Session, decision: str) -> None:
    """Count one message by what was decided about it."""
    name = _COUNT + decision
    insert_new(db, MarkRow, {"name": name, "value": "0"})
    more = cast(cast(MarkRow.value, Integer) + 1, String)
    db.execute(
        update(MarkRow).where(MarkRow.name == name).values(value=more).execution_options(synchronize_session=False)
    )


def counts(db: Session) -> Mapping[str, float]:
    """Return how many messages there were, by what was decided about them."""
    return {row.name.removeprefix(_COUNT): float(row.value) for row in db.scalars(_beginning(_COUNT))}


def settings_changed_at(db: Session, channel: str) -> datetime | None:
    """Return when a channel's settings were changed last, or None where nobody set any."""
    return db.scalar(select(ChannelSettingRow.changed_at).where(ChannelSettingRow.channel == channel))


def forget_text(db: Session, job_id: str) -> None:
    """Take what somebody said out of the job that brought it: nobody will look at it again."""
    body = db.scalar(select(JobRow.body).where(JobRow.id == job_id))
    if body is None or not isinstance(body.get("event"), dict):
        return
    event = _emptied(body["event"])
    event |= {name: _emptied(event[name]) for name in _VERSIONS if isinstance(event.get(name), dict)}
    db.execute(
        update(JobRow)
        .where(JobRow.id == job_id)
        .values(body={**body, "event": event})
        .execution_options(synchronize_session=False)
    )


def _emptied(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _SAID.get(name, value) for name, value in message.items()}


def _spent(wish: Claim) -> str:
    return f"unasked-spent:{wish.channel}:{wish.day}"


def _claims(channel: str, day: str) -> str:
    return f"unasked:{channel}:{day}:" if day else f"unasked:{channel}:"


def _claim(wish: Claim, row: MarkRow) -> Claim:
    person, at = row.value.rsplit(" ", 1)
    question_id = row.name.removeprefix(_claims(wish.channel, wish.day))
    return Claim(wish.channel, wish.day, question_id, person, datetime.fromisoformat(at))


def _beginning(name: str) -> Any:
    return select(MarkRow).where(MarkRow.name.startswith(name, autoescape=True)).order_by(MarkRow.name)
