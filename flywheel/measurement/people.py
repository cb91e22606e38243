"""Tell what became of each answer for the people it was for, as far as they let anybody know.

    satisfied     most of its live votes say yes
    unsatisfied   at least half of them say no; or, without a vote, somebody asked again, gave up, asked for a person,
                  or called a source wrong
    answered      without a vote, a person answered instead: a reply in the thread, or a correction
    probably      without a vote, somebody used it: copied, shared or kept it, stayed with a source, praised one
    silent        nothing that says anything

Every answer is one of the five, the first that fits in this order: unsatisfied and satisfied by votes, answered,
unsatisfied, probably, silent. A follow-up question says too little either way. Silence is never success. Pure.
"""

from collections.abc import Sequence
from enum import StrEnum

from flywheel.curation.implicit import POSITIVE, Behaviour, behaviours
from flywheel.measurement.week import Share, share_by_person
from flywheel.measurement.window import Window
from flywheel.model import Signal, SignalKind
from flywheel.signals.votes import live_votes
from flywheel.store.ledger import Exchange


class Outcome(StrEnum):
    """What became of an answer."""

    SATISFIED = "satisfied"
    PROBABLY = "probably"
    UNSATISFIED = "unsatisfied"
    ANSWERED = "answered"
    SILENT = "silent"


_LEFT = frozenset({Behaviour.REGENERATE, Behaviour.ABANDON, Behaviour.ESCALATE})
_AGAINST = frozenset({SignalKind.CITATION_DOWN, SignalKind.REROUTE})
_FOR = frozenset({SignalKind.CITATION_UP, SignalKind.MORE_LIKE_THIS})


def shares(window: Window) -> dict[Outcome, Share]:
    """Return the share of each outcome among a window's answers; they add up to 1."""
    found = [(one.question.person, outcome(one, window.about[one.answer.id])) for one in window.exchanges]
    return {one: share_by_person((person, became is one) for person, became in found) for one in Outcome}


def outcome(exchange: Exchange, done: Sequence[Signal]) -> Outcome:
    """Return what became of an answer; `done` holds its signals, oldest first. A correction is one too: an edit."""
    votes = list(live_votes(done).values())
    if votes:
        return Outcome.SATISFIED if sum(votes) * 2 > len(votes) else Outcome.UNSATISFIED
    if any(_is_by_person(exchange, one) for one in done):
        return Outcome.ANSWERED
    shown = {kind for kind, _ in behaviours(exchange.answer, done)}
    kinds = {one.kind for one in done}
    if shown & _LEFT or kinds & _AGAINST:
        return Outcome.UNSATISFIED
    return Outcome.PROBABLY if shown & POSITIVE or kinds & _FOR else Outcome.SILENT


def _is_by_person(exchange: Exchange, signal: Signal) -> bool:
    if signal.kind is SignalKind.HUMAN_REPLY:
        return signal.person != exchange.question.person
    return signal.kind is SignalKind.EDIT
