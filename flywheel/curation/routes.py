"""Say what signals mean for routing: which retriever a question needed.

    act                                   retriever                              weight
    reroute (“look in …”)                 the one chosen                          1.0
    a live yes to an answer               that of the first passage it cites      0.5

A no says nothing about where to look. Verified answers are looked up for every question, so they are no route. Of one
person's acts on a question the last counts; each weight is multiplied by the person's trust, and what does not count
(over the cap, quarantine, doubt) is set aside as with passages (`labels.py`). A question's label is the retriever with
most weight; what people do not agree on (an even split) is left out. Pure: a ledger and rules in, labelled questions
out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flywheel.curation.acts import about_answers
from flywheel.curation.dataset import Group, thread_of
from flywheel.curation.labels import LabelState, Rules, aside, capped
from flywheel.model import KIND_OF, Retriever, Signal, SignalKind
from flywheel.signals.votes import live_votes
from flywheel.store.ledger import Exchange, Ledger

REROUTE_WEIGHT, YES_WEIGHT = 1.0, 0.5
_ROUTES = frozenset({*KIND_OF, Retriever.PEOPLE})


@dataclass(frozen=True, slots=True)
class RouteLabel:
    """What one act says about the route of one question; `weight` in (0, 1] is its source's times the trust."""

    question_id: str
    retriever: Retriever
    weight: float
    source: str
    person: str
    at: datetime
    answer_id: str = ""
    trust: float = 1.0
    state: LabelState = LabelState.COUNTED

    @property
    def key(self) -> str:
        """Return what tells the act from all others: a person's word on a question."""
        return f"{self.person} {self.question_id}"

    @property
    def act(self) -> str:
        """Return the same: an act makes one label here."""
        return self.key


@dataclass(frozen=True, slots=True)
class RoutedQuestion:
    """A question with the route that people gave it. `person` is the one whose word weighs most."""

    group: Group
    label: Retriever
    weight: float


@dataclass(frozen=True, slots=True)
class Routes:
    """The routed questions of a ledger, oldest first; `left_out` counts acts and questions by reason.

    `labels` count; `set_aside` are those that do not, each with its state.
    """

    questions: tuple[RoutedQuestion, ...]
    labels: tuple[RouteLabel, ...]
    left_out: Mapping[str, int]
    set_aside: tuple[RouteLabel, ...] = ()

    @classmethod
    def nothing(cls) -> "Routes":
        """Return what a ledger gives in which nobody said anything about routes."""
        return cls((), (), {})


def curate(ledger: Ledger, rules: Rules | None = None) -> Routes:
    """Return the questions whose route people have said something about."""
    exchanges = {one.question.id: one for one in ledger.exchanges}
    said = list(_acts(ledger))
    latest = {(one.person, one.question_id): one for one in sorted(said, key=lambda one: (one.at, one.source))}
    every = sorted(_judged(list(latest.values()), rules or Rules()), key=_in_time)
    counted = [one for one in every if one.state is LabelState.COUNTED]
    set_aside = tuple(one for one in every if one.state is not LabelState.COUNTED)
    by_question: dict[str, list[RouteLabel]] = defaultdict(list)
    for label in counted:
        by_question[label.question_id].append(label)
    made = [_routed(exchanges[one], labels) for one, labels in by_question.items()]
    agreed = sorted((one for one in made if one), key=lambda one: (one.group.asked_at, one.group.question_id))
    left_out = {
        "replaced by a later act": len(said) - len(latest),
        **aside(set_aside),
        "people do not agree": len(made) - len(agreed),
    }
    return Routes(tuple(agreed), tuple(counted), left_out, set_aside)


def _judged(said: Sequence[RouteLabel], rules: Rules) -> Iterator[RouteLabel]:
    within = {one.key for one in capped(said)}
    for one in said:
        trust, state = rules.trust.weight(one.person), rules.state(one.key, one.person, capped=one.key not in within)
        yield replace(one, weight=one.weight * trust, trust=trust, state=state)


def _acts(ledger: Ledger) -> Iterator[RouteLabel]:
    done, _ = about_answers(ledger)
    for exchange in ledger.exchanges:
        about = done[exchange.answer.id]
        yield from _rerouted(exchange, about)
        yield from _liked(exchange, about)


def _rerouted(exchange: Exchange, about: Sequence[Signal]) -> Iterator[RouteLabel]:
    for signal in about:
        named = signal.detail.get("retriever", "")
        if signal.kind is SignalKind.REROUTE and named in {one.value for one in _ROUTES}:
            label = _label(exchange, Retriever(named), signal.person, signal.at)
            yield replace(label, weight=REROUTE_WEIGHT, source=signal.kind.value)


def _liked(exchange: Exchange, about: Sequence[Signal]) -> Iterator[RouteLabel]:
    retriever = _first_cited(exchange)
    if retriever is None:
        return
    for person, helped in live_votes(about).items():
        if helped:
            yield _label(exchange, retriever, person, max(one.at for one in about if one.person == person))


def _label(exchange: Exchange, retriever: Retriever, person: str, at: datetime) -> RouteLabel:
    return RouteLabel(
        question_id=exchange.question.id,
        retriever=retriever,
        weight=YES_WEIGHT,
        source=SignalKind.THUMBS_UP.value,
        person=person,
        at=at,
        answer_id=exchange.answer.id,
    )


def _first_cited(exchange: Exchange) -> Retriever | None:
    if exchange.answer.verified_answer_id is not None:
        return None
    found = {row.passage_id: row.retriever for row in exchange.shortlist}
    cited = [found[one.passage_id] for one in exchange.answer.citations if one.passage_id in found]
    return cited[0] if cited and cited[0] in _ROUTES else None


def _in_time(act: RouteLabel) -> tuple[datetime, str, str]:
    return act.at, act.question_id, act.person


def _routed(exchange: Exchange, labels: Sequence[RouteLabel]) -> RoutedQuestion | None:
    weights: dict[Retriever, float] = defaultdict(float)
    for one in labels:
        weights[one.retriever] += one.weight
    (best, weight), *rest = sorted(weights.items(), key=lambda item: -item[1])
    if rest and rest[0][1] >= weight:
        return None
    first = max((one for one in labels if one.retriever is best), key=lambda one: (one.weight, one.person))
    question = exchange.question
    text = question.standalone or question.text
    return RoutedQuestion(
        Group(question.id, text, first.person, question.asked_at, thread_of(question), ()),
        best,
        min(1.0, weight),
    )
