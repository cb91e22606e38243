"""Train a challenger and run it against the champion on questions that neither has seen.

Every learner has the same four verbs. Learners are tried independently, each against the pipeline that serves now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.curation.dataset import Group
from flywheel.curation.split import Split
from flywheel.learning import cross_encoder, fusion, ranker
from flywheel.learning.gate import Decision, Trial, Verdict
from flywheel.learning.ranking import FUSED, Pipeline, Scores, evaluate
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.features import FEATURES


class Learner(Protocol):
    """What every learner can do."""

    @property
    def NAME(self) -> str:  # noqa: N802  # learners are modules, and this is a constant of theirs
        """Return the learner's name in the registry."""

    def enough(self, questions: int) -> tuple[bool, str]:
        """Tell whether so many questions can teach it, and say why not."""

    def fit(self, train: Sequence[Group], champion: Pipeline) -> dict[str, object]:
        """Return an artefact, plain JSON; the same questions and champion give the same one."""

    def evaluate(self, artefact: Mapping[str, object], champion: Pipeline, heldout: Sequence[Group]) -> Scores:
        """Score the champion's pipeline with the artefact in its place."""

    def export(self, artefact: Mapping[str, object]) -> str:
        """Return the artefact's content hash."""


@runtime_checkable
class Guarded(Protocol):
    """A learner that stands on top of the pipeline, with a cost of its own."""

    def standing(self, champion: Pipeline, heldout: Sequence[Group]) -> Scores:
        """Score what serves now, with what serves of this learner's."""

    def facts(self) -> dict[str, object]:
        """Return what was measured beside the scores, as plain JSON."""

    def objection(self) -> str:
        """Return why the challenger may not serve whatever it gains, or nothing."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A trained challenger, and both sides' scores on each held-out question.

    `facts` were measured beside them; `objection` says why it may not serve whatever it gains, or is empty.
    """

    learner: str
    id: str
    artefact: Mapping[str, object]
    champion: Scores
    challenger: Scores
    facts: Mapping[str, object] = field(default_factory=dict)
    objection: str = ""


def learners(core: Core, champions: Champions) -> tuple[Learner, ...]:
    """Return all learners, the cheapest first; the cross-encoder's where one is switched on."""
    reading = cross_encoder.learner(core, champions.blend)
    return (fusion, ranker) if reading is None else (fusion, ranker, reading)


def required_features() -> frozenset[str]:
    """Return the features that a stored shortlist must have for every learner to use it."""
    return frozenset({*FUSED, *FEATURES})


def challenge(learner: Learner, split: Split, champion: Pipeline) -> Challenge:
    """Train on the older questions and score both sides on the newer ones."""
    artefact = learner.fit(split.train, champion)
    made = Challenge(
        learner=learner.NAME,
        id=learner.export(artefact),
        artefact=artefact,
        champion=evaluate(champion, split.heldout),
        challenger=learner.evaluate(artefact, champion, split.heldout),
    )
    if not isinstance(learner, Guarded):
        return made
    standing = learner.standing(champion, split.heldout)
    return replace(made, champion=standing, facts=learner.facts(), objection=learner.objection())


def guarded(made: Challenge, verdict: Verdict) -> Verdict:
    """Hold a challenger that something beside its scores speaks against."""
    if not made.objection or verdict.decision is Decision.HELD:
        return verdict
    return replace(verdict, decision=Decision.HELD, reason=f"{made.objection} {verdict.reason}")


def trial(made: Challenge, split: Split) -> Trial:
    """Return a challenge as the gate wants it."""
    return Trial(made.learner, made.champion.ndcg, made.challenger.ndcg, persons(split), seen(split))


def persons(split: Split) -> NDArray[np.int64]:
    """Return a number for the person behind each held-out question, counted from 0 in order of appearance."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(one.person, len(numbers)) for one in split.heldout], dtype=np.int64)


def seen(split: Split) -> NDArray[np.bool_]:
    """Tell for each held-out question whether a passage it wants was a target in training."""
    trained = frozenset[str]().union(*(one.targets for one in split.train))
    return np.array([not trained.isdisjoint(one.targets) for one in split.heldout], dtype=np.bool_)
