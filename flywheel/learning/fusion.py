"""Learn how much the meaning of a passage counts against its words: one number, `alpha`.

    fused = alpha · dense_norm + (1 - alpha) · bm25_norm

One parameter can be learned from 20 questions (Bruch, Gai and Ingber, 2022, "sample efficient").
Deterministic, so no random generator is asked for.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from flywheel.curation.dataset import Group
from flywheel.errors import ArtefactError
from flywheel.learning.lesson import Lesson, stored_trial
from flywheel.learning.ranking import Floats, Pipeline, Table
from flywheel.learning.trial import Trial
from flywheel.store.releases import identity

NAME = "fusion"
SLOT = "fusion"
QUESTIONS = 20
PULL = 5.0
"""Leaving the champion costs as much as `PULL` questions each losing (alpha - champion)² of nDCG: at 20 questions a
step of 0.3 must gain 0.022, at 500 questions 0.001."""
_COARSE = 0.05
_FINE = 0.01


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether there are questions enough to teach the weight, and say why not."""
    return lesson.enough(QUESTIONS, "the fusion weight")


def fit(lesson: Lesson) -> dict[str, object]:
    """Learn from the lesson's older questions."""
    return learned(lesson.parts.train, lesson.pipeline)


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Score both sides on the stored shortlists of the newer questions."""
    return stored_trial(NAME, lesson, replaced(artefact, lesson.pipeline))


def learned(train: Sequence[Group], champion: Pipeline) -> dict[str, object]:
    """Return the weight with the best nDCG@10 on the training questions, pulled a little towards the champion's."""
    table = Table.of(train)
    coarse = _best(np.arange(0.0, 1.0 + _COARSE / 2, _COARSE), table, champion.alpha)
    around = np.arange(coarse - _COARSE, coarse + _COARSE + _FINE / 2, _FINE)
    return {"alpha": _best(around[(around >= -1e-9) & (around <= 1 + 1e-9)], table, champion.alpha)}


def replaced(artefact: Mapping[str, object], champion: Pipeline) -> Pipeline:
    """Return the champion's pipeline with this weight.

    Raises:
        ArtefactError: the artefact holds no weight in [0, 1].
    """
    alpha = artefact.get("alpha")
    if not isinstance(alpha, float | int) or not 0 <= alpha <= 1:
        raise ArtefactError("a fusion artefact needs an alpha in [0, 1]")
    return Pipeline(float(alpha), champion.reranker)


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact."""
    return identity(SLOT, artefact)


def _best(alphas: Floats, table: Table, champion: float) -> float:
    worth = [_worth(float(alpha), table, champion) for alpha in alphas]
    best = float(alphas[int(np.argmax(worth))])
    return round(min(1.0, max(0.0, best)), 2)


def _worth(alpha: float, table: Table, champion: float) -> float:
    mean = float(table.ndcg(alpha).mean())
    return mean - PULL * (alpha - champion) ** 2 / len(table.ideal)
