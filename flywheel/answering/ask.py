"""The use case of a question: understand, retrieve, weigh, decide, write, keep.

A question has one answer: asked again under the same id it gets the one that is stored, so a redelivered message or a
second worker changes nothing. No model is called inside a unit of work, and everything is stored in one.

    stages (timings_ms)    understand · retrieve · decide · write · total
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version

from flywheel.answering import abstaining, courtesy, extractive, grounded, verified
from flywheel.answering.context import Turn, understand
from flywheel.answering.decide import Decision, Thresholds, Verdict, decide, signals
from flywheel.answering.evidence import Evidence, gather
from flywheel.answering.grounded import OnText
from flywheel.answering.unknown import unknown
from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.errors import ArtefactError, ModelUnavailable
from flywheel.model import Answer, Audience, Hit, Question, Retriever, Surface
from flywheel.retrieval.search import Shortlist, shortlist
from flywheel.store import answers, documents, questions, releases

__all__ = ["Asking", "Turn", "ask"]

LENGTH = 40
"""Hits per question, all of them stored."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it comes in. `thread` holds the thread's earlier messages, oldest first."""

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


@dataclass(frozen=True, slots=True)
class _Draft:
    """An answer on its way: what was written, and everything that is kept about how."""

    written: Written
    decision: Decision
    hits: tuple[Hit, ...] = ()
    standalone: str = ""
    abstained: bool = False
    verified_id: str | None = None
    route: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    trace: tuple[str, ...] = ()


class _Watch:
    """When the question came, and milliseconds per stage since."""

    def __init__(self, asked_at: datetime) -> None:
        self.asked_at = asked_at
        self._began = self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def timings(self) -> dict[str, float]:
        return {**self.laps, "total": round((time.perf_counter() - self._began) * 1000, 2)}


def ask(core: Core, asking: Asking, on_text: OnText | None = None) -> Answer:
    """Answer a question and keep everything about it; return the stored answer if it has one.

    `on_text` is told the checked text so far while a language model writes.
    """
    with core.database.read() as db:
        existing = answers.of_question(db, asking.question_id)
    if existing is not None:
        return existing
    asking = replace(asking, text=_storable(asking.text))
    watch = _Watch(core.now())
    reply = courtesy.reply(asking.text)
    draft = _courteous(reply, asking.text) if reply is not None else _researched(core, asking, watch, on_text)
    return _keep(core, asking, draft, watch)


def _courteous(reply: str, text: str) -> _Draft:
    decision = Decision(Verdict.ANSWER, 1.0, "The message asks nothing that documents could answer.")
    return _Draft(Written(reply, courtesy.WRITER, ()), decision, standalone=text.strip(), trace=(decision.why,))


def _researched(core: Core, asking: Asking, watch: _Watch, on_text: OnText | None) -> _Draft:
    understood = understand(asking.text, asking.person, asking.thread, core.language_model)
    watch.lap("understand")
    found = shortlist(core, understood.question, asking.audience, LENGTH)
    watch.lap("retrieve")
    evidence = gather(core.encoder, understood.question, _of_documents(found.hits))
    decision, trace = _decided(core, understood.question, found, evidence)
    watch.lap("decide")
    start = _Draft(
        Written("", "", ()),
        decision,
        found.hits,
        understood.question,
        route=found.route,
        versions=found.versions,
        trace=tuple(line for line in (understood.how, _looked(found), *trace) if line),
    )
    draft = _written(core, asking.audience, start, evidence, on_text)
    watch.lap("write")
    return draft


def _decided(
    core: Core, question: str, found: Shortlist, evidence: Sequence[Evidence]
) -> tuple[Decision, tuple[str, ...]]:
    """Return the decision and what to say about it; broken thresholds count as none, and the trace says so."""
    notes: tuple[str, ...] = ()
    try:
        with core.database.read() as db:
            thresholds = Thresholds.of(releases.serving(db, "thresholds"))
    except ArtefactError as error:
        thresholds, notes = Thresholds(), (f"The released thresholds cannot be used: {error}",)
    missing = unknown(question, _of_documents(found.hits))
    decision = decide(signals(question, found.hits, evidence), found.verified, thresholds, missing)
    return decision, (*notes, decision.why)


def _written(
    core: Core, audience: Audience, draft: _Draft, evidence: Sequence[Evidence], on_text: OnText | None
) -> _Draft:
    if draft.decision.verdict is Verdict.VERIFIED:
        return _repeated(core, audience, draft, evidence, on_text)
    if draft.decision.verdict is Verdict.ABSTAIN:
        return _abstained(core, audience, draft)
    if core.language_model is not None:
        assignment = grounded.Assignment(draft.standalone, draft.hits)
        try:
            written = grounded.write(core.language_model, assignment, core.rng, on_text)
        except ModelUnavailable as error:
            draft = _told(draft, f"The language model was not used: {error}. The passages are quoted instead.")
        else:
            if written is None:
                return _abstained(core, audience, _told(draft, "The model found no answer in the passages."))
            return _told(replace(draft, written=written), *written.notes)
    quoted = extractive.write(draft.standalone, evidence)
    if quoted is None:
        return _abstained(core, audience, _told(draft, "No passage has a sentence short enough to quote."))
    return _told(replace(draft, written=quoted), *quoted.notes)


def _repeated(
    core: Core, audience: Audience, draft: _Draft, evidence: Sequence[Evidence], on_text: OnText | None
) -> _Draft:
    """Repeat the best verified answer; should it be gone since the search, decide again without it."""
    best = next(hit for hit in draft.hits if hit.retriever is Retriever.ANSWERS)
    found = verified.readable(core, best.passage_id, audience)
    if found is None:
        missing = unknown(draft.standalone, _of_documents(draft.hits))
        again = decide(signals(draft.standalone, draft.hits, evidence), 0.0, Thresholds(), missing)
        told = _told(replace(draft, decision=again), "The verified answer is gone.", again.why)
        return _written(core, audience, told, evidence, on_text)
    written = verified.write(*found)
    return _told(replace(draft, written=written, verified_id=found[0].id), *written.notes)


def _abstained(core: Core, audience: Audience, draft: _Draft) -> _Draft:
    with core.database.read() as db:
        count = documents.document_count(db, audience)
    message = abstaining.text(abstaining.Looked(draft.hits, count, core.admins, draft.decision.missing))
    return replace(draft, written=Written(message, abstaining.WRITER, ()), abstained=True)


def _keep(core: Core, asking: Asking, draft: _Draft, watch: _Watch) -> Answer:
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
    answer = _answer(core, asking, draft, watch)
    with core.database.begin() as db:
        stored = answers.find(db, answer.id)
        if stored is not None:  # asked twice at once; the question keeps the words that were answered
            return stored
        questions.put(db, question)
        if answers.put(db, answer, draft.hits, {one.passage_id for one in answer.citations}):
            return answer
        stored = answers.find(db, answer.id)
    return stored or answer


def _answer(core: Core, asking: Asking, draft: _Draft, watch: _Watch) -> Answer:
    used_model = core.language_model is not None and draft.written.writer == core.language_model.name
    return Answer(
        id=f"a-{hashlib.sha256(asking.question_id.encode()).hexdigest()[:32]}",
        question_id=asking.question_id,
        text=draft.written.text,
        abstained=draft.abstained,
        confidence=draft.decision.confidence,
        writer=draft.written.writer,
        citations=draft.written.citations,
        route=draft.route,
        versions={
            **draft.versions,
            "code": version("flywheel-slack"),
            "encoder": core.encoder.name,
            "writer": "grounded" if used_model else draft.written.writer,
            **({"model": core.language_model.name} if core.language_model is not None else {}),
        },
        timings_ms=watch.timings(),
        trace=draft.trace,
        verified_answer_id=draft.verified_id,
        answered_at=core.now(),
    )


def _of_documents(hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.is_passage]


def _looked(found: Shortlist) -> str:
    if not found.hits:
        return "Nothing readable was found."
    first = found.hits[0]
    return f"Found {len(found.hits)} passages; the best is in “{first.title}”."


def _storable(text: str) -> str:
    """Return text that every database takes: no NUL (Postgres) and no half of a surrogate pair (UTF-8)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _told(draft: _Draft, *lines: str) -> _Draft:
    return replace(draft, trace=(*draft.trace, *lines))
