"""From a ledger to its labels, with everything that stands between: trust, behaviour, doubts.

The order matters. Who can be trusted is judged by explicit words alone, uncapped, so that a flood tells on its sender;
what behaviour means, by the votes of those who can; what is doubted, by the trusted alone. The same ledger, truths and
vectors give the same labels.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from flywheel.curation import doubts, honeypots, implicit, labels, routes, trust
from flywheel.curation.implicit import Weight
from flywheel.curation.labels import Label, Labelling, Rules
from flywheel.curation.opinions import Asked, Opinion
from flywheel.curation.routes import RouteLabel, Routes
from flywheel.curation.trust import Trust
from flywheel.model import SignalKind, VerifiedAnswer
from flywheel.ports import Vectors
from flywheel.store.ledger import Ledger

_WORDS = frozenset({
    SignalKind.CITATION_UP.value,
    SignalKind.CITATION_DOWN.value,
    SignalKind.MORE_LIKE_THIS.value,
    SignalKind.THUMBS_UP.value,
    SignalKind.THUMBS_DOWN.value,
    SignalKind.EDIT.value,
    "correction",
})  # fmt: skip
"""What people say; what they only do is no opinion."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a turn learns from, and how it came about. `beliefs` are those of the doubted labels, by key."""

    passages: Labelling
    routes: Routes
    rules: Rules
    weights: Mapping[str, Weight]
    beliefs: Mapping[str, float] = field(default_factory=dict)

    @property
    def trust(self) -> Trust:
        """Return every person's standing."""
        return self.rules.trust


@dataclass(frozen=True, slots=True)
class Told:
    """What people have decided that no ledger says.

    `blameless` as in `Rules`; `upheld` are doubted labels that a reviewer found right; `cleared` persons let out of
    quarantine.
    """

    blameless: frozenset[str] = frozenset()
    upheld: frozenset[str] = frozenset()
    cleared: frozenset[str] = frozenset()


def label(
    ledger: Ledger,
    encode: Callable[[Sequence[str]], Vectors],
    verified: Iterable[VerifiedAnswer] = (),
    told: Told = Told(),
) -> Labelled:
    """Return the labels of a ledger; `verified` are the answers that serve, `encode` gives one unit vector per text."""
    rules = Rules(blameless=told.blameless)
    said, routed = labels.curate(ledger, rules), routes.curate(ledger, rules)
    truths, wordings = honeypots.of_verified(verified)
    truths += honeypots.of_corrections(ledger)
    topics = _topics(said, routed, truths, _asked(ledger, said, routed, wordings, encode))
    judged = replace(trust.judge(topics), cleared=told.cleared)
    weights = implicit.weights(ledger, judged.quarantined)
    beliefs = {
        key: belief
        for opinions, asked in topics
        for key, belief in doubts.doubted(opinions, asked, judged).items()
        if key not in told.upheld
    }
    rules = replace(
        rules,
        trust=judged,
        implicit={name: one.value for name, one in weights.items()},
        doubted=frozenset(beliefs),
    )
    passages = labels.curate(ledger, rules, said.snapshot)
    return Labelled(passages, routes.curate(ledger, rules), rules, weights, beliefs)


def _topics(
    said: Labelling, routed: Routes, truths: Sequence[Opinion], asked: Asked
) -> list[tuple[list[Opinion], Asked]]:
    """Return the opinions on passages and those on routes; the index says nothing about the latter."""
    passages = [_of_passage(one) for one in (*said.labels, *said.set_aside) if one.source in _WORDS and one.grade != 1]
    return [
        ([*passages, *truths], asked),
        ([_of_route(one) for one in (*routed.labels, *routed.set_aside)], replace(asked, listed={})),
    ]


def _of_passage(one: Label) -> Opinion:
    return Opinion(one.key, one.person, one.question_id, one.passage_id, holds=one.grade > 0)


def _of_route(one: RouteLabel) -> Opinion:
    return Opinion(one.key, one.person, one.question_id, one.retriever.value)


def _asked(
    ledger: Ledger,
    said: Labelling,
    routed: Routes,
    wordings: Mapping[str, str],
    encode: Callable[[Sequence[str]], Vectors],
) -> Asked:
    """Return the vectors of the questions that people said something about, and how the index rated their passages."""
    wanted = {one.question_id for one in (*said.labels, *said.set_aside)}
    wanted |= {one.question_id for one in (*routed.labels, *routed.set_aside)}
    questions = {one.question.id: one for one in ledger.exchanges if one.question.id in wanted}
    texts = {name: one.question.standalone or one.question.text for name, one in questions.items()} | dict(wordings)
    unique = sorted(set(texts.values()))
    vectors = dict(zip(unique, encode(unique) if unique else np.zeros((0, 0), dtype=np.float32), strict=True))
    listed = {
        name: {row.passage_id: row.features["dense"] for row in one.shortlist if "dense" in row.features}
        for name, one in questions.items()
    }
    return Asked({name: vectors[text] for name, text in texts.items()}, listed)
