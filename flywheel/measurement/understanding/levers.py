"""Say which lever would mend a failed answer: what somebody has to do so that the next one like it does not fail.

    inventory    write it down: nothing in the index answers it, or what does is out of date
    capability   a retriever lacks something: what people wanted is in the index and not among the 40 found
    router       the right kind of knowledge was not searched
    ranking      it was found, and stood behind what was shown
    writing      it was shown or stood first, and what was made of it did not help
    unclear      somebody said no, and nobody has said what would have been right

What people said goes first, by the rules of credit (`curation/credit.py`). A failure that nobody said anything about is
judged by its shortlist: by the right passage, where another answer to the same question tells which that is; else an
answer withheld although passages as near as those of helpful answers were found is the writing's, a question for code,
tables or pictures of which some were found is a capability's, and all others found nothing: inventory.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from flywheel.answering.grounded import PASSAGES
from flywheel.core import Core
from flywheel.curation import credit, credit_evidence, credit_review
from flywheel.curation.credit_evidence import Evidence, Known
from flywheel.curation.split import SAME
from flywheel.learning.remembering import RememberingEncoder
from flywheel.measurement.understanding import record
from flywheel.measurement.understanding.cases import Case
from flywheel.measurement.window import Window
from flywheel.model import KIND_OF, Retriever, SignalKind
from flywheel.ports import Vectors
from flywheel.store import credits as stored_credits
from flywheel.store.credits import Attribution, Part
from flywheel.store.ledger import Exchange

_ENOUGH_HELPED = 10
_SPECIAL = frozenset({Retriever.CODE, Retriever.TABLES, Retriever.IMAGES})
_NEAREST = 3


class Lever(StrEnum):
    """What would mend a failure."""

    INVENTORY = "inventory"
    CAPABILITY = "capability"
    ROUTER = "router"
    RANKING = "ranking"
    WRITING = "writing"
    UNCLEAR = "unclear"


_LEVER_OF: Mapping[Part, Lever] = {
    Part.KNOWLEDGE: Lever.INVENTORY,
    Part.RETRIEVAL: Lever.CAPABILITY,
    Part.ROUTER: Lever.ROUTER,
    Part.RANKING: Lever.RANKING,
    Part.WRITING: Lever.WRITING,
    Part.NONE: Lever.UNCLEAR,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a case failed. `place` is where the wanted passage stood, from 1; `instead` the retriever a person chose.

    `nearest` are the passages that stood first.
    """

    lever: Lever
    why: str
    place: int | None = None
    instead: str = ""
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """What failures are judged by; `blamed` is by answer id, `helped` the best cosines of answers that helped."""

    exchanges: Mapping[str, Exchange]
    blamed: Mapping[str, Attribution]
    evidence: Evidence
    known: Known
    helped: tuple[float, ...]


def failures(core: Core, cases: Sequence[Case], vectors: Vectors, window: Window, before: Window) -> dict[str, Failure]:
    """Return why each failed case failed, by answer id; `vectors` holds one unit vector per case."""
    failed = [one for one in cases if one.has_failed]
    if not failed:
        return {}
    file = _opened(core, cases, vectors, (window, before))
    return {one.id: _judged(one, file) for one in failed}


def _opened(core: Core, cases: Sequence[Case], vectors: Vectors, windows: tuple[Window, Window]) -> _File:
    window, before = windows
    failed = [one for one in cases if one.has_failed]
    with core.database.read() as db:
        ledger = record.ledger_of(db, window, before)
        exchanges = record.exchanges_of(db, failed, ledger)
        words = {name: word for name, word in stored_credits.words(db).items() if word.at <= window.seen}
    wordings = {credit_evidence.wording(one.exchange): row for one, row in zip(cases, vectors, strict=True)}
    core = replace(core, encoder=RememberingEncoder(core.encoder, wordings))
    known = credit_evidence.read(core, ledger)
    given = credit.overridden(credit.attribute(ledger, known), words)
    evidence = credit_evidence.collect(ledger, known)
    about = _about(given.values())
    blamed = {name: one for name, said in about.items() if (one := credit_review.to_blame(said)) is not None}
    known = replace(known, cluster={**known.cluster, **_nearest_taught(cases, vectors, evidence, known)})
    return _File(exchanges, blamed, evidence, known, _helped(cases, exchanges))


def _about(given: Iterable[Attribution]) -> dict[str, list[Attribution]]:
    found: dict[str, list[Attribution]] = {}
    for one in given:
        found.setdefault(one.answer_id, []).append(one)
    return found


def _nearest_taught(cases: Sequence[Case], vectors: Vectors, evidence: Evidence, known: Known) -> dict[str, str]:
    """Return for questions of which nothing is known the cluster of the one that asks the same, by question id."""
    clusters = [known.cluster_of(one.exchange) for one in cases]
    taught = [row for row, name in enumerate(clusters) if name in evidence.pointers]
    silent = [row for row, one in enumerate(cases) if one.has_failed and clusters[row] not in evidence.pointers]
    if not taught or not silent:
        return {}
    cosines = vectors[silent] @ vectors[taught].T
    return {
        cases[row].exchange.question.id: clusters[taught[int(near.argmax())]]
        for row, near in zip(silent, cosines, strict=True)
        if float(near.max()) > SAME
    }


def _helped(cases: Sequence[Case], exchanges: Mapping[str, Exchange]) -> tuple[float, ...]:
    helpful = [one for one in cases if one.votes and all(one.votes.values()) and one.id in exchanges]
    return tuple(_best(exchanges[one.id]) for one in helpful if not one.exchange.answer.abstained)


def _judged(case: Case, file: _File) -> Failure:
    exchange, blamed = file.exchanges[case.id], file.blamed.get(case.id)
    nearest = tuple(row.passage_id for row in exchange.shortlist if row.retriever in KIND_OF)[:_NEAREST]
    instead = next((one.detail.get("retriever", "") for one in case.done if one.kind is SignalKind.REROUTE), "")
    if blamed is not None and blamed.part is not Part.NONE:
        place = blamed.evidence.get("place")
        found = Failure(_LEVER_OF[blamed.part], blamed.why, place if isinstance(place, int) else None, instead)
    else:
        found = _by_shortlist(exchange, file)
    return replace(found, nearest=nearest, instead=found.instead or instead)


def _by_shortlist(exchange: Exchange, file: _File) -> Failure:
    right = file.evidence.right(file.known.cluster_of(exchange), ("", exchange.answer.id))
    if right is not None:
        return _by_right(exchange, right.passages, file.known)
    if not exchange.answer.abstained:
        return Failure(Lever.UNCLEAR, "Nobody has said what would have been right.")
    if len(file.helped) >= _ENOUGH_HELPED and _best(exchange) >= float(np.median(file.helped)):
        return Failure(
            Lever.WRITING, "Passages as near as those of helpful answers were found, and nothing was answered."
        )
    likeliest = max(exchange.answer.route, key=lambda one: exchange.answer.route[one], default="")
    kinds = {row.retriever for row in exchange.shortlist[:PASSAGES]}
    if likeliest in _SPECIAL and likeliest in kinds:
        return Failure(Lever.CAPABILITY, f"It asks for {likeliest}; some were found, and none could be used.")
    return Failure(Lever.INVENTORY, "Nothing near was found.")


def _by_right(exchange: Exchange, passages: Sequence[str], known: Known) -> Failure:
    """Judge by how far the passage came that is right for the same question asked otherwise."""
    listed = [row for row in exchange.shortlist if row.retriever in KIND_OF]
    place = next((n for n, row in enumerate(listed, 1) if row.passage_id in passages), None)
    cited = {one.passage_id for one in exchange.answer.citations}
    if cited & set(passages):
        return Failure(Lever.WRITING, "The right passage was cited, and what was made of it did not help.", place)
    if place is not None and exchange.answer.abstained and place <= PASSAGES:
        return Failure(Lever.WRITING, f"The right passage stood at place {place}, and nothing was answered.", place)
    if place is not None:
        return Failure(Lever.RANKING, f"The right passage was found at place {place} and not shown.", place)
    there = [known.places[one] for one in passages if known.places is not None and one in known.places]
    if known.places is not None and not there:
        return Failure(Lever.INVENTORY, "The passage that helped others is no longer in the index.")
    kinds = sorted({one.retriever.value for one in there})
    searched = exchange.answer.routing.searched
    if searched and kinds and not set(kinds) & set(searched):
        return Failure(
            Lever.ROUTER, f"The right passage is for {' and '.join(kinds)}, which was not searched.", None, kinds[0]
        )
    return Failure(Lever.CAPABILITY, "The right passage is in the index and was not among those found.")


def _best(exchange: Exchange) -> float:
    """Return the largest cosine between the question and a passage found, 0 where none has one."""
    return max((row.features.get("dense", 0.0) for row in exchange.shortlist), default=0.0)
