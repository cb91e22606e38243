"""Thresholds in Slack: announce proposals and breaches, once, and carry out what administrators decide.

Announcements go to the report channel, without one to each administrator. They hold numbers only, no person's name and
no question.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from bot import outbox, scheduling, showing
from bot.blocks.message import Message
from bot.blocks.threshold import (
    MOST,
    Alarm,
    Row,
    alarm_message,
    ids_in,
    proposals_message,
    redrawn,
    thresholds_message,
)
from bot.face import Face
from bot.outbox import Outgoing
from flywheel.core import Core
from flywheel.measurement import breaches, threshold_words
from flywheel.store import jobs, marks
from flywheel.store import thresholds as stored
from flywheel.store.database import Session
from flywheel.store.thresholds import Breach, Threshold, ThresholdState

TOLD_FOR = timedelta(days=2)
"""What began or ended longer ago is not announced any more: a bot that was away says only what is news."""
REFUSAL = "Only administrators set thresholds. Ask one of them, or vote on answers: that counts."
_POSTS = "post:thresholds:"
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|percent|s|seconds?)?", re.IGNORECASE)


def announce(face: Face) -> int:
    """Look for breaches and tell of what is new; return how many messages were stored."""
    breaches.check(face.core)
    told = _announce_proposals(face) + _announce_breaches(face)
    if told:
        face.wake()
    return told


def overview(core: Core) -> Message:
    """Render what is in force and what waits for a decision."""
    with core.database.read() as db:
        rows = stored.history(db)
    return thresholds_message([row(one) for one in stored.in_force(rows)], [row(one) for one in stored.proposed(rows)])


def redraw(face: Face, proposal_id: int) -> bool:
    """Show a decision in every message that asked for it; return whether there was one."""
    with face.core.database.read() as db:
        posted = [one for one in jobs.beginning(db, _POSTS) if one.result]
        now = _as_decided(stored.history(db))
    found = False
    for job in posted:
        blocks = job.body["message"]["blocks"]
        if proposal_id in ids_in(blocks):
            fresh = Message(str(job.body["message"]["text"]), tuple(redrawn(blocks, now)))
            showing.update(face, (str(job.result["channel"]), str(job.result["ts"])), fresh)
            found = True
    return found


def row(one: Threshold) -> Row:
    """Return a threshold in words."""
    entry, unit = _entry(one.metric, one.value)
    name, asked = threshold_words.name(*one.about), threshold_words.bound(one)
    if one.state is ThresholdState.PROPOSED:
        return Row(one.id, name, asked, threshold_words.basis(one), one.reason, entry, unit)
    return Row(one.id, name, asked, "", "", entry, unit, one.state.value, one.person, one.reason)


def typed(metric: str, text: str) -> float | None:
    """Return the value that somebody typed for a metric, or None: 71 or 71 % is .71, 1.8 s is 1,800 ms."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    _, unit = _entry(metric, 0.5)
    value = number / 100 if unit == "%" else number * 1000 if unit == "seconds" else number
    return value if value > 0 and (unit == "seconds" or value < 1) else None


def proposal(core: Core, value: str) -> Threshold | None:
    """Return the proposal that a button or a form names, or None where nobody is to decide on it any more."""
    with core.database.read() as db:
        waiting = stored.proposed(stored.history(db))
    return next((one for one in waiting if str(one.id) == value), None)


def _announce_proposals(face: Face) -> int:
    now = face.core.now()
    with face.core.database.read() as db:
        waiting = stored.proposed(stored.history(db))
        untold = [one for one in waiting if marks.find(db, _mark(one)) is None]
    if not untold:
        return 0
    made = proposals_message([row(one) for one in untold], len(untold) - MOST)
    with face.core.database.begin() as db:
        fresh = [marks.add(db, _mark(one), now.isoformat()) for one in untold]
        if not any(fresh):
            return 0
        return _put(face, db, f"thresholds:{untold[-1].id}:{len(untold)}", made)


def _announce_breaches(face: Face) -> int:
    since = face.core.now() - TOLD_FOR
    with face.core.database.read() as db:
        news = stored.breaches(db, since)
    told = 0
    with face.core.database.begin() as db:
        for one in news:
            if one.began_at >= since:
                told += _put(face, db, f"breach:{one.id}", alarm_message(_alarm(one, ended=False)))
            if one.ended_at is not None:
                told += _put(face, db, f"breach-over:{one.id}", alarm_message(_alarm(one, ended=True)))
    return told


def _put(face: Face, db: Session, key: str, made: Message) -> int:
    now = face.core.now()
    channel = scheduling.channel_in(db, face.report_channel)
    if channel:
        return int(outbox.put(db, Outgoing(key, made, channel=channel), now))
    admins = sorted(face.core.admins)
    return sum(outbox.put(db, Outgoing(f"{key}:{one}", made, person=one), now) for one in admins)


def _alarm(one: Breach, *, ended: bool) -> Alarm:
    name, asked, seen, change = (str(one.detail.get(key) or "") for key in ("name", "asked", "seen", "change"))
    over = one.detail.get("over")
    if not ended or not isinstance(over, Mapping):
        return Alarm(name, asked, seen, change)
    return Alarm(
        name, str(over.get("asked", "")), seen, change, str(over.get("seen", "")), is_retired="retired" in over
    )


def _as_decided(rows: Iterable[Threshold]) -> dict[int, Row]:
    """Return each proposal that nobody is to decide on any more, as what came after it on the same metric."""
    found: dict[int, Row] = {}
    waiting: dict[tuple[str, str], int] = {}
    for one in rows:
        earlier = waiting.pop(one.about, None)
        if one.state is ThresholdState.PROPOSED:
            waiting[one.about] = one.id
        if earlier is not None:
            replaced = one.state is ThresholdState.PROPOSED
            found[earlier] = Row(earlier, "", "", "", "", "", "", "replaced") if replaced else row(one)
    return found


def _entry(metric: str, value: float) -> tuple[str, str]:
    if metric.endswith("_ms"):
        return f"{value / 1000:g}", "seconds"
    if metric in threshold_words.SCORES or metric.startswith("judged_"):
        return f"{value:g}", ""
    return f"{100 * value:g}", "%"


def _mark(one: Threshold) -> str:
    return f"told:threshold:{one.id}"
