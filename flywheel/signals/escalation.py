"""Hand a question to a person, pass it on, note the reply, and close it: one unit of work each.

What is said about it is the caller's. Every function may be called twice for the same act: the second time
changes nothing and says so.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flywheel.model import Question, Signal, SignalKind
from flywheel.signals.record import signal_key
from flywheel.store import escalations, signals
from flywheel.store.database import Session
from flywheel.store.escalations import OPEN, Escalation, EscalationState

_SATURDAY = 5
_MORNING = 9
_FEWEST_WORDS = 3
_HOLDING = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|sure|hi|hello|hey|yes|yep|yeah|hm+)\b\W*)*"
    r"(?:on it|looking|checking|will (?:check|look|do|get back|ask)|i(?:'|’)?(?:ll| will) (?:check|look|get back|ask)"
    r"|let me|give me|one (?:moment|sec|second|minute)|(?:just )?a (?:moment|sec|second|minute)|not sure|no idea"
    r"|i (?:do not|don(?:'|’)t) know|sorry)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Request:
    """Whom to ask what, for whom. `asked_by` pressed the button; `thread` is None for a direct message."""

    answer_id: str
    question: Question
    asked_by: str
    expert: str
    shared: str
    thread: tuple[str, str] | None = None


def hand_over(db: Session, request: Request, now: datetime) -> Escalation | None:
    """Store a request and the signal that a person was asked for; return None while another one is open."""
    if escalations.open_for(db, request.answer_id) is not None:
        return None
    made = _waiting(db, request, now)
    if not escalations.put(db, made):
        return None
    key = signal_key(SignalKind.ESCALATE, request.answer_id, request.asked_by, made.id)
    signals.put(db, Signal(key, request.answer_id, SignalKind.ESCALATE, request.asked_by, now, {"escalation": made.id}))
    return made


def pass_on(db: Session, passed: Escalation, request: Request | None, now: datetime) -> tuple[bool, Escalation | None]:
    """End a request that its expert does not take; return whether it was this act, and the next request, if any."""
    ended = {"state": EscalationState.PASSED.value, "closed_at": now, "closed_by": passed.expert}
    if not escalations.move(db, passed.id, {EscalationState.WAITING}, **ended):
        return False, None
    made = _waiting(db, request, now) if request else None
    return True, made if made is not None and escalations.put(db, made) else None


def note_reply(db: Session, escalation: Escalation, person: str, ts: str, at: datetime) -> bool:
    """Note that somebody replied; return False when somebody had before."""
    reply = {"state": EscalationState.REPLIED.value, "replied_at": at, "reply_by": person, "reply_ts": ts}
    return escalations.move(db, escalation.id, {EscalationState.WAITING}, **reply)


def close(db: Session, escalation: Escalation, person: str, now: datetime) -> bool:
    """Close a request; return False when it was not open."""
    return escalations.move(
        db, escalation.id, OPEN, state=EscalationState.CLOSED.value, closed_at=now, closed_by=person
    )


def says_something(text: str) -> bool:
    """Tell whether a reply may be an answer: not a question back, not a word that one will look."""
    said = text.strip()
    return len(said.split()) >= _FEWEST_WORDS and not said.endswith("?") and not _HOLDING.match(said)


def a_working_day_after(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the time on the next working day, Monday to Friday, at which a working day has passed for a team.

    What comes on a weekend counts as come on Monday at nine.
    """
    begun = at.astimezone(zone)
    if begun.weekday() >= _SATURDAY:
        begun = _next_working_day(begun).replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    return _next_working_day(begun).astimezone(at.tzinfo)


def _next_working_day(day: datetime) -> datetime:
    day += timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def _waiting(db: Session, request: Request, now: datetime) -> Escalation:
    channel, thread_ts = request.thread or (None, None)
    return Escalation(
        id=escalations.next_id(db, request.answer_id),
        answer_id=request.answer_id,
        question_id=request.question.id,
        asker=request.question.person,
        asked_by=request.asked_by,
        expert=request.expert,
        shared=request.shared,
        at=now,
        channel=channel,
        thread_ts=thread_ts,
    )
