"""Say what signals mean for ranking: grades for (question, passage), each with a weight, a person and a source.

    act                          passage                grade   weight
    citation_up                  the one named            3      1.00   explicit
    citation_down                the one named            0      1.00   explicit
    more_like_this               the one named            2      1.00   explicit
    correction, approved         the one it names         3      1.00   explicit
    correction, pending; edit    the one it names         3      0.50   one person's word
    citation_click               the one opened           1      0.25   as far as clicks foretold votes
    a live yes                   the first one cited      2      0.50   the answer helped; these passages made it
                                 the others cited         1      0.25
    copied, shared               as a yes                 1      0.25   as far as it foretold votes
    a live no: wrong source      those cited              0      0.50   never held against passages not cited
    or not answered
    a reviewer's "right"         as a yes                 2      0.50   "wrong" blames nobody in particular

Of one person's acts of a family on one passage of an answer, the last counts. Each weight is multiplied by the
person's trust. What does not count keeps its label with its *state*: over the cap per person and window, by somebody in
quarantine, doubted. A passage outside of the stored shortlist can make no ranking row; it is kept, `listed` false,
because it says what retrieval missed. Pure: a ledger and rules in, labels out.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from flywheel.curation.acts import Act, acts, latest
from flywheel.curation.trust import Trust
from flywheel.store.ledger import Exchange, Ledger

CAP_VOTES = 20
CAP_SHARE = 0.02
"""One person counts at most 20 times, or for 2 % of the window; 200 votes of one attacker among 1,200 halved recall
without it, and 20 restored most of it (measured on CLINC150 with one attacker and 50 honest people)."""
WINDOW_DAYS = 30
"""Votes are capped within each of these many days, counted from the calendar's first."""
SMALL_GROUP = 10


class LabelState(StrEnum):
    """What became of a label; only `COUNTED` ones train."""

    COUNTED = "counted"
    CAPPED = "capped"
    QUARANTINED = "quarantined"
    DOUBTED = "doubted"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a ledger is read with: people's trust, what behaviour weighs, which labels are doubted, who is not blamed.

    `implicit` is the weight of each behaviour by its name; `doubted` holds labels' keys; `blameless` the keys of Nos
    for which no passage is to blame, because the writing or the knowledge was.
    """

    trust: Trust = field(default_factory=Trust)
    implicit: Mapping[str, float] = field(default_factory=dict)
    doubted: frozenset[str] = frozenset()
    blameless: frozenset[str] = frozenset()

    def state(self, key: str, person: str, *, capped: bool) -> LabelState:
        """Return what becomes of a person's label; quarantine comes first, then the cap."""
        if self.trust.is_quarantined(person):
            return LabelState.QUARANTINED
        if capped:
            return LabelState.CAPPED
        return LabelState.DOUBTED if key in self.doubted else LabelState.COUNTED


@dataclass(frozen=True, slots=True)
class Label:
    """What one act says about one passage for one question. `grade` is 0 to 3.

    `weight` is that of its source times `trust` where the others know the person; both lie in (0, 1]. `act` is the key
    of the signal or correction.
    """

    question_id: str
    answer_id: str
    passage_id: str
    grade: int
    weight: float
    source: str
    person: str
    at: datetime
    listed: bool
    act: str = ""
    trust: float = 1.0
    state: LabelState = LabelState.COUNTED

    @property
    def key(self) -> str:
        """Return what tells the label from all others."""
        return f"{self.act} {self.passage_id}"


@dataclass(frozen=True, slots=True)
class Labelling:
    """The labels of a snapshot. `left_out` counts acts that make none, by reason; `snapshot` is a SHA-256.

    `labels` count; `set_aside` are those that do not, each with its state.
    """

    labels: tuple[Label, ...]
    left_out: Mapping[str, int]
    snapshot: str
    acts: int
    set_aside: tuple[Label, ...] = ()


def curate(ledger: Ledger, rules: Rules | None = None, name: str = "") -> Labelling:
    """Return the labels that a ledger gives, in an order that does not depend on how it was read.

    `name` is the ledger's snapshot where that is known already: computing it reads every shortlist.
    """
    rules = rules or Rules()
    done = list(acts(ledger, rules.implicit, rules.blameless))
    named = [act for act in done if act.targets]
    last = latest(named)
    within = {act.key for act in capped(last)}
    every = sorted(
        (label for act in last for label in _labels(act, rules, capped=act.key not in within)),
        key=lambda label: (label.question_id, label.passage_id, label.at, label.person, label.source, label.act),
    )
    counted = tuple(label for label in every if label.state is LabelState.COUNTED)
    set_aside = tuple(label for label in every if label.state is not LabelState.COUNTED)
    left_out = {
        "says nothing about a known passage": len(done) - len(named),
        "replaced by a later act": len(named) - len(last),
        **aside(set_aside),
    }
    return Labelling(counted, left_out, name or snapshot(ledger), len(done), set_aside)


class Judged(Protocol):
    """A label of whatever kind."""

    @property
    def act(self) -> str:
        """Return the key of the act that it comes from."""

    @property
    def state(self) -> LabelState:
        """Return what became of it."""


def aside(labels: Iterable[Judged]) -> dict[str, int]:
    """Return how many acts do not count, by reason."""
    of_state: dict[LabelState, set[str]] = defaultdict(set)
    for label in labels:
        of_state[label.state].add(label.act)
    return {
        "over the cap per person": len(of_state[LabelState.CAPPED]),
        "by somebody in quarantine": len(of_state[LabelState.QUARANTINED]),
        "doubted": len(of_state[LabelState.DOUBTED]),
    }


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
        *(["reviewed", one.key, one.answer_id, one.verdict, one.at.isoformat()] for one in ledger.reviewed),
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


class Done(Protocol):
    """One thing that one person did."""

    @property
    def person(self) -> str:
        """Return who did it."""

    @property
    def key(self) -> str:
        """Return what tells it from all others."""

    @property
    def at(self) -> datetime:
        """Return when it was done."""


_Done = TypeVar("_Done", bound=Done)


def capped(done: Iterable[_Done]) -> list[_Done]:
    """Keep at most `cap` acts of a person in each window, drawn by the hash of their keys: the same each time."""
    windows: dict[int, list[_Done]] = defaultdict(list)
    for act in done:
        windows[act.at.toordinal() // WINDOW_DAYS].append(act)
    return [act for within in windows.values() for act in _drawn(within)]


def _drawn(done: list[_Done]) -> Iterator[_Done]:
    most = cap(len(done), len({act.person for act in done}))
    used: Counter[str] = Counter()
    for act in sorted(done, key=lambda act: hashlib.sha256(act.key.encode()).hexdigest()):
        used[act.person] += 1
        if used[act.person] <= most:
            yield act


def _labels(act: Act, rules: Rules, *, capped: bool) -> Iterator[Label]:
    trust = rules.trust.weight(act.person)
    for one in act.targets:
        label = Label(
            question_id=act.exchange.question.id,
            answer_id=act.exchange.answer.id,
            passage_id=one.passage_id,
            grade=one.grade,
            weight=one.weight * trust,
            source=act.source,
            person=act.person,
            at=act.at,
            listed=one.listed,
            act=act.key,
            trust=trust,
        )
        yield replace(label, state=rules.state(label.key, act.person, capped=capped))
