"""Read a ledger as acts: what one person did about one answer, and which passages it names with which grade.

An act of a *family* (judgement, click, vote, edit, correction, behaviour, review) replaces the same person's earlier
one on the same answer. An act that names no known passage has no targets; it is kept, so that it can be counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flywheel.curation.implicit import POSITIVE, Behaviour, behaviours, quick_returns, weight_of
from flywheel.model import KIND_OF, Correction, CorrectionState, Reason, Signal, SignalKind
from flywheel.signals.votes import VOTE, live_votes
from flywheel.store.ledger import Exchange, Ledger
from flywheel.store.review_verdicts import Reviewed

_EXPLICIT = {
    SignalKind.CITATION_UP: ("judgement", 3, 1.0),
    SignalKind.CITATION_DOWN: ("judgement", 0, 1.0),
    SignalKind.MORE_LIKE_THIS: ("judgement", 2, 1.0),
    SignalKind.CITATION_CLICK: ("click", 1, 0.25),
    SignalKind.EDIT: ("edit", 3, 0.5),
}
REVIEW = "review"
"""The source of what a reviewer said."""
_BLAMES_SOURCES = frozenset({Reason.WRONG_SOURCE.value, Reason.NOT_ANSWERED.value})


@dataclass(frozen=True, slots=True)
class Target:
    """A passage that an act names. `grade` is 0 to 3, `weight` in [0, 1]; `listed` says that the shortlist had it."""

    passage_id: str
    grade: int
    weight: float
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that one person did about one answer. `key` is its signal's or its correction's."""

    key: str
    exchange: Exchange
    person: str
    at: datetime
    source: str
    family: str
    targets: tuple[Target, ...]


def about_answers(ledger: Ledger) -> tuple[dict[str, list[Signal]], dict[str, list[Correction]]]:
    """Return the signals and the corrections of each answer, by its id; answers without any give empty lists."""
    done: dict[str, list[Signal]] = defaultdict(list)
    for signal in ledger.signals:
        done[signal.answer_id].append(signal)
    suggested: dict[str, list[Correction]] = defaultdict(list)
    for correction in ledger.corrections:
        suggested[correction.answer_id].append(correction)
    return done, suggested


def reviewed_answers(ledger: Ledger) -> dict[str, list[Reviewed]]:
    """Return what reviewers said of each answer, by its id; answers without any give empty lists."""
    found: dict[str, list[Reviewed]] = defaultdict(list)
    for one in ledger.reviewed:
        found[one.answer_id].append(one)
    return found


def acts(ledger: Ledger, implicit: Mapping[str, float], blameless: frozenset[str]) -> Iterator[Act]:
    """Yield the acts of a ledger.

    `implicit` weighs behaviour (`implicit.weights`). `blameless` holds keys of Nos for which no passage is to blame.
    """
    done, suggested = about_answers(ledger)
    reviewed = reviewed_answers(ledger)
    for exchange in ledger.exchanges:
        about = done[exchange.answer.id]
        yield from _reviews(exchange, reviewed[exchange.answer.id])
        yield from _judgements(exchange, about, ledger.known, implicit)
        yield from _votes(exchange, about, blameless)
        yield from _behaviour(exchange, about, implicit)
        yield from _corrections(exchange, suggested[exchange.answer.id], ledger.sources)


def latest(done: Iterable[Act]) -> list[Act]:
    """Return the last act of each person, answer and family."""
    last: dict[tuple[str, str, str], Act] = {}
    for act in sorted(done, key=lambda act: (act.at, act.key)):
        last[act.person, act.exchange.answer.id, act.family] = act
    return list(last.values())


def _judgements(
    exchange: Exchange, done: Sequence[Signal], known: frozenset[str], implicit: Mapping[str, float]
) -> Iterator[Act]:
    hasty = quick_returns(done)
    for signal in done:
        if signal.kind not in _EXPLICIT or "correction" in signal.detail:  # a correction speaks for itself, below
            continue
        family, grade, weight = _EXPLICIT[signal.kind]
        if signal.kind is SignalKind.CITATION_CLICK:
            weight = 0.0 if signal.key in hasty else weight_of(Behaviour.CLICK, implicit)
        found = _named(exchange, signal.detail, known)
        targets = () if found is None or not weight else (Target(found[0], grade, weight, listed=found[1]),)
        where = targets[0].passage_id if targets else ""
        family = f"{family} {where}"
        yield Act(signal.key, exchange, signal.person, signal.at, signal.kind.value, family, targets)


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


def _votes(exchange: Exchange, done: Sequence[Signal], blameless: frozenset[str]) -> Iterator[Act]:
    for person, helped in live_votes(done).items():
        cast = [one for one in done if one.person == person and _is_vote(one)]
        reason = next((one.detail["reason"] for one in reversed(cast) if "reason" in one.detail), "")
        blames = reason in _BLAMES_SOURCES and cast[-1].key not in blameless
        targets = _cited(exchange, 2, 0.5) if helped else _blamed(exchange) if blames else ()
        source = SignalKind.THUMBS_UP if helped else SignalKind.THUMBS_DOWN
        yield Act(cast[-1].key, exchange, person, cast[-1].at, source.value, "vote", targets)


def _is_vote(signal: Signal) -> bool:
    pressed = signal.kind in (SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN)
    return pressed or (signal.kind is SignalKind.REACTION_ADDED and VOTE in signal.detail)


def _reviews(exchange: Exchange, said: Iterable[Reviewed]) -> Iterator[Act]:
    """Yield reviewers' words: "right" says as much as a yes, anything else blames no source in particular."""
    for one in said:
        targets = _cited(exchange, 2, 0.5) if one.verdict == "right" else ()
        yield Act(one.key, exchange, one.reviewer, one.at, REVIEW, "review", targets)


def _behaviour(exchange: Exchange, done: Sequence[Signal], implicit: Mapping[str, float]) -> Iterator[Act]:
    """Yield what people did as if the answer had helped; what they did as if not blames nobody in particular."""
    for kind, signal in behaviours(exchange.answer, done):
        weight = weight_of(kind, implicit)
        if kind in POSITIVE and kind is not Behaviour.CLICK and weight:
            targets = _cited(exchange, 1, weight)
            yield Act(signal.key, exchange, signal.person, signal.at, signal.kind.value, f"behaviour {kind}", targets)


def _cited(exchange: Exchange, grade: int, weight: float) -> tuple[Target, ...]:
    """Return the cited passages as helpful: the first at the grade and the weight, the others at 1 and half of it."""
    cited = _listed_citations(exchange)
    return tuple(Target(one, 1 if n else grade, weight / 2 if n else weight) for n, one in enumerate(cited))


def _blamed(exchange: Exchange) -> tuple[Target, ...]:
    return tuple(Target(one, 0, 0.5) for one in _listed_citations(exchange))


def _listed_citations(exchange: Exchange) -> list[str]:
    rows = _documents(exchange)
    unique = dict.fromkeys(one.passage_id for one in exchange.answer.citations)
    return [passage_id for passage_id in unique if passage_id in rows]


def _corrections(
    exchange: Exchange, suggested: Iterable[Correction], sources: Mapping[str, tuple[str, ...]]
) -> Iterator[Act]:
    rows = _documents(exchange)
    for correction in suggested:
        if correction.source is None or correction.state is CorrectionState.REJECTED:
            continue
        weight = 1.0 if correction.state is CorrectionState.APPROVED else 0.5
        named = sources.get(correction.id, ())
        listed = [one for one in rows if one in named]
        targets = tuple(Target(one, 3, weight, listed=bool(listed)) for one in (*listed, *named)[:1])
        yield Act(correction.id, exchange, correction.person, correction.at, "correction", "correction", targets)
