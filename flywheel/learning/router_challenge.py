"""Train a challenger for the router from what people said, and run it against what serves on newer questions.

The metric is accuracy: whether the likeliest retriever is the one that people chose. Where no router serves, documents
stand for the champion's choice, because that is where most questions are answered. The challenger learns from people's
questions and, at a lower weight, from those made of the index, so that routes nobody has corrected yet are not
forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flywheel.curation.routes import RoutedQuestion
from flywheel.curation.split import Split, clusters_of
from flywheel.learning import router
from flywheel.learning.challenge import persons
from flywheel.learning.gate import Trial
from flywheel.learning.router import Example
from flywheel.learning.statistics import Floats
from flywheel.model import Retriever
from flywheel.ports import Encoder, Vectors
from flywheel.routing.model import OUT, RouteModel, unpacked

QUESTIONS = 30
METRIC = "accuracy"
MADE_WEIGHT = 0.3
"""How much a made question counts beside a person's."""


@dataclass(frozen=True, slots=True)
class RouterChallenge:
    """A trained challenger, and whether each side was right on each held-out question: 1 or 0."""

    id: str
    artefact: Mapping[str, object]
    fitted: Mapping[str, object]
    champion: Floats
    challenger: Floats
    seen: frozenset[str]


def enough(questions: int) -> tuple[bool, str]:
    """Tell whether this many questions can teach the router, and say why not."""
    return questions >= QUESTIONS, f"{questions} questions with a route from people; the router needs {QUESTIONS}"


def challenge(
    routed: Mapping[str, RoutedQuestion],
    parts: Split,
    made: Sequence[Example],
    encoder: Encoder,
    champion: RouteModel | None,
) -> RouterChallenge:
    """Train on the older questions and score both sides on the newer ones; `routed` is by question id."""
    own = [replace(one, weight=MADE_WEIGHT) for one in made]
    train = [routed[one.question_id] for one in parts.train]
    vectors = encoder.encode([one.group.text for one in train])
    clusters = clusters_of(parts.train, vectors)
    asked = [
        Example(one.group.text, one.label.value, f"asked {cluster}", one.weight)
        for one, cluster in zip(train, clusters, strict=True)
    ]
    known = np.vstack([vectors, encoder.encode([one.text for one in own])]) if own else vectors
    fitted = router.fit([*asked, *own], known, encoder.name)
    heldout = [routed[one.question_id] for one in parts.heldout]
    newer = encoder.encode([one.group.text for one in heldout])
    return RouterChallenge(
        id=router.export(fitted.artefact),
        artefact=fitted.artefact,
        fitted=fitted.evidence,
        champion=_right(champion, heldout, newer),
        challenger=_right(unpacked(fitted.artefact), heldout, newer),
        seen=frozenset(one.label for one in asked),
    )


def trial(made: RouterChallenge, routed: Mapping[str, RoutedQuestion], parts: Split) -> Trial:
    """Return a challenge as the gate wants it; *seen* are questions whose route people had named in training."""
    seen = [routed[one.question_id].label.value in made.seen for one in parts.heldout]
    return Trial(
        router.NAME, made.champion, made.challenger, persons(parts), np.array(seen, dtype=np.bool_), metric=METRIC
    )


def _right(model: RouteModel | None, heldout: Sequence[RoutedQuestion], vectors: Vectors) -> Floats:
    return np.array(
        [float(_chosen(model, vector, one) == one.label) for vector, one in zip(vectors, heldout, strict=True)]
    )


def _chosen(model: RouteModel | None, vector: Vectors, one: RoutedQuestion) -> str:
    if model is None:
        return Retriever.DOCUMENTS
    probabilities = model.judge(vector, one.group.text).probabilities
    return max((label for label in probabilities if label != OUT), key=lambda label: probabilities[label])
