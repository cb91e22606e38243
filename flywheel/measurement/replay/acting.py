"""Carry out what simulated people do, through the same use cases that buttons, forms and doors call.

Nothing is written past them: an answer comes from `ask`, a vote goes through `record`, the passage that it names is
looked up by `resolve`, a suggestion is `suggest`, "look in …" is `again`, a review is `approve` or `reject`.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from flywheel.answering.again import again
from flywheel.answering.ask import Asking, Turn, ask
from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, approve, reject, suggest
from flywheel.errors import InvalidInput
from flywheel.measurement.replay.clock import Clock
from flywheel.measurement.replay.reacting import Deed
from flywheel.model import Answer, Audience, CorrectionState, Retriever, Signal, SignalKind, Surface
from flywheel.signals.record import record, signal_key
from flywheel.signals.target import Target, resolve
from flywheel.store import answers, corrections, questions, sources

ADMINISTRATOR = "UR-ADMIN"
"""Who reviews suggestions in a replay, honestly; `Core.admins` holds it."""

CHANNEL = "CREPLAY"
_BOT = "flywheel"
_QUOTED = 400  # characters
_PAUSE = (20, 240)  # seconds between an answer and what is done about it


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a replay plays: the bot's core, the clock that it reads, the generator of chance, and what was done."""

    core: Core
    clock: Clock
    rng: Random
    done: Counter[str]


def put_question(stage: Stage, question_id: str, text: str, person: str, after: Answer | None = None) -> Answer:
    """Have somebody ask in the channel, as a message of its own or as a follow-up in the thread of an answer."""
    asking = Asking(
        text=text,
        person=person,
        surface=Surface.MENTION if after is None else Surface.THREAD,
        audience=Audience.everyone(),
        question_id=question_id,
        channel=CHANNEL,
        thread_ts=None if after is None else after.question_id,
        message_ts=question_id,
        thread=() if after is None else _said_before(stage, after),
    )
    stage.done["asked"] += 1
    return ask(stage.core, asking)


def shown(stage: Stage, answer: Answer, listed: int) -> list[str]:
    """Return the documents that people see: an answer's sources, or the first `listed` of its shortlist."""
    if not listed:
        return list(dict.fromkeys(one.external_id for one in answer.citations))
    with stage.core.database.read() as db:
        rows = answers.shortlist_of(db, answer.id)
    named = (row.external_id for row in rows if row.retriever not in (Retriever.ANSWERS, Retriever.PEOPLE))
    return list(dict.fromkeys(named))[:listed]


def carry_out(stage: Stage, answer: Answer, person: str, deed: Deed) -> None:
    """Do one thing about an answer, a while after what was done before."""
    stage.clock.wait_until(stage.clock.at + timedelta(seconds=stage.rng.uniform(*_PAUSE)))
    stage.done[deed.kind.value] += 1
    key = signal_key(deed.kind, answer.id, person, stage.clock.at.isoformat())
    if deed.kind is SignalKind.EDIT:
        suggest(stage.core, Suggestion(key, answer.id, person, _quoted(stage, deed.target), deed.target))
        return
    record(stage.core, Signal(key, answer.id, deed.kind, person, stage.clock.at, _detail(stage, answer, deed)))
    if deed.kind is SignalKind.REROUTE:
        again(stage.core, answer.id, Retriever(deed.target), person)


def review(stage: Stage, share: float, truth: dict[str, frozenset[str]]) -> None:
    """Have the administrator decide on a share of what waits; `truth` maps answers to the documents that are right."""
    with stage.core.database.read() as db:
        waiting = [one for one in corrections.every(db) if one.state is CorrectionState.PENDING]
    for one in waiting:
        if one.answer_id not in truth or stage.rng.random() >= share:
            continue
        stage.done["reviewed"] += 1
        if one.source in truth[one.answer_id]:
            _approve(stage, one.id)
        else:
            reject(stage.core, one.id, ADMINISTRATOR)


def _said_before(stage: Stage, answer: Answer) -> tuple[Turn, ...]:
    with stage.core.database.read() as db:
        question = questions.find(db, answer.question_id)
    asked = (Turn(question.person, question.text),) if question is not None else ()
    return (*asked, Turn(_BOT, answer.text))


def _quoted(stage: Stage, external_id: str) -> str:
    """Return how a document begins: what somebody pastes who suggests it as the answer."""
    with stage.core.database.read() as db:
        first = sources.passage_of(db, passage_id=None, external_id=external_id)
        texts = sources.texts_of(db, [first[0]]) if first is not None else []
    return " ".join(" ".join(texts).split())[:_QUOTED].strip() or external_id


def _approve(stage: Stage, correction_id: str) -> None:
    try:
        approve(stage.core, correction_id, ADMINISTRATOR)
    except InvalidInput:  # what it cites was withdrawn or narrowed; a reviewer would be told so
        stage.done["could not be approved"] += 1
    else:
        stage.done["approved"] += 1


def _detail(stage: Stage, answer: Answer, deed: Deed) -> dict[str, str]:
    detail = {"reason": deed.reason} if deed.reason else {}
    if deed.kind is SignalKind.REROUTE:
        return {"retriever": deed.target}
    if not deed.target:
        return detail
    about = resolve(stage.core, answer.id, Target(external_id=deed.target))
    named = {"passage_id": about.passage_id, "external_id": about.external_id}
    return detail | {name: value for name, value in named.items() if value is not None}
