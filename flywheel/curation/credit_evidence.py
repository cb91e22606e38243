"""Collect what people have said, by any act, about which passage is the right one for a question.

    how            the passage                                                     counts
    verified       one that an approved correction names                             4
    corrected      one that a correction names which nobody has rejected             3
    pointed        one that somebody called right (citation_up)                      3
    asked_more     one that somebody wanted more of                                  2
    rerouted       the first one cited where a person looked instead, and liked it   2
    replied        one that a colleague linked in the thread                         2
    helped         the first one cited by another answer that somebody liked         1

What counts is added up over persons, once per person and passage; each person who called the passage wrong takes 3
away. Evidence on one question counts for every question of its *cluster*: those that ask the same. Pure, but for
`read`, which looks up what the ledger does not hold.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flywheel.answering.attachment import is_of_file
from flywheel.core import Core
from flywheel.curation.split import SAME, normalised
from flywheel.model import CorrectionState, Signal, SignalKind
from flywheel.signals.votes import live_votes
from flywheel.store import places, sources
from flywheel.store.ledger import Exchange, Ledger
from flywheel.store.places import Place

COUNTS: Mapping[str, int] = {
    "verified": 4,
    "corrected": 3,
    "pointed": 3,
    "asked_more": 2,
    "rerouted": 2,
    "replied": 2,
    "helped": 1,
}
_AGAINST = 3
_LINK = re.compile(r"https?://[^\s<>|)\"']+")
_POINTS = {SignalKind.CITATION_UP: "pointed", SignalKind.MORE_LIKE_THIS: "asked_more"}
_JUDGES = frozenset({*_POINTS, SignalKind.CITATION_DOWN})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beyond the ledger.

    `places` tells where each named passage stands in the index; None where nobody looked: then all count as there.
    `linked` maps links in human replies to passages. `cluster` names each question's cluster; a question that it does
    not name is clustered by its wording.
    """

    places: Mapping[str, Place] | None = None
    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cluster: Mapping[str, str] = field(default_factory=dict)

    def cluster_of(self, exchange: Exchange) -> str:
        """Return the name of a question's cluster."""
        return self.cluster.get(exchange.question.id) or wording(exchange)


@dataclass(frozen=True, slots=True)
class Pointer:
    """One person's act that names passages as the right ones, any of them."""

    passages: tuple[str, ...]
    how: str
    person: str
    answer_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Right:
    """The passages, any of them, that are right for a question; `persons` said so, `worth` adds up what counts."""

    passages: tuple[str, ...]
    how: str
    persons: frozenset[str]
    worth: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about the right passages, by cluster, and who called which passage wrong."""

    pointers: Mapping[str, tuple[Pointer, ...]]
    against: Mapping[tuple[str, str], frozenset[str]]

    def right(self, cluster: str, about: tuple[str, str], without: str = "") -> Right | None:
        """Return what is most likely right for a cluster, seen from a person's act on an answer, `about`.

        What that person said about that answer goes first, then what weighs most. `without` is a passage that is out
        of question.
        """
        grouped: dict[tuple[str, ...], list[Pointer]] = defaultdict(list)
        for one in self.pointers.get(cluster, ()):
            passages = tuple(passage for passage in one.passages if passage != without)
            if passages and not (one.how == "helped" and one.answer_id == about[1]):
                grouped[passages].append(one)
        judged = [(self._judge(cluster, passages, its), its) for passages, its in sorted(grouped.items())]
        standing = [(right, its) for right, its in judged if right.worth > 0]
        if not standing:
            return None
        return max(standing, key=lambda one: (any((p.person, p.answer_id) == about for p in one[1]), one[0].worth))[0]

    def _judge(self, cluster: str, passages: tuple[str, ...], its: Iterable[Pointer]) -> Right:
        best: dict[str, Pointer] = {}
        for one in its:
            if one.person not in best or COUNTS[one.how] > COUNTS[best[one.person].how]:
                best[one.person] = one
        against = frozenset[str]().union(*(self.against.get((cluster, passage), frozenset()) for passage in passages))
        worth = sum(COUNTS[one.how] for one in best.values()) - _AGAINST * len(against - best.keys())
        how = max(best.values(), key=lambda one: (COUNTS[one.how], one.how)).how
        return Right(passages, how, frozenset(best), worth)


def wording(exchange: Exchange) -> str:
    """Return a question's words alone; its id where it has none."""
    return normalised(exchange.question.standalone or exchange.question.text) or exchange.question.id


def collect(ledger: Ledger, known: Known) -> Evidence:
    """Return all evidence of right passages in a ledger."""
    exchanges = {one.answer.id: one for one in ledger.exchanges}
    pointers: dict[str, list[Pointer]] = defaultdict(list)
    for one in (*_judged(ledger, exchanges), *_corrected(ledger), *_liked(ledger), *_replied(ledger, known)):
        if one.passages and one.answer_id in exchanges and not is_of_file(one.passages[0]):
            pointers[known.cluster_of(exchanges[one.answer_id])].append(one)
    against: dict[tuple[str, str], set[str]] = defaultdict(set)
    for signal, passage in _judgements(ledger, exchanges):
        if signal.kind is SignalKind.CITATION_DOWN:
            against[known.cluster_of(exchanges[signal.answer_id]), passage].add(signal.person)
    return Evidence(
        {cluster: tuple(its) for cluster, its in pointers.items()},
        {about: frozenset(persons) for about, persons in against.items()},
    )


def named(exchange: Exchange, detail: Mapping[str, str], ledger: Ledger) -> str | None:
    """Return the passage that a signal names; of a document, the one cited, else ranked best, else its first."""
    if detail.get("passage_id"):
        return detail["passage_id"]
    external_id = detail.get("external_id", "")
    cited = [one.passage_id for one in exchange.answer.citations if one.external_id == external_id]
    listed = [row.passage_id for row in exchange.shortlist if row.external_id == external_id]
    return next(iter((*cited, *listed)), None) or ledger.first_passages.get(external_id)


def read(core: Core, ledger: Ledger) -> Known:
    """Return what is known of every passage that people named, and which questions ask the same."""
    links = {link for one in _replies(ledger) for link in _LINK.findall(one.detail.get("text", ""))}
    with core.database.read() as db:
        linked = {link: sources.passages_named(db, link) for link in sorted(links)}
    linked = {link: passages for link, passages in linked.items() if passages}
    pointers = collect(ledger, Known(linked=linked)).pointers.values()
    wanted = {passage for its in pointers for one in its for passage in one.passages}
    with core.database.read() as db:
        return Known(places.of(db, wanted), linked, _clusters(core, ledger, linked))


def _judgements(ledger: Ledger, exchanges: Mapping[str, Exchange]) -> list[tuple[Signal, str]]:
    """Return the last judgement of each person on each passage of an answer, with the passage."""
    last: dict[tuple[str, str, str], tuple[Signal, str]] = {}
    for signal in ledger.signals:
        exchange = exchanges.get(signal.answer_id)
        if signal.kind not in _JUDGES or exchange is None:
            continue
        passage = named(exchange, signal.detail, ledger)
        if passage is not None:
            last[signal.person, signal.answer_id, passage] = (signal, passage)
    return list(last.values())


def _judged(ledger: Ledger, exchanges: Mapping[str, Exchange]) -> Iterator[Pointer]:
    for signal, passage in _judgements(ledger, exchanges):
        if signal.kind in _POINTS:
            yield Pointer((passage,), _POINTS[signal.kind], signal.person, signal.answer_id, signal.at)


def _corrected(ledger: Ledger) -> Iterator[Pointer]:
    for one in ledger.corrections:
        if one.state is not CorrectionState.REJECTED:
            how = "verified" if one.state is CorrectionState.APPROVED else "corrected"
            yield Pointer(ledger.sources.get(one.id, ()), how, one.person, one.answer_id, one.at)


def _liked(ledger: Ledger) -> Iterator[Pointer]:
    about: dict[str, list[Signal]] = defaultdict(list)
    for signal in ledger.signals:
        about[signal.answer_id].append(signal)
    for exchange in ledger.exchanges:
        answer = exchange.answer
        if answer.abstained or not answer.citations:
            continue
        how = "rerouted" if answer.routing.asked_for else "helped"
        for person, helped in live_votes(about[answer.id]).items():
            if helped:
                at = max(one.at for one in about[answer.id] if one.person == person)
                yield Pointer((answer.citations[0].passage_id,), how, person, answer.id, at)


def _replies(ledger: Ledger) -> list[Signal]:
    return [one for one in ledger.signals if one.kind is SignalKind.HUMAN_REPLY]


def _replied(ledger: Ledger, known: Known) -> Iterator[Pointer]:
    for one in _replies(ledger):
        for link in _LINK.findall(one.detail.get("text", "")):
            yield Pointer(known.linked.get(link, ()), "replied", one.person, one.answer_id, one.at)


def _clusters(core: Core, ledger: Ledger, linked: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Join a question that nothing is known about with the nearest one that something is known about.

    Only those two kinds are encoded: most questions are neither.
    """
    told = collect(ledger, Known(linked=linked)).pointers.keys()
    words = {wording(one) for one in ledger.exchanges}
    rest, taught = sorted(words - told), sorted(words & told)
    if not rest or not taught:
        return {}
    cosines = core.encoder.encode(rest) @ core.encoder.encode(taught).T
    near = {text: taught[int(row.argmax())] for text, row in zip(rest, cosines, strict=True) if float(row.max()) > SAME}
    return {one.question.id: near[wording(one)] for one in ledger.exchanges if wording(one) in near}
