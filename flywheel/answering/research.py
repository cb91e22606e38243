"""From a question that stands alone to a draft: retrieve, weigh, decide, write.

    stages (timings_ms)    retrieve · decide · write

Who writes: a verified answer is repeated; else a specialist for what was found (people, tables, code, pictures); else
the language model, where there is one; else the passages are quoted. A specialist that is sure of itself may also speak
where the passages alone would not have been enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flywheel.answering import (
    abstaining,
    experts,
    extractive,
    grounded,
    manner,
    pictured,
    specialists,
    tabular,
    verified,
)
from flywheel.answering.decide import Decision, Thresholds, Verdict, decide, remembered, signals
from flywheel.answering.disagreement import disagreement, newest_first
from flywheel.answering.draft import Draft, Watch
from flywheel.answering.evidence import Evidence, gather
from flywheel.answering.grounded import OnText
from flywheel.answering.sides import beside
from flywheel.answering.units import UnitKind
from flywheel.answering.unknown import unknown
from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.errors import ArtefactError, ModelUnavailable
from flywheel.model import Audience, Hit, Retriever
from flywheel.retrieval.search import Shortlist, Terms, shortlist
from flywheel.retrieval.sections import grown
from flywheel.store import documents, releases

LENGTH = 40
"""Hits per question, all of them stored."""

SECTION = 1_600
"""Characters to which a passage grows within its section when it is written from."""

ROW_ALONE = 0.3
"""The most that rows are trusted that are quoted where something should be computed from them: "Not sure", in words."""

BY_HAND = 0.5
"""Share of the usual line from which on an answer is given when a person chose the retriever: they want to see it."""


@dataclass(frozen=True, slots=True)
class Task:
    """A question that stands alone, who will read the reply, the retriever that a person chose, if one did, and who
    asks.

    `sources` are the only ones to answer from, all without any; `persona` tells a language model how to sound.
    `least` is the confidence below which nothing is answered, in [0, 1], where it is above the usual line.
    """

    question: str
    audience: Audience
    asked_for: Retriever | None = None
    person: str | None = None
    sources: frozenset[str] = frozenset()
    persona: str = ""
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class _Desk:
    """What everybody who writes for one question shares."""

    core: Core
    task: Task
    found: Shortlist
    sections: Sequence[Hit]
    evidence: Sequence[Evidence]
    on_text: OnText | None
    thresholds: Thresholds


def research(core: Core, task: Task, watch: Watch) -> Draft:
    """Return the draft of an answer; its trace tells what was found, decided and done."""
    return research_surest(core, (task,), watch)


def research_surest(core: Core, wordings: Sequence[Task], watch: Watch) -> Draft:
    """Return the draft of an answer to the one of several wordings of a question that finds the surest passages.

    All are looked up; only that one is written.
    """
    desk, start = max((_looked_up(core, task, watch) for task in wordings), key=_sureness)
    with watch.stage("write"):
        return _written(desk, start)


def _looked_up(core: Core, task: Task, watch: Watch) -> tuple[_Desk, Draft]:
    """Return what to write from, and a draft that holds everything but the words."""
    with watch.stage("retrieve"):
        terms = Terms(task.asked_for, task.person, task.sources)
        found = shortlist(core, task.question, task.audience, LENGTH, terms)
    with watch.stage("decide"):
        sections = grown(core, passages_of(found.hits), task.audience, SECTION)
        evidence = gather(core.encoder, task.question, sections)
        thresholds, version = _thresholds(core, task.person)
        desk = _Desk(core, task, found, sections, evidence, watch.progress.text, thresholds)
        decision, line, trace = _decided(desk, found.verified)
    start = Draft(
        Written("", "", ()),
        decision,
        found.hits,
        task.question,
        route=found.route,
        versions={**found.versions, "thresholds": version},
        trace=(_looked(found), *trace),
        routing=replace(found.routing, line=line),
        vector=found.vector,
    )
    return desk, start


def _sureness(looked_up: tuple[_Desk, Draft]) -> tuple[bool, float]:
    decision = looked_up[1].decision
    return decision.verdict is not Verdict.ABSTAIN, decision.confidence


def passages_of(hits: Sequence[Hit]) -> list[Hit]:
    """Return those of the hits that are passages."""
    return [hit for hit in hits if hit.is_passage]


def _decided(desk: _Desk, fitting: float) -> tuple[Decision, float, tuple[str, ...]]:
    """Return the decision, its line, and what to say; `fitting` is the probability that a verified answer fits."""
    thresholds = desk.thresholds
    if desk.task.asked_for is not None:
        thresholds = replace(thresholds, answer=thresholds.answer * BY_HAND)
    thresholds = replace(thresholds, answer=max(thresholds.answer, desk.task.least))
    if desk.task.asked_for not in (None, Retriever.ANSWERS):
        fitting = 0.0  # the person has seen the verified answer, and wants another
    question, hits = desk.task.question, desk.found.hits
    missing = unknown(question, passages_of(hits))
    decision = decide(signals(question, hits, desk.evidence), fitting, thresholds, missing, remembered(hits))
    return decision, thresholds.answer, (decision.why,)


def _on_remembered(desk: _Desk) -> _Desk:
    """Leave only the first passage to write from: nothing speaks for the others."""
    first = passages_of(desk.found.hits)[0].passage_id
    sections = [one for one in desk.sections if one.passage_id == first]
    own = [one for one in desk.evidence if one.hit.passage_id == first]
    return replace(desk, sections=sections, evidence=own or gather(desk.core.encoder, desk.task.question, sections))


def _thresholds(core: Core, person: str | None) -> tuple[Thresholds, str]:
    """Return the thresholds that serve a person, and their version; broken ones count as none, and it says why."""
    try:
        with core.database.read() as db:
            release = releases.serving(db, "thresholds", person)
        return Thresholds.of(release), release.id if release else "default"
    except ArtefactError as error:
        return Thresholds(), f"default ({error})"


def _written(desk: _Desk, draft: Draft) -> Draft:
    if draft.decision.verdict is Verdict.VERIFIED:
        return _repeated(desk, draft)
    special = specialists.write(desk.core, desk.task.question, desk.found, desk.task.audience)
    if desk.task.asked_for is Retriever.PEOPLE and (special is None or special.writer != experts.WRITER):
        return _abstained(desk, draft.told("Nobody is known well enough to be named."))
    if special is not None and (draft.decision.verdict is Verdict.ANSWER or specialists.is_sure(special)):
        return replace(draft, written=special).told(*special.notes)
    if draft.decision.verdict is Verdict.ABSTAIN:
        return _abstained(desk, draft)
    return _composed(_on_remembered(desk) if draft.decision.remembered else desk, draft)


def _composed(desk: _Desk, draft: Draft) -> Draft:
    """Have the language model write, or quote the passages where there is none or it fails."""
    if desk.core.language_model is not None:
        asked = manner.read(desk.core.database, desk.core.encoder.name, desk.task.person)
        draft = replace(draft, versions={**draft.versions, **asked.versions})
        vector = desk.core.encoder.encode([draft.standalone])[0]
        readable = manner.readable_by(desk.core.database, desk.task.audience)
        assignment = asked.assignment(draft.standalone, desk.sections, vector, readable)
        assignment = replace(assignment, persona=desk.task.persona)
        try:
            written = grounded.write(desk.core.language_model, assignment, desk.core.rng, desk.on_text)
        except ModelUnavailable as error:
            draft = draft.told(f"The language model was not used: {error}. The passages are quoted instead.")
        else:
            if written is None:
                return _abstained(desk, draft.told("The model found no answer in the passages."))
            clash = disagreement(newest_first(desk.evidence))
            written = beside(written, clash) if clash else written
            return _illustrated(replace(draft, written=written).told(*written.notes))
    quoted = extractive.write(draft.standalone, desk.evidence)
    if quoted is None:
        return _abstained(desk, draft.told("No passage has a sentence short enough to quote."))
    if desk.evidence[0].unit.kind is UnitKind.ROW and tabular.needs_computing(draft.standalone):
        quoted = replace(quoted, confidence=min(draft.decision.confidence, ROW_ALONE))
        draft = draft.told("Rows are quoted, because what they come to could not be computed.")
    return _illustrated(replace(draft, written=quoted).told(*quoted.notes))


def _illustrated(draft: Draft) -> Draft:
    """Show the pictures among the sources with the answer."""
    cited = {one.passage_id for one in draft.written.citations}
    pictures = pictured.pictures_of([hit for hit in draft.hits if hit.passage_id in cited])
    return replace(draft, written=replace(draft.written, pictures=pictures)) if pictures else draft


def _repeated(desk: _Desk, draft: Draft) -> Draft:
    """Repeat the best verified answer; should it be gone since the search, decide again without it."""
    best = next(hit for hit in draft.hits if hit.retriever is Retriever.ANSWERS)
    found = verified.readable(desk.core, best.passage_id, desk.task.audience)
    if found is None:
        again, _, trace = _decided(desk, 0.0)
        return _written(desk, replace(draft, decision=again).told("The verified answer is gone.", *trace))
    written = verified.write(*found)
    return replace(draft, written=written, verified_id=found[0].id).told(*written.notes)


def _abstained(desk: _Desk, draft: Draft) -> Draft:
    with desk.core.database.read() as db:
        count = documents.document_count(db, desk.task.audience, desk.task.sources)
    looked = abstaining.Looked(draft.hits, count, desk.core.admins, draft.decision.missing, desk.task.asked_for)
    return replace(draft, written=Written(abstaining.text(looked), abstaining.WRITER, ()), abstained=True)


def _looked(found: Shortlist) -> str:
    if not found.hits:
        return "Nothing readable was found."
    first = found.hits[0]
    return f"Found {len(found.hits)} passages; the best is in “{first.title}”."
