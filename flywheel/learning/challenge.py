"""Train a challenger and run it against the champion on questions that neither has seen.

Every learner has the same four verbs. Learners are tried independently, each against what serves now; of several
challengers for one place the gate lets the best serve.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from flywheel.learning import cross_encoder, fusion, ranker, router_challenge
from flywheel.learning.lesson import Lesson
from flywheel.learning.ranking import FUSED
from flywheel.learning.trial import Trial
from flywheel.retrieval.features import FEATURES


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


def learners(lesson: Lesson) -> tuple[Learner, ...]:
    """Return all learners of a turn, the cheapest first; the cross-encoder's where one is switched on."""
    reading = cross_encoder.learner(lesson.core, lesson.champions.blend)
    own: tuple[Learner, ...] = (fusion, ranker, router_challenge.RouterLearner())
    return own if reading is None else (*own, reading)


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
