"""How people are asked whether an answer helped: in which words and when, as experiments and administrators have it.

What an answer was shown with stays: first comes what was met at it (`exposure` rows), then the arm of a running
experiment for who asked, then what was adopted before it was given, then the default. Who asked decides for the whole
message. An answer that only one person sees has no thread: it always asks at once, and no experiment on the moment
counts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import outbox
from bot.blocks.answer import confidence_words
from bot.blocks.asking import Invitation, later_message
from bot.face import Face
from bot.outbox import Outgoing, Paced
from flywheel.answering import courtesy
from flywheel.measurement.experiments.variables import ALWAYS, END, MOMENT, UNCERTAIN, WORDING, variables
from flywheel.model import Answer, Question, SignalKind, Surface
from flywheel.signals.votes import live_votes
from flywheel.store import answers, experiments, jobs, questions, signals
from flywheel.store.database import Session
from flywheel.store.experiments import Experiment, State
from flywheel.store.jobs import Job, NewJob

ASK_JOB = "ask_at_end"
QUIET = timedelta(minutes=15)
"""A thread in which nobody has said anything for so long has ended."""
QUIET_AGAIN = timedelta(minutes=30)
"""In a thread that looks unresolved then, an answer that asked at once asks again."""
AGAIN_JOB = "ask_again"
LATEST = timedelta(days=1)
"""Who has not been asked by then is not asked any more."""

_SURE = confidence_words(1.0)
_TALK = frozenset({SignalKind.HUMAN_REPLY, SignalKind.FOLLOW_UP})
_SOON = timedelta(minutes=1)


def invitation(db: Session, answer: Answer, *, only_you: bool = False) -> Invitation:
    """Return how an answer asks whether it helped."""
    question = questions.find(db, answer.question_id)
    if question is None:
        return Invitation()
    return _look(db, answer, question, only_you=only_you).invitation


def expose(face: Face, answer: Answer, *, only_you: bool = False) -> None:
    """Note who meets which arm as an answer is shown, once, and have the question come later where it should."""
    if answer.abstained or answer.writer == courtesy.WRITER:
        return
    with face.core.database.read() as db:
        question = questions.find(db, answer.question_id)
        if question is None:
            return
        look = _look(db, answer, question, only_you=only_you)
        noted = experiments.met_at(db, answer.id)
        waits = bool(look.later) and jobs.find(db, _job_id(look.later, answer.id)) is None
    if not waits and all(one.variable in noted for one in look.met):
        return
    now = face.core.now()
    with face.core.database.begin() as db:
        for one in look.met:
            experiments.expose(db, one, question.person, answer.id, now)
        if waits:
            body, due = {"answer_id": answer.id}, now + (QUIET if look.later == ASK_JOB else QUIET_AGAIN)
            jobs.enqueue(db, NewJob(_job_id(look.later, answer.id), look.later, body, run_at=due), now)


def ask_later(face: Face, job: Job) -> None:
    """Ask in a thread that has gone quiet; nothing to do where somebody voted, asked on, or took the question back.

    Raises:
        Paced: it is too early.
    """
    now = face.core.now()
    with face.core.database.begin() as db:
        answer = answers.find(db, str(job.body["answer_id"]))
        question = questions.find(db, answer.question_id) if answer else None
        if answer is None or question is None or questions.is_deleted(db, question.id):
            return
        place = answers.posted_at(db, answer.id)
        given = answer.answered_at or question.asked_at
        if now - given > LATEST or (place is not None and _is_settled(db, answer, question)):
            return
        if place is None:
            raise Paced(now + _SOON)
        quiet_at = _last_word(db, answer, given) + QUIET
        if quiet_at > now:
            raise Paced(quiet_at)
        _expose_words(db, answer, question, now)
        asked = later_message(invitation(db, answer), answer.id, tally(db, answer.id))
        thread = thread_of(question, place)
        outbox.put(db, Outgoing(later_key(answer.id), asked, channel=place[0], thread_ts=thread), now)
    face.wake()


def asked_later(db: Session, answer_id: str) -> tuple[str, str] | None:
    """Return the channel and ts of the message that asked later about an answer, or None."""
    posted = jobs.find(db, f"post:{later_key(answer_id)}")
    if posted is None or "ts" not in posted.result:
        return None
    return str(posted.result["channel"]), str(posted.result["ts"])


def later_key(answer_id: str) -> str:
    """Return the natural key of the message that asks later about an answer."""
    return f"asked:{answer_id}"


def tally(db: Session, answer_id: str) -> tuple[int, int]:
    """Return the live votes on an answer: (yes, no)."""
    votes = live_votes(signals.of_answer(db, answer_id))
    return sum(votes.values()), len(votes) - sum(votes.values())


def _values(db: Session, answer: Answer, question: Question, force: Sequence[Experiment]) -> dict[str, str]:
    """Return the value of each variable at an answer."""
    shown = {name: one.default for name, one in variables().items()}
    given = answer.answered_at or question.asked_at
    adopted = [(one.adopted_at, one) for one in force if one.adopted_at is not None and one.adopted_at <= given]
    for _, one in sorted(adopted, key=lambda pair: pair[0]):
        shown[one.variable] = one.value_of(one.adopted or "") or shown[one.variable]
    for one in _running(force, answer):
        shown[one.variable] = one.arm_of(question.person).value
    return shown | experiments.met_at(db, answer.id)


def _running(force: Sequence[Experiment], answer: Answer) -> list[Experiment]:
    """Return the experiments that an answer is part of: those that run, and did so when it was given."""
    given = answer.answered_at
    running = [one for one in force if one.state is State.RUNNING and one.started_at is not None]
    return [one for one in running if given is not None and one.started_at is not None and one.started_at <= given]


def _look(db: Session, answer: Answer, question: Question, *, only_you: bool) -> "_Look":
    if question.surface is Surface.AUTO:
        return _Look(Invitation(quiet=True, native=True, unasked=True), "", ())
    force = experiments.in_force(db)
    shown = _values(db, answer, question, force)
    moment = ALWAYS if only_you else shown[MOMENT]
    is_sure = bool(answer.verified_answer_id) or confidence_words(answer.confidence) == _SURE
    quiet = moment == END or (moment == UNCERTAIN and is_sure)
    met = {WORDING} if only_you else {MOMENT} if quiet else {MOMENT, WORDING}
    running = tuple(one for one in _running(force, answer) if one.variable in met)
    native = not only_you and question.surface is Surface.DIRECT
    later = ASK_JOB if moment == END else "" if quiet or only_you else AGAIN_JOB
    return _Look(Invitation(shown[WORDING], quiet=quiet, native=native), later, running)


@dataclass(frozen=True, slots=True)
class _Look:
    """How an answer asks, the kind of job that asks later, if any, and the experiments of which an arm is met."""

    invitation: Invitation
    later: str
    met: tuple[Experiment, ...]


def _expose_words(db: Session, answer: Answer, question: Question, at: datetime) -> None:
    for one in _running(experiments.in_force(db), answer):
        if one.variable == WORDING:
            experiments.expose(db, one, question.person, answer.id, at)


def _is_settled(db: Session, answer: Answer, question: Question) -> bool:
    """Tell whether somebody has voted already, or gone on asking: then the newest answer asks for the thread."""
    return bool(live_votes(signals.of_answer(db, answer.id))) or went_on(db, answer, question)


def went_on(db: Session, answer: Answer, question: Question) -> bool:
    """Tell whether something else was asked since, where an answer was given."""
    if question.surface is Surface.DIRECT and question.thread_ts is None:
        latest = questions.recent_of(db, question.person, 1)
        return bool(latest) and latest[0].channel == question.channel and latest[0].asked_at > question.asked_at
    thread = question.thread_ts or question.message_ts
    if question.channel is None or thread is None:
        return False
    return any(one.id != answer.id for one in answers.in_thread(db, question.channel, thread)[-1:])


def _last_word(db: Session, answer: Answer, given: datetime) -> datetime:
    return max([given, *(one.at for one in signals.of_answer(db, answer.id) if one.kind in _TALK)])


def thread_of(question: Question, place: tuple[str, str]) -> str | None:
    """Return the thread that an answer was given in; that of the answer itself where it was shared into a channel.

    Answers in direct messages have none, unless they were asked for in a thread there.
    """
    channel, ts = place
    if channel != question.channel:
        return None if channel.startswith("D") else ts
    if question.surface is Surface.DIRECT and question.thread_ts is None:
        return None
    return question.thread_ts or question.message_ts or ts


def _job_id(kind: str, answer_id: str) -> str:
    return f"{kind}:{answer_id}"
