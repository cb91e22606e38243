"""A request to a person as it stands: what it is about, what its expert is shown, when to look after it.

What was asked among others is asked in its thread. What only the asker sees goes to one person, in the words that the
asker lets them see.
"""

from collections.abc import Collection
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from bot import outbox, showing
from bot.blocks.escalation import Asked, request_message
from bot.blocks.text import person as mention
from bot.counted import Thread, permalink
from bot.face import Face
from bot.outbox import Outgoing
from flywheel.answering import whom
from flywheel.answering.whom import Candidate, Wanted
from flywheel.knowledge.access import audience_of, common
from flywheel.model import Answer, Question
from flywheel.ports import Reach
from flywheel.signals.escalation import a_working_day_after
from flywheel.store import answers, escalations, jobs, passages, questions
from flywheel.store.database import Session
from flywheel.store.escalations import Escalation, EscalationState
from flywheel.store.jobs import NewJob

WAIT_JOB = "escalation"
REMIND, OVERDUE = "remind", "overdue"

_TITLES = 3


@dataclass(frozen=True, slots=True)
class About:
    """An answer with its question, and the thread in which others read it; None where only the asker does."""

    answer: Answer
    question: Question
    thread: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Brief:
    """What an expert is told besides the question: titles of what was found and they may read, and where it is."""

    titles: tuple[str, ...] = ()
    url: str = ""


def brief(face: Face, one: About, candidate: Candidate) -> Brief:
    """Return what an expert is told; it is read before anything is stored, since Slack may have to be asked."""
    if candidate.in_thread:
        return Brief()
    return Brief(_titles(face, candidate.person, one), url(face, one) if _is_open_to_all(face, one) else "")


def about(face: Face, answer_id: str) -> About | None:
    """Return what an answer is about, unless its question was deleted."""
    with face.core.database.read() as db:
        answer = answers.find(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
        if answer is None or question is None or questions.is_deleted(db, question.id):
            return None
        posted = answers.posted_at(db, answer_id)
    if posted is None or not whom.is_place(posted[0]):
        return About(answer, question, None)
    asked_here = question.channel == posted[0]
    root = (question.thread_ts or question.message_ts) if asked_here else None
    return About(answer, question, (posted[0], root or posted[1]))


def wanted(face: Face, one: About, person: str, out: Collection[str] = ()) -> Wanted:
    """Return who is wanted by somebody who asks for help with an answer; those who are `out` were asked already."""
    alone = audience_of(face.core.directory, person, None)
    with face.core.database.read() as db:
        before = escalations.of_answer(db, one.answer.id)
    passed = {asked.expert for asked in before if asked.state is EscalationState.PASSED}
    return Wanted(
        answer=one.answer,
        question=one.question,
        audience=common(one.question.audience, alone),
        channel=one.thread[0] if one.thread else None,
        out=frozenset({face.identity.user, person, *out, *passed}),
        in_charge=lambda: _in_charge(face, one),
    )


def fits(face: Face, one: About, person: str, expert: str) -> Candidate | None:
    """Return an expert as a candidate for what a person asks, or None where they may not be asked."""
    return whom.fits(face.core, wanted(face, one, person), expert)


def send(face: Face, db: Session, made: Escalation, told: Brief) -> None:
    """Store the message to the expert, and when to look after it."""
    message = request_message(_shown(made, made.shared, told))
    person = made.expert if made.is_private else None
    key, asker = request_key(made.id), made.asked_by
    said = Outgoing(key, message, channel=made.channel, thread_ts=made.thread_ts, person=person, asker=asker)
    outbox.put(db, said, face.core.now())
    look_again(face, db, made.id, REMIND)


def look_again(face: Face, db: Session, escalation_id: str, step: str) -> None:
    """Come back to a request when a working day has passed."""
    now = face.core.now()
    body = {"escalation_id": escalation_id, "step": step}
    due = a_working_day_after(now, face.zone)
    jobs.enqueue(db, NewJob(f"{WAIT_JOB}:{escalation_id}:{step}", WAIT_JOB, body, run_at=due), now)


def show(face: Face, escalation_id: str) -> None:
    """Bring the message that asked an expert up to date."""
    with face.core.database.read() as db:
        found = escalations.find(db, escalation_id)
        posted = jobs.find(db, f"post:{request_key(escalation_id)}")
    one = about(face, found.answer_id) if found else None
    if found is None or one is None or posted is None or "ts" not in posted.result:
        return
    shown = request_message(asked(face, found, one))
    showing.update(face, (str(posted.result["channel"]), str(posted.result["ts"])), shown)


def asked(face: Face, found: Escalation, one: About) -> Asked:
    """Return a request as its expert sees it."""
    told = brief(face, one, Candidate(found.expert, "", not found.is_private))
    return _shown(found, found.shared if found.is_private else one.question.text, told)


def url(face: Face, one: About) -> str:
    """Return the address of the thread that a question was asked in; empty where there is none."""
    channel, ts = one.thread or ("", "")
    return permalink(face.identity.url, Thread("", channel, ts)) or ""


def request_key(escalation_id: str) -> str:
    """Return the natural key of the message that asks an expert."""
    return f"escalation:{escalation_id}"


def reminder_key(escalation_id: str) -> str:
    """Return the natural key of the message that reminds an expert."""
    return f"escalation_reminder:{escalation_id}"


def _shown(found: Escalation, question: str, told: Brief) -> Asked:
    state = {
        EscalationState.WAITING: "",
        EscalationState.REPLIED: f"{mention(found.reply_by or found.expert)} replied.",
        EscalationState.PASSED: f"{mention(found.expert)} cannot help with this.",
        EscalationState.CLOSED: f"Resolved, says {mention(found.closed_by or found.asker)}.",
    }[found.state]
    return Asked(
        id=found.id,
        asker=found.asked_by,
        expert=found.expert,
        question=question,
        in_thread=not found.is_private,
        titles=told.titles,
        url=told.url,
        state=state,
        is_open=found.is_open,
    )


def _titles(face: Face, expert: str, one: About) -> tuple[str, ...]:
    """Return the titles of what was found, as far as the expert may read it."""
    audience = audience_of(face.core.directory, expert, None)
    with face.core.database.read() as db:
        listed = [row.passage_id for row in answers.shortlist_of(db, one.answer.id)]
        cited = [citation.passage_id for citation in one.answer.citations]
        hits = passages.hits(db, cited or listed[:_TITLES], audience)
    return tuple(dict.fromkeys(hit.title for hit in hits if hit.title))[:_TITLES]


def _is_open_to_all(face: Face, one: About) -> bool:
    return one.thread is not None and face.core.directory.reach_of(one.thread[0]) is Reach.COMPANY


def _in_charge(face: Face, one: About) -> tuple[str, ...]:
    """Return who made the channel, and the administrators."""
    admins = tuple(sorted(face.core.admins))
    if one.thread is None:
        return admins
    try:
        owner = face.client.conversations_info(channel=one.thread[0])["channel"].get("creator")
    except SlackApiError as error:
        if error.response.get("error") != "channel_not_found":
            raise
        return admins
    return tuple(dict.fromkeys([*([str(owner)] if owner else []), *admins]))
