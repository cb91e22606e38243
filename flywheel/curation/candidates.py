"""Candidates: labelled examples that may train a language model or a retriever.

    very_high   an owner approved a correction
    high        people said it helped, and nobody said it did not
    medium      people acted as if it helped: they copied it, shared it, opened a source and came back with no more

Only what everybody may read becomes a candidate, never an answer whose sources are gone or one that an approved
correction replaced. Personal data and secrets are taken out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flywheel.core import Core
from flywheel.curation.redaction import redact
from flywheel.model import PUBLIC, Answer, Audience, Signal, SignalKind, VerifiedAnswer
from flywheel.signals.votes import live_votes
from flywheel.store import answers, origins, questions, signals, sources, verified
from flywheel.store.database import Session

_IMPLICIT = {SignalKind.COPY, SignalKind.SHARE, SignalKind.CITATION_CLICK, SignalKind.CITATION_UP}
_AGAINST = {SignalKind.ESCALATE, SignalKind.ABANDON, SignalKind.REGENERATE, SignalKind.EDIT}


class Quality(StrEnum):
    """How much a candidate can be trusted, best first."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An example. `positives` and `negatives` are passage texts; a negative was called wrong by a person."""

    input: str
    ideal_output: str
    source: str
    quality: Quality
    answer_id: str | None
    positives: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()


def candidates(core: Core, least: Quality) -> list[Candidate]:
    """Return every candidate of at least this quality, the best first, then the oldest."""
    order = list(Quality)
    with core.database.read() as db:
        found = [*_from_corrections(db), *_from_answers(db)]
    wanted = [one for one in found if order.index(one.quality) <= order.index(least)]
    return sorted(wanted, key=lambda one: order.index(one.quality))


def _from_corrections(db: Session) -> Iterable[Candidate]:
    for one in verified.every(db):
        if origins.readable(db, one.id, Audience.everyone()):
            yield Candidate(
                input=redact(one.question),
                ideal_output=redact(one.text),
                source="correction",
                quality=Quality.VERY_HIGH,
                answer_id=None,
                positives=_texts(db, _public_passages(db, one)),
            )


def _public_passages(db: Session, one: VerifiedAnswer) -> Sequence[str]:
    return [passage for passage in one.passage_ids if _is_public(db, [passage])]


def _from_answers(db: Session) -> Iterable[Candidate]:
    replaced = _replaced(db)
    for answer_id, ledger in _ledgers(signals.every(db)).items():
        quality = _quality(ledger)
        if quality is None or answer_id in replaced:
            continue
        answer = answers.find(db, answer_id)
        if answer is None or answer.abstained:
            continue
        cited = [citation.passage_id for citation in answer.citations]
        if not _is_public(db, cited) or not _repeats_for_everybody(db, answer):
            continue
        yield _candidate(db, answer, ledger, quality)


def _candidate(db: Session, answer: Answer, ledger: Sequence[Signal], quality: Quality) -> Candidate:
    question = questions.find(db, answer.question_id)
    assert question is not None
    against = [
        one.detail["passage_id"] for one in ledger if _is_negative(one) and _is_public(db, [one.detail["passage_id"]])
    ]
    cited = [citation.passage_id for citation in answer.citations if citation.passage_id not in against]
    return Candidate(
        input=redact(question.standalone or question.text),
        ideal_output=redact(answer.text),
        source="vote" if quality is Quality.HIGH else "behaviour",
        quality=quality,
        answer_id=answer.id,
        positives=_texts(db, cited),
        negatives=_texts(db, against),
    )


def _replaced(db: Session) -> set[str]:
    approved = [one.correction_id for one in verified.every(db) if one.correction_id]
    return {answer_id for one in approved for answer_id in verified.corrected_answers(db, one)}


def _ledgers(ledger: Iterable[Signal]) -> dict[str, list[Signal]]:
    grouped: dict[str, list[Signal]] = {}
    for signal in ledger:
        grouped.setdefault(signal.answer_id, []).append(signal)
    return grouped


def _quality(ledger: Sequence[Signal]) -> Quality | None:
    votes = live_votes(ledger)
    if votes:
        return Quality.HIGH if all(votes.values()) else None
    kinds = {signal.kind for signal in ledger}
    return Quality.MEDIUM if kinds & _IMPLICIT and not kinds & _AGAINST else None


def _is_negative(signal: Signal) -> bool:
    return signal.kind is SignalKind.CITATION_DOWN and "passage_id" in signal.detail


def _is_public(db: Session, passage_ids: Sequence[str]) -> bool:
    labels = sources.labels_of(db, passage_ids)
    return bool(passage_ids) and all(PUBLIC in labels.get(one, ()) for one in passage_ids)


def _repeats_for_everybody(db: Session, answer: Answer) -> bool:
    """Tell whether an answer repeats no verified answer, or one that everybody may read."""
    repeated = answer.verified_answer_id
    return repeated is None or origins.readable(db, repeated, Audience.everyone()) is not None


def _texts(db: Session, passage_ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(redact(text) for text in sources.texts_of(db, passage_ids))
