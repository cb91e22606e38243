"""Say what signals mean for routing: which retriever a question needed.

    act                                   retriever                              weight
    reroute (“look in …”)                 the one chosen                          1.0
    a live yes to an answer               that of the first passage it cites      0.5

A no says nothing about where to look. Verified answers are looked up for every question, so they are no route. Of one
person's acts on a question the last counts, and nobody counts more often than `labels.cap` allows. A question's label
is the retriever with most weight; what people do not agree on (an even split) is left out. Pure: a ledger in, labelled
questions out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flywheel.curation.dataset import Group, thread_of
from flywheel.curation.labels import cap, capped
from flywheel.model import KIND_OF, Retriever, Signal, SignalKind
from flywheel.signals.votes import live_votes
from flywheel.store.ledger import Exchange, Ledger

REROUTE_WEIGHT, YES_WEIGHT = 1.0, 0.5
_ROUTES = frozenset({*KIND_OF, Retriever.PEOPLE})


@dataclass(frozen=True, slots=True)
class RouteLabel:
    """What one act says about the route of one question; `weight` in (0, 1]."""

    question_id: str
    retriever: Retriever
    weight: float
    source: str
    person: str
    at: datetime

    @property
    def key(self) -> str:
        """Return what tells the act from all others: a person's word on a question."""
        return f"{self.person} {self.question_id}"


@dataclass(frozen=True, slots=True)
class RoutedQuestion:
    """A question with the route that people gave it. `person` is the one whose word weighs most."""

    group: Group
    label: Retriever
    weight: float


@dataclass(frozen=True, slots=True)
class Routes:
    """The routed questions of a ledger, oldest first; `left_out` counts acts and questions by reason."""

    questions: tuple[RoutedQuestion, ...]
    labels: tuple[RouteLabel, ...]
    left_out: Mapping[str, int]

    @classmethod
    def nothing(cls) -> "Routes":
        """Return what a ledger gives in which nobody said anything about routes."""
        return cls((), (), {})


def curate(ledger: Ledger) -> Routes:
    """Return the questions whose route people have said something about."""
    exchanges = {one.question.id: one for one in ledger.exchanges}
    said = list(_acts(ledger))
    latest = {(one.person, one.question_id): one for one in sorted(said, key=lambda one: (one.at, one.source))}
    acts = list(latest.values())
    counted = sorted(capped(acts, cap(len(acts), len({one.person for one in acts}))), key=_in_time)
    by_question: dict[str, list[RouteLabel]] = defaultdict(list)
    for label in counted:
        by_question[label.question_id].append(label)
    made = [_routed(exchanges[one], labels) for one, labels in by_question.items()]
    agreed = sorted((one for one in made if one), key=lambda one: (one.group.asked_at, one.group.question_id))
    left_out = {
        "replaced by a later act": len(said) - len(latest),
        "over the cap per person": len(latest) - len(counted),
        "people do not agree": len(made) - len(agreed),
    }
    return Routes(tuple(agreed), tuple(counted), left_out)


def _acts(ledger: Ledger) -> Iterator[RouteLabel]:
    done: dict[str, list[Signal]] = defaultdict(list)
    for signal in ledger.signals:
        done[signal.answer_id].append(signal)
    for exchange in ledger.exchanges:
        about = done[exchange.answer.id]
        yield from _rerouted(exchange, about)
        yield from _liked(exchange, about)


def _rerouted(exchange: Exchange, about: Sequence[Signal]) -> Iterator[RouteLabel]:
    for signal in about:
        named = signal.detail.get("retriever", "")
        if signal.kind is SignalKind.REROUTE and named in {one.value for one in _ROUTES}:
            chosen = Retriever(named)
            yield RouteLabel(exchange.question.id, chosen, REROUTE_WEIGHT, signal.kind.value, signal.person, signal.at)


def _liked(exchange: Exchange, about: Sequence[Signal]) -> Iterator[RouteLabel]:
    retriever = _first_cited(exchange)
    if retriever is None:
        return
    for person, helped in live_votes(about).items():
        if helped:
            at = max(one.at for one in about if one.person == person)
            yield RouteLabel(exchange.question.id, retriever, YES_WEIGHT, SignalKind.THUMBS_UP.value, person, at)


def _first_cited(exchange: Exchange) -> Retriever | None:
    if exchange.answer.verified_answer_id is not None:
        return None
    found = {row.passage_id: row.retriever for row in exchange.shortlist}
    cited = [found[one.passage_id] for one in exchange.answer.citations if one.passage_id in found]
    return cited[0] if cited and cited[0] in _ROUTES else None


def _in_time(act: RouteLabel) -> tuple[datetime, str, str]:
    return act.at, act.question_id, act.person


def _routed(exchange: Exchange, labels: Sequence[RouteLabel]) -> RoutedQuestion | None:
    weights: Counter[Retriever] = Counter()
    for one in labels:
        weights[one.retriever] += one.weight  # type: ignore[assignment]  # a Counter adds fractions as well
    (best, weight), *rest = weights.most_common()
    if rest and rest[0][1] >= weight:
        return None
    first = max((one for one in labels if one.retriever is best), key=lambda one: (one.weight, one.person))
    question = exchange.question
    text = question.standalone or question.text
    return RoutedQuestion(
        Group(question.id, text, first.person, question.asked_at, thread_of(question), ()),
        best,
        min(1.0, float(weight)),
    )
