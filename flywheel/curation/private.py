"""Keep private material out of what answers everywhere.

*Private* is what not everybody may read: a passage without the public label, an answer that cites or repeats one, a
correction that names one. A model that learns from it could tell of it in places where it may not be read; so all that
is learned for everybody is learned from the public part of the ledger. Where a passage is gone its document decides, by
its name; where that is gone too, only an answer that was given to everybody makes it public.

A question may itself be private, whatever it was answered from: `may_be_quoted` says whether it may be shown to others
than those who could read it where it was asked.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from flywheel.model import KIND_OF, PUBLIC, Audience, Question, Retriever, Signal
from flywheel.store import expertise, origins, places
from flywheel.store.answers import Listed
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange, Ledger

REASON = "about material that not everybody may read"


@dataclass(frozen=True, slots=True)
class PublicPart:
    """The ledger without private material; `left_out` counts acts (signals and corrections) that are not in it."""

    ledger: Ledger
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Access:
    """What is public: passages and documents of the index by name, and verified answers."""

    passages: Mapping[str, bool]
    documents: Mapping[str, bool]
    verified: Mapping[str, bool]

    def is_public(self, passage_id: str, external_id: str, audience: Audience) -> bool:
        """Tell whether everybody may read a passage, or could when it was shown to an audience and is gone since."""
        if passage_id in self.passages:
            return self.passages[passage_id]
        if external_id in self.documents:
            return self.documents[external_id]
        return audience.labels <= {PUBLIC}


def public_part(db: Session, ledger: Ledger) -> PublicPart:
    """Return what of a ledger may teach models that answer everybody.

    An answer from private material goes with everything that was done about it. From the shortlists of the others
    private passages are taken out, and so is every act that names one.
    """
    access = _access(db, ledger)
    kept = {one.answer.id: one for one in ledger.exchanges if _answers_publicly(one, access)}
    signals = [one for one in ledger.signals if one.answer_id in kept and _names_public(one, kept, access)]
    corrections = [
        one
        for one in ledger.corrections
        if one.answer_id in kept and all(access.passages.get(passage) for passage in ledger.sources.get(one.id, ()))
    ]
    left_out = len(ledger.signals) - len(signals) + len(ledger.corrections) - len(corrections)
    made = replace(
        ledger,
        exchanges=tuple(_without_private(one, access) for one in kept.values()),
        signals=tuple(signals),
        corrections=tuple(corrections),
        sources={one.id: ledger.sources[one.id] for one in corrections if one.id in ledger.sources},
        known=frozenset(one for one in ledger.known if _known_publicly(one, access)),
        first_passages={
            name: passage for name, passage in ledger.first_passages.items() if _known_publicly(name, access)
        },
    )
    return PublicPart(made, {REASON: left_out} if left_out else {})


def may_be_quoted(question: Question, open_channels: Collection[str]) -> bool:
    """Tell whether a question may be shown to anybody: it was asked where all can look.

    `open_channels` are ids of channels that all can join, as `store.expertise.open_channels` knows them.
    """
    private = question.audience.labels - {PUBLIC}
    return private <= {f"channel:{one}" for one in open_channels}


def quotable(db: Session, questions: Iterable[Question]) -> frozenset[str]:
    """Return the ids of those of these questions that may be shown to anybody."""
    known = expertise.open_channels(db)
    return frozenset(one.id for one in questions if may_be_quoted(one, known))


def _access(db: Session, ledger: Ledger) -> _Access:
    """Look up every passage, document and verified answer that a ledger names."""
    rows = [row for one in ledger.exchanges for row in one.shortlist if row.retriever in KIND_OF]
    cited = [citation for one in ledger.exchanges for citation in one.answer.citations]
    passages = {row.passage_id for row in rows} | {one.passage_id for one in cited}
    passages |= {passage for its in ledger.sources.values() for passage in its}
    passages |= ledger.known | {one.detail["passage_id"] for one in ledger.signals if "passage_id" in one.detail}
    names = {row.external_id for row in rows} | {one.external_id for one in cited} | ledger.known
    repeated = {row.passage_id for one in ledger.exchanges for row in one.shortlist if row.retriever not in KIND_OF}
    repeated |= {one.answer.verified_answer_id for one in ledger.exchanges if one.answer.verified_answer_id}
    everyone = Audience.everyone()
    return _Access(
        {passage: PUBLIC in place.labels for passage, place in places.of(db, passages).items()},
        {name: all(PUBLIC in one for one in its) for name, its in places.labels_of_documents(db, names).items()},
        {one: origins.readable(db, one, everyone) is not None for one in sorted(repeated)},
    )


def _answers_publicly(exchange: Exchange, access: _Access) -> bool:
    answer, audience = exchange.answer, exchange.question.audience
    if answer.verified_answer_id is not None and not access.verified.get(answer.verified_answer_id):
        return False
    cited = [one for one in answer.citations if one.passage_id not in access.verified]
    return all(access.is_public(one.passage_id, one.external_id, audience) for one in cited)


def _names_public(signal: Signal, kept: Mapping[str, Exchange], access: _Access) -> bool:
    passage, document = signal.detail.get("passage_id", ""), signal.detail.get("external_id", "")
    if not passage and not document:
        return True
    return access.is_public(passage, document, kept[signal.answer_id].question.audience)


def _without_private(exchange: Exchange, access: _Access) -> Exchange:
    """Take private passages and verified answers out of the shortlist; people in it are no material."""
    audience = exchange.question.audience
    rows = [row for row in exchange.shortlist if _is_shown_publicly(row, audience, access)]
    return replace(exchange, shortlist=tuple(rows))


def _is_shown_publicly(row: Listed, audience: Audience, access: _Access) -> bool:
    if row.retriever is Retriever.PEOPLE:
        return True
    if row.retriever is Retriever.ANSWERS:
        return access.verified.get(row.passage_id, False)
    return access.is_public(row.passage_id, row.external_id, audience)


def _known_publicly(name: str, access: _Access) -> bool:
    return access.passages.get(name, False) or access.documents.get(name, False)
