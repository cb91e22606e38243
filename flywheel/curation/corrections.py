"""Corrections: what a person says the answer should be, until an owner approves it as a verified answer.

    suggest → pending → approve → a verified answer, found by everybody it may be shown to
                      → vouch, by two trusted persons → the same
                      → reject

Owners of the documents that the answer cited review it; where none is known, administrators do. Administrators may
always review. Anybody else needs a second key: two persons whose votes have proved trustworthy, who may read all that
the answer cited, and neither of whom made the suggestion.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flywheel.core import Core
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.knowledge.access import GUESTS, audience_of, in_office
from flywheel.model import PUBLIC, Correction, CorrectionState, Question, Signal, SignalKind, VerifiedAnswer
from flywheel.signals.record import signal_key
from flywheel.store import (
    answers,
    audit,
    corrections,
    documents,
    origins,
    questions,
    reviews,
    signals,
    sources,
    trusts,
    verified,
)
from flywheel.store.database import Session

KEYS = 2
LONGEST = 3_000
"""Characters of a correction: what a Slack text input can carry (docs.slack.dev, plain_text_input)."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody typed into "Suggest an answer". `key` names the act: the same key is one correction.

    `question` is what it answers, where that is not the question as it was asked.
    """

    key: str
    answer_id: str
    person: str
    text: str
    source: str | None = None
    question: str = ""


def suggest(core: Core, suggestion: Suggestion) -> Correction:
    """Store a suggestion as a pending correction and as a signal; the same key again changes nothing.

    Raises:
        InvalidInput: the text is empty or longer than `LONGEST` characters.
        NotFound: there is no such answer.
    """
    text = suggestion.text.strip()
    if not text:
        raise InvalidInput("the suggested answer is empty; write what the answer should be")
    if len(text) > LONGEST:
        raise InvalidInput(f"the suggested answer has {len(text)} characters; {LONGEST} are allowed")
    correction_id = "c_" + hashlib.sha256(suggestion.key.encode()).hexdigest()[:24]
    with core.database.begin() as db:
        question = _question(db, suggestion.answer_id)
        correction = Correction(
            id=correction_id,
            answer_id=suggestion.answer_id,
            question=suggestion.question or question.standalone or question.text,
            text=text,
            person=suggestion.person,
            at=core.now(),
            source=(suggestion.source or "").strip() or None,
        )
        if not corrections.put(db, correction):
            return _found(corrections.find(db, correction_id), correction_id)
        signals.put(db, _edit(correction))
        return correction


def reviewers(core: Core, correction_id: str) -> frozenset[str]:
    """Return who may decide on a correction: the owners of what its answer cited, and the administrators."""
    admins = in_office(core)
    with core.database.read() as db:
        correction = _found(corrections.find(db, correction_id), correction_id)
        answer = answers.find(db, correction.answer_id)
        cited = [citation.passage_id for citation in answer.citations] if answer else []
        return frozenset(documents.owners_of(db, cited).values()) | admins


def approve(
    core: Core, correction_id: str, reviewer: str, *, text: str | None = None, within: frozenset[str] | None = None
) -> VerifiedAnswer:
    """Make a correction a verified answer, with the reviewer's wording when `text` is given.

    It may be read by those who may read all that it came from: what its answer cited or repeated, and the source that
    the suggestion names. Where a cited passage is gone, only by those who could read the answer for certain. Where
    `within` is given, only by holders of those labels: the bot names the private channel that a question came from.
    Approving twice returns the first.

    Raises:
        NotFound: there is no such correction.
        NotAllowed: the reviewer is neither an owner nor an administrator.
        InvalidInput: the correction was rejected before, or nobody may read all that its answer cited.
    """
    _permit(core, correction_id, reviewer)
    return _settle(core, correction_id, reviewer, text, within)


def vouch(
    core: Core, correction_id: str, person: str, *, text: str | None = None, within: frozenset[str] | None = None
) -> VerifiedAnswer | None:
    """Approve as far as this person may: alone, or with one of two keys; None while the second key is missing.

    The other promises are those of `approve`. Keys are for the words as suggested.

    Raises:
        NotFound: there is no such correction.
        NotAllowed: the person may turn no key here, or has other words and is no reviewer.
        InvalidInput: the correction was rejected before, or nobody may read all that its answer cited.
    """
    if person in reviewers(core, correction_id):
        return _settle(core, correction_id, person, text, within)
    with core.database.read() as db:
        correction = _found(corrections.find(db, correction_id), correction_id)
    if not may_vouch(core, correction, person):
        raise NotAllowed(
            "only owners of the cited documents, administrators, and people whose votes have proved trustworthy "
            "approve suggestions, and nobody their own"
        )
    if text is not None and text.strip() != correction.text:
        raise NotAllowed("only owners of the cited documents and administrators change the words of a suggestion")
    if correction.state is not CorrectionState.PENDING:
        return _settle(core, correction_id, person, None, within)
    with core.database.begin() as db:
        given = reviews.turn_key(db, correction_id, person, core.now())
    return _settle(core, correction_id, person, None, within) if len(given) >= KEYS else None


def may_vouch(core: Core, correction: Correction, person: str) -> bool:
    """Tell whether a person may turn one of the two keys of a correction."""
    if person == correction.person:
        return False
    audience = audience_of(core.directory, person, None)
    with core.database.read() as db:
        if not trusts.of(db, person).is_proven:
            return False
        answer = answers.find(db, correction.answer_id)
        repeated = answer.verified_answer_id if answer else None
        labels = _labels(db, correction, sources.passages_named(db, correction.source) if correction.source else ())
        readable = repeated is None or origins.readable(db, repeated, audience) is not None
    return readable and all(one & audience.labels for one in labels)


def reject(core: Core, correction_id: str, reviewer: str) -> bool:
    """Turn a correction down; return False when it was decided before.

    Raises:
        NotFound: there is no such correction.
        NotAllowed: the reviewer is neither an owner nor an administrator.
    """
    _permit(core, correction_id, reviewer)
    with core.database.begin() as db:
        correction = _found(corrections.find(db, correction_id), correction_id)
        rejected = replace(correction, state=CorrectionState.REJECTED, reviewer=reviewer, reviewed_at=core.now())
        decided = corrections.decide(db, rejected)
        if decided:
            audit.put(db, reviewer, "reject", correction_id, core.now())
    return decided


def strictest(labels: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return labels whose holders may read every source, given each source's labels.

    Public narrows nothing. Private sources with no label in common give the empty set: nobody may read them all by
    one label.
    """
    private = [one for one in labels if PUBLIC not in one]
    return frozenset.intersection(*private) if private else frozenset({PUBLIC})


def _settle(
    core: Core, correction_id: str, reviewer: str, text: str | None, within: frozenset[str] | None
) -> VerifiedAnswer:
    with core.database.read() as db:
        correction = _found(corrections.find(db, correction_id), correction_id)
    vector = core.encoder.encode([correction.question])[0]
    decided = replace(
        correction,
        state=CorrectionState.APPROVED,
        text=(text or "").strip() or correction.text,
        reviewer=reviewer,
        reviewed_at=core.now(),
    )
    with core.database.begin() as db:
        if not corrections.decide(db, decided):
            return _approved_before(verified.of_correction(db, correction_id))
        named = sources.passages_named(db, decided.source) if decided.source else ()
        access = strictest([*_labels(db, decided, named), *([within] if within else [])])
        if not access:
            raise InvalidInput("nobody may read all the sources of this answer, so it cannot be shown to anybody")
        made = _verified(decided, access, named)
        verified.put(db, made, core.encoder.name, vector)
        audit.put(db, reviewer, "approve", correction_id, core.now())
    return made


def _labels(db: Session, correction: Correction, named: Sequence[str]) -> list[frozenset[str]]:
    answer = answers.find(db, correction.answer_id)
    if answer is None:
        return list(sources.labels_of(db, named).values())
    cited = [citation.passage_id for citation in answer.citations]
    known = sources.labels_of(db, [*cited, *named])
    labels = list(known.values())
    repeated = origins.labels_behind(db, answer.verified_answer_id) if answer.verified_answer_id else []
    labels += repeated
    if any(passage_id not in known for passage_id in cited) or (answer.verified_answer_id and not repeated):
        labels.append(_certain(_question(db, answer.id)))
    return labels


def _certain(question: Question) -> frozenset[str]:
    """Return labels whose holders could read all that the asker's audience could: one of its labels let it in.

    Of a channel's labels only its own will do: what all its members share with other channels, others hold too.
    """
    private = question.audience.labels - {PUBLIC, GUESTS}
    for own in (f"user:{question.person}", f"channel:{question.channel}"):
        if own in private:
            return frozenset({own})
    return private or frozenset({PUBLIC})


def _permit(core: Core, correction_id: str, reviewer: str) -> None:
    if reviewer not in reviewers(core, correction_id):
        raise NotAllowed("only owners of the cited documents and administrators decide on suggestions")


def _question(db: Session, answer_id: str) -> Question:
    answer = answers.find(db, answer_id)
    question = questions.find(db, answer.question_id) if answer else None
    if question is None:
        raise NotFound(f"there is no answer {answer_id}")
    return question


def _found(correction: Correction | None, correction_id: str) -> Correction:
    if correction is None:
        raise NotFound(f"there is no correction {correction_id}")
    return correction


def _edit(correction: Correction) -> Signal:
    detail = {"correction": correction.id, **({"source": correction.source} if correction.source else {})}
    key = signal_key(SignalKind.EDIT, correction.answer_id, correction.person, correction.id)
    return Signal(key, correction.answer_id, SignalKind.EDIT, correction.person, correction.at, detail)


def _approved_before(known: VerifiedAnswer | None) -> VerifiedAnswer:
    if known is None:
        raise InvalidInput("this suggestion was rejected before")
    return known


def _verified(decided: Correction, access: frozenset[str], passage_ids: tuple[str, ...]) -> VerifiedAnswer:
    return VerifiedAnswer(
        id="v_" + decided.id.removeprefix("c_"),
        question=decided.question,
        text=decided.text,
        access=access,
        author=decided.person,
        approved_by=decided.reviewer or "",
        approved_at=decided.reviewed_at or decided.at,
        correction_id=decided.id,
        source=decided.source,
        passage_ids=passage_ids,
    )
