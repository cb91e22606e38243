"""The use case of a question: understand, research, keep.

A question has one answer until a person has it looked up elsewhere (`again`): asked again under the same id it gets the
newest that is stored, so a redelivered message or a second worker changes nothing. No model is called inside a unit of
work, and everything is stored in one.

    stages (timings_ms)    understand · retrieve · decide · write · total
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flywheel.answering import budget, courtesy, habits, metering
from flywheel.answering.attachment import Attached, research_with
from flywheel.answering.context import Turn, understand
from flywheel.answering.decide import Decision, Verdict
from flywheel.answering.draft import Draft, Progress, Watch
from flywheel.answering.keeping import finished
from flywheel.answering.research import Task, research
from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.model import Answer, Audience, Question, Surface
from flywheel.store import answers, question_vectors, questions

__all__ = ["Asking", "Progress", "Turn", "answer_id", "ask", "ask_if"]

Usage = Mapping[str, object] | None
"""What a language model took (`metering.py`); None where it was not asked."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it comes in. `thread` holds the thread's earlier messages, oldest first; `files` came with it, and
    `remarks`, a line each, say what of them could not be read. `least` is the confidence below which nothing is
    answered, in [0, 1]. `progress` is told how the answer comes along.
    """

    text: str
    person: str
    surface: Surface
    audience: Audience
    question_id: str
    team: str | None = None
    channel: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None
    thread: tuple[Turn, ...] = ()
    files: tuple[Attached, ...] = ()
    remarks: tuple[str, ...] = ()
    least: float = 0.0
    progress: Progress = field(default_factory=Progress, compare=False, repr=False)


def ask(core: Core, asking: Asking) -> Answer:
    """Answer a question and keep everything about it; return the stored answer if it has one."""
    answer = _asked(core, asking, lambda _draft: True)[0]
    assert answer is not None
    return answer


def ask_if(core: Core, asking: Asking, is_wanted: Callable[[Draft], bool]) -> tuple[Answer | None, Usage]:
    """Answer a question that nobody put to the bot; nothing at all is kept of it unless its draft is wanted.

    Returns the kept answer, and what a language model took either way.
    """
    return _asked(core, asking, is_wanted)


def _asked(core: Core, asking: Asking, is_wanted: Callable[[Draft], bool]) -> tuple[Answer | None, Usage]:
    with core.database.read() as db:
        existing = answers.of_question(db, asking.question_id)
    if existing is not None:
        return existing, existing.usage
    core, why_quoted = budget.within(core)
    core = metering.metered(core)
    asking = replace(asking, text=_storable(asking.text))
    with core.tracer.span("question", surface=asking.surface.value) as span:
        watch = Watch(core, asking.progress)
        reply = courtesy.reply(asking.text)
        draft = _courteous(reply, asking.text) if reply is not None else _researched(core, asking, watch)
        draft = habits.thrifty(draft, why_quoted)
        if not is_wanted(draft):
            return None, metering.spent(core)
        asking.progress.stage("keep")
        answer = _keep(core, asking, draft, watch)
        span.note(
            answer=answer.id, abstained=answer.abstained, writer=answer.writer, confidence=answer.confidence,
            sources=len(answer.citations), found=len(draft.hits),
        )  # fmt: skip
    return answer, answer.usage


def answer_id(question_id: str) -> str:
    """Return the id that the first answer to a question has, or will have."""
    return f"a-{hashlib.sha256(question_id.encode()).hexdigest()[:32]}"


def _courteous(reply: str, text: str) -> Draft:
    decision = Decision(Verdict.ANSWER, 1.0, "The message asks nothing that documents could answer.")
    return Draft(Written(reply, courtesy.WRITER, ()), decision, standalone=text.strip(), trace=(decision.why,))


def _researched(core: Core, asking: Asking, watch: Watch) -> Draft:
    with watch.stage("understand"):
        understood = understand(asking.text, asking.person, asking.thread, core.language_model)
    task = Task(understood.question, asking.audience, person=asking.person, least=asking.least)
    task = habits.held_to(core, task, asking.channel)
    draft = research_with(core, task, asking.files, watch) if asking.files else research(core, task, watch)
    if asking.remarks:
        text = "\n\n".join([draft.written.text, "\n".join(asking.remarks)])
        draft = replace(draft, written=replace(draft.written, text=text))
    return replace(draft, trace=(understood.how, *draft.trace)) if understood.how else draft


def _keep(core: Core, asking: Asking, draft: Draft, watch: Watch) -> Answer:
    question = Question(
        id=asking.question_id,
        text=asking.text,
        person=asking.person,
        surface=asking.surface,
        asked_at=watch.asked_at,
        audience=asking.audience,
        standalone=draft.standalone,
        team=asking.team,
        channel=asking.channel,
        thread_ts=asking.thread_ts,
        message_ts=asking.message_ts,
    )
    answer = replace(finished(core, draft, watch), id=answer_id(asking.question_id), question_id=asking.question_id)
    with core.database.begin() as db:
        stored = answers.find(db, answer.id)
        if stored is not None:  # asked twice at once; the question keeps the words that were answered
            return stored
        questions.put(db, question)
        if draft.vector is not None:
            question_vectors.put(db, core.encoder.name, {question.id: (draft.standalone, draft.vector)})
        if answers.put(db, answer, draft.hits, {one.passage_id for one in answer.citations}):
            return answer
        stored = answers.find(db, answer.id)
    return stored or answer


def _storable(text: str) -> str:
    """Return text that every database takes: no NUL (Postgres) and no half of a surrogate pair (UTF-8)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
