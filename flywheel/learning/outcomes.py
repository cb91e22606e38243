"""Which answers were right, as people say: what the thresholds learn from.

Votes tell it of an answer; of a question that was not answered the credit of its complaints does: the right passage was
among the first, or what was found could not have answered. A No that blames the writing or the age of a source says
nothing about confidence. Only answers whose stored confidence came from the shortlist count, not those of specialists
with a confidence of their own, of approved answers, of what only the memory was sure of, or from where a person chose
to look; and only where it is known which thresholds served, so that their recalibration can be taken back.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flywheel.answering import abstaining, extractive
from flywheel.answering.decide import Thresholds
from flywheel.answering.research import ROW_ALONE
from flywheel.curation.labels import capped
from flywheel.model import Reason, Signal, SignalKind
from flywheel.store import releases
from flywheel.store.credits import Attribution, Part
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange, Ledger

SLOT = "thresholds"
_WRITERS = frozenset({"grounded", extractive.WRITER, abstaining.WRITER})
_BELIEVED = frozenset({Part.ROUTER, Part.RETRIEVAL, Part.RANKING, Part.KNOWLEDGE})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question whose outcome is known: the raw log-odds of its confidence, and whether an answer is right.

    `person` is the one whose word decided, `key` and `at` are those of the act.
    """

    exchange: Exchange
    log_odds: float
    right: bool
    person: str
    key: str
    at: datetime


def lines_served(db: Session) -> dict[float, Thresholds]:
    """Return every line that ever served with the thresholds it belongs to; one that belongs to two is left out."""
    known: dict[float, set[Thresholds]] = defaultdict(set)
    for one in (Thresholds(), *(of_artefact(one.artefact) for one in releases.history(db, SLOT))):
        known[one.answer].add(one)
    return {line: next(iter(its)) for line, its in known.items() if len(its) == 1}


def of_artefact(artefact: Mapping[str, object]) -> Thresholds:
    """Return the thresholds in an artefact of this learner."""
    values = {name: value for name, value in artefact.items() if isinstance(value, int | float)}
    return Thresholds(float(values["answer"]), float(values["slope"]), float(values["intercept"]))


def outcomes(ledger: Ledger, credit: Mapping[str, Attribution], lines: Mapping[float, Thresholds]) -> list[Outcome]:
    """Return the questions whose outcome people told, oldest first, nobody deciding more than their share."""
    by_answer: dict[str, list[Attribution]] = defaultdict(list)
    signals = {one.key: one for one in ledger.signals}
    for key, one in credit.items():
        if key in signals:
            by_answer[one.answer_id].append(one)
    newest = {one.question.id: one for one in ledger.exchanges if not one.answer.routing.asked_for}
    found = []
    for exchange in newest.values():
        log_odds = _raw(exchange, lines)
        verdict = _verdict(exchange, by_answer[exchange.answer.id], signals)
        if log_odds is not None and verdict is not None:
            found.append(
                Outcome(exchange, log_odds, verdict[0], verdict[1].person, verdict[1].signal_key, verdict[1].at)
            )
    return sorted(capped(found), key=lambda one: (one.exchange.question.asked_at, one.exchange.question.id))


def _raw(exchange: Exchange, lines: Mapping[float, Thresholds]) -> float | None:
    """Return the log-odds before recalibration; None where the confidence is not that of the shortlist."""
    answer = exchange.answer
    served, stored = lines.get(answer.routing.line), answer.confidence
    own = answer.versions.get("writer") in _WRITERS and answer.verified_answer_id is None
    if served is None or not own or not 0 < stored < 1 or stored == ROW_ALONE:
        return None
    if any(math.isclose(row.features.get("remembered", 0.0), stored) for row in exchange.shortlist):
        return None
    if answer.abstained != (stored < served.answer):  # the writer, not the line, decided
        return None
    return (math.log(stored / (1 - stored)) - served.intercept) / served.slope


def _verdict(
    exchange: Exchange, credit: Iterable[Attribution], signals: Mapping[str, Signal]
) -> tuple[bool, Attribution] | None:
    """Return whether an answer is right, and whose word says so; None where nobody can tell or they do not agree."""
    said: dict[bool, list[Attribution]] = {True: [], False: []}
    for one in credit:
        right = _of_abstention(one) if exchange.answer.abstained else _of_answer(one, signals[one.signal_key])
        if right is not None:
            said[right].append(one)
    counted = Counter({right: len({one.person for one in its}) for right, its in said.items()})
    if counted[True] == counted[False]:
        return None
    right = counted[True] > counted[False]
    return right, min(said[right], key=lambda one: (one.at, one.signal_key))


def _of_answer(one: Attribution, signal: Signal) -> bool | None:
    if signal.kind not in (SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN, SignalKind.REACTION_ADDED):
        return None
    if one.helped:
        return True
    return None if one.part is Part.WRITING or signal.detail.get("reason") == Reason.OUTDATED else False


def _of_abstention(one: Attribution) -> bool | None:
    """Judge by credit: the right passage was among the first, or what was found could not have answered."""
    if one.helped or one.part is Part.NONE:
        return None
    return True if one.part is Part.WRITING else False if one.part in _BELIEVED else None
