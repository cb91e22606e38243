"""Candidates: labelled examples that may train a language model or a retriever.

    very_high   an owner approved a correction
    high        people said it helped, and nobody said it did not
    medium      people acted as if it helped: they copied it, shared it, opened a source and came back with no more

Only what everybody may read becomes a candidate, never an answer whose sources are gone or one that an approved
correction replaced. Personal data and secrets are taken out. What somebody did beyond their cap (`labels.py`), or in
quarantine as the last turn found (`trust.py`), is as if they had not done it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from flywheel.core import Core
from flywheel.curation import labels
from flywheel.curation.redaction import redact
from flywheel.model import PUBLIC, Answer, Audience, Question, Signal, SignalKind, VerifiedAnswer
from flywheel.signals.votes import live_votes
from flywheel.store import corrections, ledger, origins, signals, sources, trusts, verified
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange

_AT_ONCE = 400
"""Values in one IN list; SQLite before 3.32 takes 999 (sqlite.org/limits.html)."""
_EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
_IMPLICIT = {SignalKind.COPY, SignalKind.SHARE, SignalKind.CITATION_CLICK, SignalKind.CITATION_UP}
_AGAINST = {SignalKind.ESCALATE, SignalKind.ABANDON, SignalKind.REGENERATE, SignalKind.EDIT}


class Quality(StrEnum):
    """How much a candidate can be trusted, best first."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a candidate comes from, for those who split and mine: no part of what leaves the house.

    `answer_id` is the answer that was liked or corrected; `person` stands behind the candidate: the first who said yes,
    or the correction's author. `cited` and `rejected` are the passages behind `positives` and `negatives`.
    """

    question: Question
    answer_id: str
    person: str
    cited: tuple[str, ...]
    rejected: tuple[str, ...]


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
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """The ledger by answer, and the texts of those of its passages that everybody may read."""

    exchanges: Mapping[str, Exchange]
    done: Mapping[str, Sequence[Signal]]
    texts: Mapping[str, str]

    def told(self, passage_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the redacted texts of those passages that everybody may read."""
        return tuple(redact(self.texts[one]) for one in passage_ids if one in self.texts)


def candidates(core: Core, least: Quality) -> list[Candidate]:
    """Return every candidate of at least this quality, the best first, then the oldest."""
    order = list(Quality)
    with core.database.read() as db:
        desk = _desk(db)
        found = [*_from_corrections(db, desk), *_from_answers(db, desk)]
    wanted = [one for one in found if order.index(one.quality) <= order.index(least)]
    return sorted(wanted, key=lambda one: order.index(one.quality))


def _desk(db: Session) -> _Desk:
    """Read all signals that count and all answers, without their shortlists, which are most of the ledger."""
    done: dict[str, list[Signal]] = defaultdict(list)
    quarantined = {person for person, standing in trusts.every(db).items() if standing.is_quarantined}
    for signal in _counted([one for one in signals.every(db) if one.person not in quarantined]):
        done[signal.answer_id].append(signal)
    exchanges = {one.answer.id: one for one in ledger.between(db, *_EVER)}
    named = {citation.passage_id for one in done if one in exchanges for citation in exchanges[one].answer.citations}
    named |= {one.detail["passage_id"] for its in done.values() for one in its if "passage_id" in one.detail}
    named |= {passage for one in verified.every(db) for passage in one.passage_ids}
    return _Desk(exchanges, done, public_texts(db, named))


def _counted(done: Sequence[Signal]) -> list[Signal]:
    """Return all that those people did about an answer whose word about it counts, oldest first.

    A person counts for an answer or not at all: with half of what they did, a vote they took back would stand.
    """
    last = {(signal.answer_id, signal.person): signal for signal in done}
    within = {(signal.answer_id, signal.person) for signal in labels.capped(last.values())}
    return [signal for signal in done if (signal.answer_id, signal.person) in within]


def public_texts(db: Session, passage_ids: Collection[str]) -> dict[str, str]:
    """Return the texts of those of these passages that everybody may read, by id."""
    ordered = sorted(passage_ids)
    found: dict[str, str] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        public = [one for one, labels in sorted(sources.labels_of(db, some).items()) if PUBLIC in labels]
        found.update(zip(public, sources.texts_of(db, public), strict=True))
    return found


def _from_corrections(db: Session, desk: _Desk) -> Iterator[Candidate]:
    for one in verified.every(db):
        if origins.readable(db, one.id, Audience.everyone()):
            yield Candidate(
                input=redact(one.question),
                ideal_output=redact(one.text),
                source="correction",
                quality=Quality.VERY_HIGH,
                answer_id=None,
                positives=desk.told(one.passage_ids),
                origin=_origin_of(db, one, desk),
            )


def _origin_of(db: Session, one: VerifiedAnswer, desk: _Desk) -> Origin | None:
    """Return the question that was corrected, or None where its asker is gone."""
    correction = corrections.find(db, one.correction_id) if one.correction_id else None
    exchange = desk.exchanges.get(correction.answer_id) if correction else None
    named = [passage for passage in one.passage_ids if passage in desk.texts]
    return None if exchange is None else _origin(exchange, one.author, named, ())


def _from_answers(db: Session, desk: _Desk) -> Iterator[Candidate]:
    replaced = _replaced(db)
    for answer_id, exchange in desk.exchanges.items():
        done = desk.done.get(answer_id, ())
        quality = _quality(done)
        if quality is None or answer_id in replaced or exchange.answer.abstained:
            continue
        cited = [citation.passage_id for citation in exchange.answer.citations]
        if not cited or any(one not in desk.texts for one in cited):
            continue
        if _repeats_for_everybody(db, exchange.answer):
            yield _candidate(desk, exchange, done, quality)


def _candidate(desk: _Desk, exchange: Exchange, done: Sequence[Signal], quality: Quality) -> Candidate:
    answer, question = exchange.answer, exchange.question
    against = [one.detail["passage_id"] for one in done if _is_negative(one) and one.detail["passage_id"] in desk.texts]
    cited = [one.passage_id for one in answer.citations if one.passage_id not in against]
    voters = [person for person, helped in live_votes(done).items() if helped]
    person = voters[0] if voters else done[0].person
    return Candidate(
        input=redact(question.standalone or question.text),
        ideal_output=redact(answer.text),
        source="vote" if quality is Quality.HIGH else "behaviour",
        quality=quality,
        answer_id=answer.id,
        positives=desk.told(cited),
        negatives=desk.told(against),
        origin=_origin(exchange, person, cited, against),
    )


def _origin(exchange: Exchange, person: str, cited: Iterable[str], rejected: Iterable[str]) -> Origin:
    return Origin(exchange.question, exchange.answer.id, person, tuple(cited), tuple(rejected))


def _replaced(db: Session) -> set[str]:
    approved = [one.correction_id for one in verified.every(db) if one.correction_id]
    return {answer_id for one in approved for answer_id in verified.corrected_answers(db, one)}


def _quality(done: Sequence[Signal]) -> Quality | None:
    votes = live_votes(done)
    if votes:
        return Quality.HIGH if all(votes.values()) else None
    kinds = {signal.kind for signal in done}
    return Quality.MEDIUM if kinds & _IMPLICIT and not kinds & _AGAINST else None


def _is_negative(signal: Signal) -> bool:
    return signal.kind is SignalKind.CITATION_DOWN and "passage_id" in signal.detail


def _repeats_for_everybody(db: Session, answer: Answer) -> bool:
    """Tell whether an answer repeats no verified answer, or one that everybody may read."""
    repeated = answer.verified_answer_id
    return repeated is None or origins.readable(db, repeated, Audience.everyone()) is not None
