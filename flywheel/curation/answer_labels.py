"""Say what signals mean for answers: good or bad, and what would have been better.

    act                        says                              weight
    a live yes, a live no      the answer is good, is bad         1.0
    correction, approved       bad, and its text is better        1.0
    correction, pending        the same                           0.5   as far as it changed the answer
    a reviewer's right, wrong  the answer is good, is bad         1.0
    behaviour                  good or bad                        what it foretold of votes so far (`implicit.py`)

A pair (a bad answer with a better text) is what a language model can be tuned on. Weights are multiplied by the
person's trust, and a person's word is set aside, as with passages (`labels.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flywheel.curation.acts import REVIEW, about_answers, reviewed_answers
from flywheel.curation.implicit import POSITIVE, behaviours, distance, weight_of
from flywheel.curation.labels import LabelState, Rules, capped
from flywheel.model import Correction, CorrectionState, Signal, SignalKind
from flywheel.signals.votes import live_votes
from flywheel.store.ledger import Exchange, Ledger
from flywheel.store.review_verdicts import Reviewed

_GOOD = {"right": True, "wrong": False}


@dataclass(frozen=True, slots=True)
class AnswerLabel:
    """What one act says about one answer; `weight` in (0, 1]. `better` is the text that should stand in its place."""

    act: str
    question_id: str
    answer_id: str
    good: bool
    weight: float
    source: str
    person: str
    at: datetime
    better: str | None = None
    trust: float = 1.0
    state: LabelState = LabelState.COUNTED

    @property
    def key(self) -> str:
        """Return what tells it from all others."""
        return f"{self.act} answer"


def of_answers(ledger: Ledger, rules: Rules) -> list[AnswerLabel]:
    """Return the labels of all answers, oldest first, whatever their state."""
    done, suggested = about_answers(ledger)
    reviewed = reviewed_answers(ledger)
    said = [
        label
        for exchange in ledger.exchanges
        for label in (
            *_of_answer(exchange, done[exchange.answer.id], suggested[exchange.answer.id], rules),
            *_of_reviewers(exchange, reviewed[exchange.answer.id]),
        )
    ]
    within = {one.key for one in capped(said)}
    judged = (_judged(one, rules, is_capped=one.key not in within) for one in said)
    return sorted(judged, key=lambda one: (one.at, one.answer_id, one.person, one.act))


def _judged(label: AnswerLabel, rules: Rules, *, is_capped: bool) -> AnswerLabel:
    trust = rules.trust.weight(label.person)
    state = rules.state(label.key, label.person, capped=is_capped)
    return replace(label, weight=label.weight * trust, trust=trust, state=state)


def _of_reviewers(exchange: Exchange, said: Sequence[Reviewed]) -> Iterator[AnswerLabel]:
    """Yield what reviewers said; "partly" and "cannot tell" say neither."""
    for one in said:
        if one.verdict in _GOOD:
            about = one.key, exchange.question.id, exchange.answer.id, _GOOD[one.verdict]
            yield AnswerLabel(*about, 1.0, REVIEW, one.reviewer, one.at)


def _of_answer(
    exchange: Exchange, done: Sequence[Signal], suggested: Sequence[Correction], rules: Rules
) -> Iterator[AnswerLabel]:
    ids = exchange.question.id, exchange.answer.id
    for person, helped in live_votes(done).items():
        last = [one for one in done if one.person == person][-1]
        kind = SignalKind.THUMBS_UP if helped else SignalKind.THUMBS_DOWN
        yield AnswerLabel(last.key, *ids, helped, 1.0, kind.value, person, last.at)
    for one in suggested:
        if one.state is not CorrectionState.REJECTED:
            changed = distance(exchange.answer.text, one.text)
            weight = 1.0 if one.state is CorrectionState.APPROVED else max(0.1, changed / 2)
            bad = AnswerLabel(
                one.id, *ids, good=False, weight=weight, source="correction", person=one.person, at=one.at
            )
            yield replace(bad, better=one.text)
    for behaviour, signal in behaviours(exchange.answer, done):
        weight = weight_of(behaviour, rules.implicit)
        if weight:
            yield AnswerLabel(
                signal.key, *ids, behaviour in POSITIVE, weight, behaviour.value, signal.person, signal.at
            )
