"""Train a challenger and run it against the champion on questions that neither has seen.

Every learner has the same four verbs. Learners are tried independently, each against what serves now; of several
challengers for one place the gate lets the best serve.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from flywheel.learning import (
    adapter,
    cross_encoder,
    cross_encoder_training,
    fusion,
    lambdamart,
    memory,
    priors,
    query_tower,
    ranker,
    towers,
    verified_thresholds,
)
from flywheel.learning.examples import ExamplesLearner
from flywheel.learning.lesson import Lesson
from flywheel.learning.prompt import PromptLearner
from flywheel.learning.ranking import FUSED
from flywheel.learning.router_challenge import RouterLearner
from flywheel.learning.thresholds import ThresholdsLearner
from flywheel.learning.trial import Trial
from flywheel.retrieval.features import FEATURES

QUICK = frozenset({"fusion", "reranker"})
"""Learners that train in moments, so that they can be trained again without each of those who judged most."""
SEARCHING = frozenset({"adapter", "memory", "priors"})
"""Learners that search anew to be judged: the same is done for the `FEW` who judged most, up to `AGAIN` questions."""
FEW = 3
AGAIN = 1_500


class Learner(Protocol):
    """What every learner can do."""

    @property
    def NAME(self) -> str:  # noqa: N802  # learners are modules, and this is a constant of theirs
        """Return the learner's name in evidence and reports."""

    @property
    def SLOT(self) -> str:  # noqa: N802  # the same
        """Return the place that it serves in: the learner's name in the registry."""

    def enough(self, lesson: Lesson) -> tuple[bool, str]:
        """Tell whether a lesson can teach it, and say why not; with nothing to say it is not even mentioned."""

    def fit(self, lesson: Lesson) -> dict[str, object]:
        """Return an artefact, plain JSON; the same lesson gives the same one."""

    def evaluate(self, artefact: Mapping[str, object], lesson: Lesson) -> Trial:
        """Score what serves now, and the same with the artefact in its place."""

    def export(self, artefact: Mapping[str, object]) -> str:
        """Return the artefact's content hash."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A trained challenger and its trial; `seconds` tells how long training and evaluating took."""

    learner: str
    slot: str
    id: str
    artefact: Mapping[str, object]
    trial: Trial
    seconds: Mapping[str, float]


class Big(Protocol):
    """A learner whose training runs as a job of its own; `fit` brings what the newest finished one made."""

    @property
    def NAME(self) -> str:  # noqa: N802  # as above
        """Return the learner's name."""

    def due(self, lesson: Lesson) -> str:
        """Queue a training where there is enough to learn from, and say what was done."""


def big_ones() -> tuple[Big, ...]:
    """Return the learners whose trainings are jobs of their own."""
    return (query_tower, towers, cross_encoder_training)


def learners(lesson: Lesson) -> tuple[Learner, ...]:
    """Return all learners of a turn, the cheapest first; the cross-encoder's where one is switched on."""
    own: tuple[Learner, ...] = (
        fusion,
        ranker,
        lambdamart,
        adapter,
        memory,
        priors,
        verified_thresholds,
        RouterLearner(),
        ThresholdsLearner(lesson.credit, lesson.quarantined),
        ExamplesLearner(),
        PromptLearner(),
    )
    reading = cross_encoder.learner(lesson.core, lesson.champions.blend)
    trained: tuple[Learner, ...] = (query_tower, towers, cross_encoder_training)
    return (*own, *trained) if reading is None else (*own, reading, *trained)


def required_features() -> frozenset[str]:
    """Return the features that a stored shortlist must have for every learner to use it."""
    return frozenset({*FUSED, *FEATURES})


def challenge(learner: Learner, lesson: Lesson, clock: Callable[[], float] = time.perf_counter) -> Challenge:
    """Train on the older questions and score both sides on the newer ones; `clock` counts seconds."""
    began = clock()
    artefact = learner.fit(lesson)
    fitted = clock()
    trial = learner.evaluate(artefact, lesson)
    seconds = {"fit": round(fitted - began, 3), "evaluate": round(clock() - fitted, 3)}
    return Challenge(learner.NAME, learner.SLOT, learner.export(artefact), artefact, trial, seconds)
