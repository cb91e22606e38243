"""Say what signals mean for ranking: grades for (question, passage), each with a weight, a person and a source.

    act                          passage                grade   weight
    citation_up                  the one named            3      1.00   explicit
    citation_down                the one named            0      1.00   explicit
    more_like_this               the one named            2      1.00   explicit
    correction, approved         the one it names         3      1.00   explicit
    correction, pending; edit    the one it names         3      0.50   one person's word
    citation_click               the one opened           1      0.25   position decides much of it
    a live yes                   the first one cited      2      0.50   the answer helped; these passages made it
                                 the others cited         1      0.25
    a live no: wrong source      those cited              0      0.50   never held against passages not cited
    or not answered

Of one person's acts of a family (judgement, click, vote, edit, correction) on one passage of an answer, the last
counts. Nobody counts more than `cap` times. A passage outside of the stored shortlist can make no ranking row; it is
kept, `listed` false, because it says what retrieval missed. Pure: a ledger in, labels out.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from flywheel.model import KIND_OF, Correction, CorrectionState, Reason, Signal, SignalKind
from flywheel.signals.votes import VOTE, live_votes
from flywheel.store.ledger import Exchange, Ledger

CAP_VOTES = 20
CAP_SHARE = 0.02
"""One person counts at most 20 times, or for 2 % of the window; 200 votes of one attacker among 1,200 halved recall
without it, and 20 restored most of it (measured on CLINC150 with one attacker and 50 honest people)."""

SMALL_GROUP = 10

_EXPLICIT = {
    SignalKind.CITATION_UP: ("judgement", 3, 1.0),
    SignalKind.CITATION_DOWN: ("judgement", 0, 1.0),
    SignalKind.MORE_LIKE_THIS: ("judgement", 2, 1.0),
    SignalKind.CITATION_CLICK: ("click", 1, 0.25),
    SignalKind.EDIT: ("edit", 3, 0.5),
}
_BLAMES_SOURCES = frozenset({Reason.WRONG_SOURCE.value, Reason.NOT_ANSWERED.value})


@dataclass(frozen=True, slots=True)
class Label:
    """What one act says about one passage for one question. `grade` is 0 to 3, `weight` in (0, 1]."""

    question_id: str
    answer_id: str
    passage_id: str
    grade: int
    weight: float
    source: str
    person: str
    at: datetime
    listed: bool


@dataclass(frozen=True, slots=True)
class Labelling:
    """The labels of a snapshot. `left_out` counts acts that make none, by reason; `snapshot` is a SHA-256."""

    labels: tuple[Label, ...]
    left_out: Mapping[str, int]
    snapshot: str
    acts: int


@dataclass(frozen=True, slots=True)
class _Target:
    passage_id: str
    grade: int
    weight: float
    listed: bool = True


@dataclass(frozen=True, slots=True)
class _Act:
    key: str
    exchange: Exchange
    person: str
    at: datetime
    source: str
    family: str
    targets: tuple[_Target, ...]


def curate(ledger: Ledger) -> Labelling:
    """Return the labels that a ledger gives, in an order that does not depend on how it was read."""
    acts = list(_acts(ledger))
    named = [act for act in acts if act.targets]
    latest = _latest(named)
    counted = capped(latest, cap(len(latest), len({act.person for act in latest})))
    left_out = {
        "says nothing about a known passage": len(acts) - len(named),
        "replaced by a later act": len(named) - len(latest),
        "over the cap per person": len(latest) - len(counted),
    }
    labels = sorted(
        (label for act in counted for label in _labels(act)),
        key=lambda label: (label.question_id, label.passage_id, label.at, label.person, label.source),
    )
    return Labelling(tuple(labels), left_out, snapshot(ledger), len(acts))


def cap(acts: int, persons: int) -> int:
    """Return how often one person may count among this many acts of this many persons.

    In a group of fewer than `SMALL_GROUP` everybody may count for an even share: a fixed cap would keep a small team
    from ever having enough. The gate still asks that no gain rests on one person.
    """
    share = -(-acts // persons) if 0 < persons < SMALL_GROUP else 0
    return max(CAP_VOTES, int(CAP_SHARE * acts), share)


def snapshot(ledger: Ledger) -> str:
    """Return the SHA-256 over the ledger's rows, sorted, so that the same rows give the same 64 digits."""
    rows = [
        *(_exchange_row(one) for one in ledger.exchanges),
        *(["signal", one.key, one.answer_id, one.kind, one.person, one.at.isoformat(), dict(one.detail)]
          for one in ledger.signals),
        *(["correction", one.id, one.answer_id, one.person, one.state, ledger.sources.get(one.id, ())]
          for one in ledger.corrections),
        ["known", sorted(ledger.known)],
    ]  # fmt: skip
    digest = hashlib.sha256()
    for line in sorted(json.dumps(row, sort_keys=True) for row in rows):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _exchange_row(one: Exchange) -> list[object]:
    return [
        "exchange",
        one.question.id,
        one.question.standalone or one.question.text,
        one.question.person,
        one.question.asked_at.isoformat(),
        one.answer.id,
        [citation.passage_id for citation in one.answer.citations],
        [[row.passage_id, row.external_id, row.retriever, dict(row.features)] for row in one.shortlist],
    ]


def _acts(ledger: Ledger) -> Iterator[_Act]:
    done: dict[str, list[Signal]] = defaultdict(list)
    for signal in ledger.signals:
        done[signal.answer_id].append(signal)
    suggested: dict[str, list[Correction]] = defaultdict(list)
    for correction in ledger.corrections:
        suggested[correction.answer_id].append(correction)
    for exchange in ledger.exchanges:
        yield from _judgements(exchange, done[exchange.answer.id], ledger.known)
        yield from _votes(exchange, done[exchange.answer.id])
        yield from _corrections(exchange, suggested[exchange.answer.id], ledger.sources)


def _judgements(exchange: Exchange, done: Iterable[Signal], known: frozenset[str]) -> Iterator[_Act]:
    for signal in done:
        if signal.kind not in _EXPLICIT or "correction" in signal.detail:  # a correction speaks for itself, below
            continue
        family, grade, weight = _EXPLICIT[signal.kind]
        found = _named(exchange, signal.detail, known)
        targets = () if found is None else (_Target(found[0], grade, weight, listed=found[1]),)
        where = targets[0].passage_id if targets else ""
        family = f"{family} {where}"
        yield _Act(signal.key, exchange, signal.person, signal.at, signal.kind.value, family, targets)


def _named(exchange: Exchange, detail: Mapping[str, str], known: frozenset[str]) -> tuple[str, bool] | None:
    """Return the passage that a signal names and whether it was listed; of a document, the one cited or ranked best."""
    passage_id, external_id = detail.get("passage_id"), detail.get("external_id")
    rows = _documents(exchange)
    if passage_id is not None and passage_id in rows:
        return passage_id, True
    cited = [one.passage_id for one in exchange.answer.citations if one.external_id == external_id]
    of_document = [one for one, listed_id in rows.items() if listed_id == external_id]
    for one in (*cited, *of_document):
        if one in rows:
            return one, True
    missed = next((one for one in (passage_id, external_id) if one in known and one is not None), None)
    return None if missed is None else (missed, False)


def _documents(exchange: Exchange) -> dict[str, str]:
    rows = (row for row in exchange.shortlist if row.retriever in KIND_OF)
    return {row.passage_id: row.external_id for row in rows}


def _votes(exchange: Exchange, done: Sequence[Signal]) -> Iterator[_Act]:
    for person, helped in live_votes(done).items():
        cast = [one for one in done if one.person == person and _is_vote(one)]
        reason = next((one.detail["reason"] for one in reversed(cast) if "reason" in one.detail), "")
        targets = _cited(exchange, helped=helped, reason=reason)
        source = SignalKind.THUMBS_UP if helped else SignalKind.THUMBS_DOWN
        yield _Act(cast[-1].key, exchange, person, cast[-1].at, source.value, "vote", targets)


def _is_vote(signal: Signal) -> bool:
    pressed = signal.kind in (SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN)
    return pressed or (signal.kind is SignalKind.REACTION_ADDED and VOTE in signal.detail)


def _cited(exchange: Exchange, *, helped: bool, reason: str) -> tuple[_Target, ...]:
    rows = _documents(exchange)
    unique = dict.fromkeys(one.passage_id for one in exchange.answer.citations)
    cited = [passage_id for passage_id in unique if passage_id in rows]
    if helped:
        return tuple(_Target(one, 1 if n else 2, 0.25 if n else 0.5) for n, one in enumerate(cited))
    return tuple(_Target(one, 0, 0.5) for one in cited) if reason in _BLAMES_SOURCES else ()


def _corrections(
    exchange: Exchange, suggested: Iterable[Correction], sources: Mapping[str, tuple[str, ...]]
) -> Iterator[_Act]:
    rows = _documents(exchange)
    for correction in suggested:
        if correction.source is None or correction.state is CorrectionState.REJECTED:
            continue
        weight = 1.0 if correction.state is CorrectionState.APPROVED else 0.5
        named = sources.get(correction.id, ())
        listed = [one for one in rows if one in named]
        targets = tuple(_Target(one, 3, weight, listed=bool(listed)) for one in (*listed, *named)[:1])
        yield _Act(correction.id, exchange, correction.person, correction.at, "correction", "correction", targets)


def _latest(acts: Iterable[_Act]) -> list[_Act]:
    last: dict[tuple[str, str, str], _Act] = {}
    for act in sorted(acts, key=lambda act: (act.at, act.key)):
        last[act.person, act.exchange.answer.id, act.family] = act
    return list(last.values())


class Act(Protocol):
    """One thing that one person did."""

    @property
    def person(self) -> str:
        """Return who did it."""

    @property
    def key(self) -> str:
        """Return what tells it from all others."""


_Done = TypeVar("_Done", bound=Act)


def capped(acts: Iterable[_Done], most: int) -> list[_Done]:
    """Keep at most `most` acts of a person, drawn by the hash of their keys: spread over time, the same each time."""
    drawn = sorted(acts, key=lambda act: hashlib.sha256(act.key.encode()).hexdigest())
    used: Counter[str] = Counter()
    kept = []
    for act in drawn:
        used[act.person] += 1
        if used[act.person] <= most:
            kept.append(act)
    return kept


def _labels(act: _Act) -> Iterator[Label]:
    question_id, answer_id = act.exchange.question.id, act.exchange.answer.id
    for one in act.targets:
        yield Label(
            question_id, answer_id, one.passage_id, one.grade, one.weight, act.source, act.person, act.at, one.listed
        )
