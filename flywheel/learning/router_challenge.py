"""Train a challenger for the router from what people said, and run it against what serves on newer questions.

The router has questions of its own, those whose route people named, and so a split of its own. The metric is accuracy:
whether the likeliest retriever is the one that people chose. Where no router serves, documents stand for the champion's
choice, because that is where most questions are answered. The challenger learns from people's questions and, at a lower
weight, from those made of the index, so that routes nobody has corrected yet are not forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import numpy as np

from flywheel.curation.routes import RoutedQuestion
from flywheel.curation.split import Split, clusters_of, split
from flywheel.learning import first_router, route_policy, router
from flywheel.learning.lesson import Lesson
from flywheel.learning.router import Example, Fitted
from flywheel.learning.statistics import Floats
from flywheel.learning.trial import Trial, persons
from flywheel.model import Retriever
from flywheel.ports import Encoder, Vectors
from flywheel.routing import champion
from flywheel.routing.model import OUT, RouteModel, unpacked

NAME = SLOT = router.NAME
QUESTIONS = 30
METRIC = "accuracy"
MADE_WEIGHT = 0.3
"""How much a made question counts beside a person's."""


class RouterLearner:
    """The router's learner for one turn: it keeps its split, and what training told."""

    NAME = NAME
    SLOT = SLOT

    def __init__(self) -> None:
        """Know nothing yet."""
        self._parts: Split | None = None
        self._told: Mapping[str, object] = {}

    def enough(self, lesson: Lesson) -> tuple[bool, str]:
        """Tell whether people said enough about routes, and say why not; nothing where they said nothing."""
        said = lesson.routes
        if not said.labels:
            return False, ""
        count = len(said.questions)
        if count < QUESTIONS:
            return False, f"{count} questions with a route from people; the router needs {QUESTIONS}"
        if len({one.label for one in said.questions}) < 2:
            return False, "people named one route only, so there is nothing to tell apart"
        return True, ""

    def fit(self, lesson: Lesson) -> dict[str, object]:
        """Learn from the older questions whose route people named, and from questions made of the index."""
        parts, routed = self.parts(lesson), _by_question(lesson)
        train = [routed[one.question_id] for one in parts.train]
        fitted = learned(train, first_router.from_index(lesson.core), lesson.core.encoder)
        self._told = fitted.evidence
        return dict(fitted.artefact)

    def evaluate(self, artefact: Mapping[str, object], lesson: Lesson) -> Trial:
        """Tell for each newer question whether either side is right."""
        parts, routed, encoder = self.parts(lesson), _by_question(lesson), lesson.core.encoder
        heldout = [routed[one.question_id] for one in parts.heldout]
        newer = encoder.encode([one.group.text for one in heldout])
        serving, _ = champion.read(lesson.core.database, encoder.name)
        known = {routed[one.question_id].label for one in parts.train}
        return Trial(
            NAME,
            right(serving, heldout, newer),
            right(unpacked(artefact), heldout, newer),
            persons(parts.heldout),
            np.array([one.label in known for one in heldout], dtype=np.bool_),
            metric=METRIC,
            question_ids=tuple(one.question_id for one in parts.heldout),
            segments={"route": tuple(one.label.value for one in heldout)},
            facts=self._facts(lesson, parts) | _estimated(artefact, lesson),
        )

    def export(self, artefact: Mapping[str, object]) -> str:
        """Return the content hash that names this artefact."""
        return router.export(artefact)

    def without(self, lesson: Lesson, person: str) -> Trial:
        """Return the trial of a router that learned nothing of what one person said."""
        parts, routed = self.parts(lesson), _by_question(lesson)
        train = [routed[one.question_id] for one in parts.train if one.person != person]
        fitted = learned(train, first_router.from_index(lesson.core), lesson.core.encoder)
        return self.evaluate(fitted.artefact, lesson)

    def parts(self, lesson: Lesson) -> Split:
        """Return the split of the questions whose route people named."""
        if self._parts is None:
            groups = [one.group for one in lesson.routes.questions]
            vectors = lesson.core.encoder.encode([one.text for one in groups])
            self._parts = split(groups, vectors, lesson.reserved)
        return self._parts

    def _facts(self, lesson: Lesson, parts: Split) -> dict[str, object]:
        return {
            "labels": len(lesson.routes.labels),
            "left_out": dict(lesson.routes.left_out),
            "n_train": len(parts.train),
            "n_heldout": len(parts.heldout),
            "training": dict(self._told),
        }


def learned(train: Sequence[RoutedQuestion], made: Sequence[Example], encoder: Encoder) -> Fitted:
    """Return the router that people's questions and, at a lower weight, made ones teach."""
    own = [replace(one, weight=MADE_WEIGHT) for one in made]
    vectors = encoder.encode([one.group.text for one in train])
    clusters = clusters_of([one.group for one in train], vectors)
    asked = [
        Example(one.group.text, one.label.value, f"asked {cluster}", one.weight)
        for one, cluster in zip(train, clusters, strict=True)
    ]
    known = np.vstack([vectors, encoder.encode([one.text for one in own])]) if own else vectors
    return router.fit([*asked, *own], known, encoder.name)


def right(model: RouteModel | None, heldout: Sequence[RoutedQuestion], vectors: Vectors) -> Floats:
    """Return 1 for each question whose likeliest retriever is the one that people chose, else 0; shape (n,)."""
    return np.array(
        [float(_chosen(model, vector, one) == one.label) for vector, one in zip(vectors, heldout, strict=True)]
    )


def _estimated(artefact: Mapping[str, object], lesson: Lesson) -> dict[str, object]:
    """Return what the challenger would have earned in people's satisfaction, as far as chance has tried its routes."""
    policy = route_policy.of_model(unpacked(artefact), lesson.core.encoder, lesson.ledger)
    found = route_policy.of_routes(lesson.ledger, policy, lesson.seed)
    return {"off_policy": [asdict(one) for one in found]} if found else {}


def _by_question(lesson: Lesson) -> dict[str, RoutedQuestion]:
    return {one.group.question_id: one for one in lesson.routes.questions}


def _chosen(model: RouteModel | None, vector: Vectors, one: RoutedQuestion) -> str:
    if model is None:
        return Retriever.DOCUMENTS
    probabilities = model.judge(vector, one.group.text).probabilities
    return max((label for label in probabilities if label != OUT), key=lambda label: probabilities[label])
