"""Ask a person: a question's way to somebody who may know.

    offer ─▶ ask ─▶ the expert replies (`replying.py`) ─▶ resolved
                 ├─▶ "not me" ─▶ the next person
                 └─▶ a working day ─▶ one reminder ─▶ a working day ─▶ one administrator hears

Everything is stored before it is said, in one unit of work: presses twice, restarts and replicas change nothing.
"""

import hashlib

from bot import administering, outbox, replying, request, showing
from bot.blocks import escalation as words
from bot.blocks.escalation import Offer
from bot.blocks.message import Block, Message, note
from bot.blocks.text import person as mention
from bot.face import Face, tell
from bot.outbox import Outgoing
from bot.request import About
from flywheel.answering import whom
from flywheel.answering.whom import Candidate
from flywheel.signals import escalation as acts
from flywheel.signals.escalation import Request
from flywheel.store import escalations, jobs
from flywheel.store.database import Session
from flywheel.store.escalations import Escalation, EscalationState
from flywheel.store.jobs import Job

_ADMINS_NAMED = 3
_SETTLED = "This is settled already."


def offer(face: Face, answer_id: str, person: str) -> Block:
    """Return the modal that says whom the bot would ask, or why nobody."""
    about = request.about(face, answer_id)
    if about is None:
        return words.said_view("The question is gone, so there is nobody to ask.")
    with face.core.database.read() as db:
        before = escalations.open_for(db, answer_id)
    if before is not None:
        return words.said_view(words.asked_before(face.name_of(before.expert), before.at))
    found = whom.choose(face.core, request.wanted(face, about, person))
    if found is None:
        return words.said_view(words.nobody(_admins(face)))
    return words.offer_view(
        Offer(
            answer_id=answer_id,
            person=found.person,
            name=face.name_of(found.person),
            why=found.why,
            question=about.question.text,
            in_thread=found.in_thread,
            in_charge=found.why == whom.IN_CHARGE,
        )
    )


def ask_a_person(face: Face, answer_id: str, person: str, expert: str, shared: str = "") -> Escalation | None:
    """Ask an expert on behalf of somebody; None where they may not be asked any more, or another was asked meanwhile.

    `shared` is the question in the words that the expert may see, where it is asked in private.
    """
    about = request.about(face, answer_id)
    found = request.fits(face, about, person, expert) if about else None
    if about is None or found is None:
        tell(face, person, words.unfit(), f"unfit:{answer_id}:{expert}")
        return None
    told = request.brief(face, about, found)
    with face.core.database.begin() as db:
        made = acts.hand_over(db, _request(about, found, person, shared), face.core.now())
        if made is not None:
            request.send(face, db, made, told)
            if made.is_private:
                _say(face, db, _sent_key(made.id), words.sent_message(made.id, expert), person)
        before = escalations.open_for(db, answer_id) if made is None else None
    face.wake()
    if before is not None and before.asked_by != person:
        told_before = note(words.asked_before(face.name_of(before.expert), before.at))
        tell(face, person, told_before, f"asked_before:{before.id}:{person}")
    return made


def not_me(face: Face, escalation_id: str, person: str) -> str:
    """Pass a request on to the next person; return why not, or an empty string."""
    with face.core.database.read() as db:
        passed = escalations.find(db, escalation_id)
    if passed is None or passed.state is not EscalationState.WAITING:
        return _SETTLED
    if person != passed.expert and not administering.may(face, person):
        return f"Only {mention(passed.expert)} can pass this on."
    _pass_on(face, passed)
    return ""


def pass_on_all(face: Face, person: str) -> None:
    """Pass what waits for somebody who is deactivated on to others."""
    with face.core.database.read() as db:
        waiting = escalations.waiting_for(db, person)
    for one in waiting:
        _pass_on(face, one)


def resolve(face: Face, escalation_id: str, person: str) -> str:
    """Close a request; return why not, or an empty string."""
    with face.core.database.read() as db:
        found = escalations.find(db, escalation_id)
    if found is None:
        return _SETTLED
    if person not in {found.asker, found.asked_by, found.expert} and not administering.may(face, person):
        return f"Only {mention(found.asker)} and {mention(found.expert)} can say that this is resolved."
    with face.core.database.begin() as db:
        is_closed = acts.close(db, found, person, face.core.now())
        if is_closed and found.is_private and person != found.asked_by:
            told = note(f"{mention(person)} says that your question is resolved.")
            _say(face, db, f"escalation_closed:{found.id}", told, found.asked_by)
    face.wake()
    request.show(face, escalation_id)
    _without_buttons(face, found)
    return "" if is_closed else _SETTLED


def come_due(face: Face, job: Job) -> None:
    """Remind the expert of a request that waits, or tell an administrator of one that was reminded of."""
    with face.core.database.read() as db:
        found = escalations.find(db, str(job.body["escalation_id"]))
    if found is None or found.state is not EscalationState.WAITING:
        return
    about = request.about(face, found.answer_id)
    if about is None:
        with face.core.database.begin() as db:
            acts.close(db, found, found.asker, face.core.now())
    elif job.body["step"] == request.OVERDUE:
        _tell_admin(face, found, about)
    elif replying.somebody_replied(face, found):
        request.show(face, found.id)
    elif request.fits(face, about, found.asked_by, found.expert) is None:
        _pass_on(face, found)
    else:
        _remind(face, found, about)


def _pass_on(face: Face, passed: Escalation) -> None:
    about = request.about(face, passed.answer_id)
    found = whom.choose(face.core, request.wanted(face, about, passed.asked_by, {passed.expert})) if about else None
    following = _request(about, found, passed.asked_by, passed.shared) if about and found else None
    told = request.brief(face, about, found) if about and found else None
    names = _admins(face)
    with face.core.database.begin() as db:
        is_passed, made = acts.pass_on(db, passed, following, face.core.now())
        if told and made:
            request.send(face, db, made, told)
        elif is_passed:
            person = passed.asked_by if passed.is_private else None
            over = words.exhausted(passed.asked_by, names)
            key, thread_ts = f"escalation_over:{passed.id}", passed.thread_ts
            said = Outgoing(key, over, channel=passed.channel, thread_ts=thread_ts, person=person)
            outbox.put(db, said, face.core.now())
    face.wake()
    request.show(face, passed.id)


def _remind(face: Face, found: Escalation, about: About) -> None:
    message = words.reminder_message(request.asked(face, found, about))
    person = found.expert if found.is_private else None
    key = request.reminder_key(found.id)
    said = Outgoing(key, message, channel=found.channel, thread_ts=found.thread_ts, person=person)
    with face.core.database.begin() as db:
        if escalations.remind(db, found.id, face.core.now()):
            outbox.put(db, said, face.core.now())
            request.look_again(face, db, found.id, request.OVERDUE)
    face.wake()


def _tell_admin(face: Face, found: Escalation, about: About) -> None:
    """Tell one administrator, the same one whoever looks; another question may be another's."""
    admins = [one for one in _in_office(face) if one != found.expert]
    if not admins:
        return
    chosen = admins[int(hashlib.sha256(found.id.encode()).hexdigest(), 16) % len(admins)]
    url = "" if found.is_private else request.url(face, about)
    tell(
        face,
        chosen,
        words.overdue_message(found.asked_by, found.expert, found.at, url),
        f"escalation_overdue:{found.id}",
    )


def _without_buttons(face: Face, found: Escalation) -> None:
    """Take the buttons off what the asker was told in private: there is nothing left to press."""
    with face.core.database.read() as db:
        posted = [
            *jobs.beginning(db, f"post:{_sent_key(found.id)}"),
            *jobs.beginning(db, f"post:{words.REPLY}:{found.id}"),
        ]
    for job in posted:
        if "ts" in job.result:
            kept = [block for block in job.body["message"]["blocks"] if block["type"] != "actions"]
            shown = Message(str(job.body["message"]["text"]), tuple(kept))
            showing.update(face, (str(job.result["channel"]), str(job.result["ts"])), shown)


def _request(about: About, found: Candidate, person: str, shared: str) -> Request:
    thread = about.thread if found.in_thread else None
    said = shared.strip() or about.question.text
    return Request(about.answer.id, about.question, person, found.person, said, thread)


def _admins(face: Face) -> list[str]:
    return [face.name_of(one) for one in _in_office(face)[:_ADMINS_NAMED]]


def _in_office(face: Face) -> list[str]:
    return [one for one in sorted(face.core.admins) if administering.may(face, one)]


def _say(face: Face, db: Session, key: str, message: Message, person: str) -> None:
    outbox.put(db, Outgoing(key, message, person=person), face.core.now())


def _sent_key(escalation_id: str) -> str:
    return f"escalation_sent:{escalation_id}"
