"""What people wanted again and again, as arrays: the material of the memory and the adapter, and their trial.

A row is a question, a column a *target*: a passage that somebody wanted. A target *recurs* when more than one question
and more than one person wanted it; one person alone cannot make a passage be remembered.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flywheel.curation.dataset import Group
from flywheel.learning.lesson import Lesson, ranked_trial
from flywheel.learning.ranking import Pipeline, Scores, linear
from flywheel.learning.searching import MOST, searched
from flywheel.learning.trial import Trial
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.hybrid import LOG_ODDS

Floats = NDArray[np.float64]
RECURS = 2
"""Questions, and persons, that must want a passage before it is remembered."""
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """Questions and what was wanted, shape (n, targets) unless another is given.

    `vectors` (n, dimensions). `wanted` holds each target's share of a row's grades, adding up to 1, or all 0 where
    nothing among the targets was wanted. `base` is the order that serves without any memory, in units of the best fused
    score, 0 for a target that was not listed; `others` (n, widest) the same of the listed passages that are no targets,
    -inf beyond them; `best` (n,) is the base of the passage wanted most, where that is no target, and `column` (n,) the
    column of the one that is, else -1.
    """

    vectors: Floats
    wanted: Floats
    base: Floats
    others: Floats
    best: Floats
    column: NDArray[np.int64]

    def part(self, rows: NDArray[np.int64]) -> "Wishes":
        """Return some of the questions."""
        return Wishes(
            self.vectors[rows],
            self.wanted[rows],
            self.base[rows],
            self.others[rows],
            self.best[rows],
            self.column[rows],
        )


def recurring(groups: Sequence[Group]) -> tuple[str, ...]:
    """Return the ids of the passages that recur, sorted."""
    questions: dict[str, set[str]] = defaultdict(set)
    persons: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for passage_id in group.wanted:
            questions[passage_id].add(group.question_id)
            persons[passage_id].add(group.person)
    return tuple(sorted(one for one, asked in questions.items() if min(len(asked), len(persons[one])) >= RECURS))


def wishes(groups: Sequence[Group], vectors: NDArray[np.float32], targets: Sequence[str], pipeline: Pipeline) -> Wishes:
    """Return the arrays of some questions; `vectors` has one unit vector per question."""
    columns = {one: place for place, one in enumerate(targets)}
    shape = (len(groups), len(targets))
    widest = max((len(one.candidates) for one in groups), default=0)
    made = Wishes(
        np.asarray(vectors, dtype=np.float64),
        np.zeros(shape),
        np.zeros(shape),
        np.full((len(groups), widest), -np.inf),
        np.zeros(len(groups)),
        np.full(len(groups), -1, dtype=np.int64),
    )
    for row, group in enumerate(groups):
        _listed(made, row, group, columns, pipeline)
        _wanted(made, row, group, columns)
    return made


def settled(options: Sequence[float], gains: Floats, questions: int) -> float:
    """Return the mean of a setting's options, each weighed by exp(questions * (its gain - the best gain)).

    With few questions it lies between the options, with many at the best. Picking the best of few would let a handful
    of questions, or the one person who asked them, flip a setting from one end to the other.
    """
    weights = np.exp(questions * (gains - gains.max()))
    return round(float(weights @ np.array(options) / weights.sum()), _DIGITS)


def retried(learner: str, lesson: Lesson, challenger: Champions) -> Trial:
    """Search again for the newest held-out questions, as what serves was judged and as a challenger would."""
    parts = replace(lesson.parts, heldout=lesson.parts.heldout[-MOST:])
    newest = replace(lesson, parts=parts)
    return ranked_trial(learner, newest, _standing(newest), searched(lesson.core, challenger, parts.heldout))


def _standing(lesson: Lesson) -> Scores:
    """Return what serves scores on the held-out questions, searched once in a turn."""
    asked = tuple(one.question_id for one in lesson.parts.heldout)
    if asked not in lesson.searches:
        lesson.searches[asked] = searched(lesson.core, lesson.champions.judged, lesson.parts.heldout)
    return lesson.searches[asked]


def _listed(made: Wishes, row: int, group: Group, columns: Mapping[str, int], pipeline: Pipeline) -> None:
    scores = linear(pipeline, group) / (LOG_ODDS if pipeline.reranker else 1.0)
    best = max(group.wanted, key=lambda one: (group.wanted[one], one), default="")
    for place, (one, score) in enumerate(zip(group.candidates, scores, strict=True)):
        column = columns.get(one.passage_id)
        if column is None:
            made.others[row, place] = score
            made.best[row] = score if one.passage_id == best else made.best[row]
        else:
            made.base[row, column] = score


def _wanted(made: Wishes, row: int, group: Group, columns: Mapping[str, int]) -> None:
    best = max(group.wanted, key=lambda one: (group.wanted[one], one), default="")
    made.column[row] = columns.get(best, -1)
    for one, grade in group.wanted.items():
        if one in columns:
            made.wanted[row, columns[one]] = grade
    total = made.wanted[row].sum()
    made.wanted[row] /= total if total > 0 else 1.0
